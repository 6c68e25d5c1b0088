/** The words of a preprocessed text, for comparing two: without comments, lines of directives and space outside strings. */
const piece = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|(?<=^|\n)[ \t]*#[^\n]*|"(?:[^"\\]|\\[\s\S])*"?|[A-Za-z_]\w*|\d\w*|[^\S\n]+|[\s\S]/g;

export const wordsOf = (text: string): string[] =>
  (text.match(piece) ?? []).filter((word) => !/^\s*$|^\/[/*]|^[ \t]*#./.test(word) && word.trim() !== '#');
