/** What a user's file holds, by its name. */

/** Whether it is a module of TypeScript or JavaScript. Any other file is a program in P4, which may have any name. */
export const isModuleFile = (file: string): boolean => /\.[cm]?[jt]sx?$/.test(file);
