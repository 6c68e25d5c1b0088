/**
 * Every diagnostic of p4ts: its code, its severity, its sentence, and what to write instead.
 * A code names the mistake, not the place in the compiler that found it.
 */
type Text<P> = (p: P) => string;
interface Message<P> {
  readonly severity: 'error' | 'warning';
  readonly text: Text<P>;
  readonly help?: (p: P) => string | undefined;
}

const error = <P>(text: Text<P>, help?: (p: P) => string | undefined): Message<P> => ({
  severity: 'error',
  text,
  ...(help ? { help } : {}),
});
const warning = <P>(text: Text<P>, help?: (p: P) => string | undefined): Message<P> => ({
  severity: 'warning',
  text,
  ...(help ? { help } : {}),
});

/** ", did you mean …?" after an unknown name. */
export const didYouMean = (suggestion: string | undefined): string => (suggestion === undefined ? '' : `; did you mean "${suggestion}"?`);

export const messages = {
  // ── values ──
  'literal-out-of-range': error(
    (p: { value: string; type: string; range: string }) => `${p.value} does not fit ${p.type}, which holds ${p.range}.`,
  ),
  'not-yet': error(
    (p: { feature: string }) => `${p.feature} is not supported yet.`,
    (p: { feature: string; instead?: string }) => p.instead,
  ),
} as const;

export type Code = keyof typeof messages;
export type Params<C extends Code> = (typeof messages)[C] extends Message<infer P> ? P : never;

// Used by the table as it grows.
void warning;
