/** What a diagnostic of the catalogue is made of, and the parts that sentences share. */
type Text<P> = (p: P) => string;
export interface Message<P> {
  readonly severity: 'error' | 'warning';
  readonly text: Text<P>;
  readonly help?: (p: P) => string | undefined;
}

export const error = <P>(text: Text<P>, help?: (p: P) => string | undefined): Message<P> => ({
  severity: 'error',
  text,
  ...(help ? { help } : {}),
});
export const warning = <P>(text: Text<P>, help?: (p: P) => string | undefined): Message<P> => ({
  severity: 'warning',
  text,
  ...(help ? { help } : {}),
});

/** ", did you mean …?" after an unknown name. */
export const didYouMean = (suggestion: string | undefined): string => (suggestion === undefined ? '' : `; did you mean "${suggestion}"?`);

export const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a');

export interface Misfit {
  readonly value: string;
  readonly type: string;
  readonly range: string;
}
export const misfit = (p: Misfit): string => `${p.value} does not fit ${p.type}, which holds ${p.range}`;

/** Names of all that there are; of many, the first. */
export const listed = (names: readonly string[]): string => names.slice(0, maxListed).join(', ') + (names.length > maxListed ? ', …' : '');
const maxListed = 12;
