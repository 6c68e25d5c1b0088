/** Ties a class to the part of the surface that it makes. */

/**
 * The methods that an interface of the surface shows, by name alone: the interface types them for people, and the class
 * takes what people give. A class that `implements` this fails tsc when the surface has a method that it lacks.
 */
export type Methods<Surface> = { readonly [K in MethodNames<Surface>]: (...args: never[]) => unknown };

/** `then` of a condition exists for tsc only. */
export type MethodNames<Of> = {
  [K in keyof Of]-?: K extends string ? (Of[K] extends (...args: never[]) => unknown ? Exclude<K, 'then'> : never) : never;
}[keyof Of];
