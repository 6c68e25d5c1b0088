/** The choices of a tree, in words. */
import type { ChoiceEvent } from './trace.js';

/** What is chosen from. */
export function choiceText(choice: ChoiceEvent): string {
  switch (choice.by) {
    case 'group':
      return `one of ${choice.alternatives.length} actions of group ${choice.group} of ${choice.profile}`;
    case 'random': {
      const total = BigInt(choice.high) - BigInt(choice.low) + 1n;
      const tried = BigInt(choice.tried) < total ? `, of which ${choice.tried} were tried` : '';
      return `one of the random numbers ${choice.low}..${choice.high}${tried}`;
    }
    case 'open-table':
      return `${choice.table}: open, ${choice.alternatives.length === 1 ? 'with one result' : `one of ${choice.alternatives.length} results`}`;
  }
}

/** What is chosen, and how probable that is; `index` is the place of the alternative. */
export function alternativeText(choice: ChoiceEvent, index: number): string {
  const probability = choice.alternatives[index]?.probability;
  return `${probability === undefined ? '' : `${percentText(probability)}  `}${chosenText(choice, index)}`;
}

function chosenText(choice: ChoiceEvent, index: number): string {
  switch (choice.by) {
    case 'group': {
      const { members, weight, byHash } = choice.alternatives[index]!;
      const share = weight === 1 ? '' : `, weight ${weight} of ${choice.size}`;
      return `member${members.length === 1 ? '' : 's'} ${members.join(', ')}${share}${byHash ? ' (by the hash of this packet)' : ''}`;
    }
    case 'random': {
      const { values } = choice.alternatives[index]!;
      const shown = values.slice(0, maxRanges).map(({ low, high }) => (low === high ? low : `${low}..${high}`));
      const more = values.length > maxRanges ? `, and ${values.length - maxRanges} more ranges` : '';
      const [first] = values;
      const example = values.length > 1 || first?.low !== first?.high ? ` (shown: ${first?.low})` : '';
      return `${shown.join(', ')}${more}${example}`;
    }
    case 'open-table':
      return choice.alternatives[index]?.hit ? 'hit' : 'miss';
  }
}

const maxRanges = 4;

/** What is in no alternative, if there is such. */
export function notTriedText(choice: ChoiceEvent): readonly string[] {
  if (choice.by === 'random' && choice.untried !== undefined) return [`not tried: ${choice.untried} numbers`];
  if (choice.by === 'open-table' && choice.unknown.length > 0)
    return [`not tried: ${choice.unknown.join(', ')}, whose arguments no entry gives`];
  return [];
}

const percentText = (probability: number): string => {
  const percent = probability * 100;
  if (percent > 0 && percent < 0.001) return '<0.001%';
  return `${Number(percent.toPrecision(3))}%`;
};
