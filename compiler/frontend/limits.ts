/** What bounds the time and memory that a text can take, far above what people write. */

/** Bytes of one file. */
export const maxFileSize = 16 * 1024 * 1024;
/** Characters of a program with all that it includes. */
export const maxProgramSize = 64 * 1024 * 1024;
/** The number of inclusions in one program; a file that is included twice counts twice. */
export const maxIncludes = 10_000;
export const maxIncludeDepth = 100;
/** Words that macros of one program put into it, the intermediate ones counted. */
export const maxExpansion = 500_000;
/** Calls of macros in the arguments of macros. */
export const maxMacroDepth = 100;
/** Characters of a number. */
export const maxNumberLength = 4096;
/** Expressions, statements and types within each other. */
export const maxNesting = 250;
/** Words that are looked ahead to tell types from values. */
export const maxLookahead = 1000;
/** Conditions of the preprocessor within each other. */
export const maxConditions = 256;
/** Operators of one expression without parentheses, members and indices one after another, branches of one `else if`. */
export const maxChain = 500;
/** Syntax errors after which the rest of a program is not read. */
export const maxSyntaxErrors = 100;
