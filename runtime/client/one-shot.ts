/** The options of a one-shot set (P4Runtime §9.2.3), to and from its message. */
import { type Place, unknown } from '../../compiler/control/names.js';
import type { OneShotOptions } from '../../compiler/dsl/surface.js';
import type { ActionProfileActionSet } from '../p4runtime/messages.js';

const modes = { hash: 'HASH', random: 'RANDOM' } as const;
const semantics = { 'sum-of-weights': 'SUM_OF_WEIGHTS', 'sum-of-members': 'SUM_OF_MEMBERS' } as const;

type SetOptions = Pick<ActionProfileActionSet, 'action_selection_mode' | 'size_semantics'>;

/** @throws DiagnosticError entry-unknown */
export function encodeSetOptions({ actionSelectionMode, sizeSemantics }: OneShotOptions, place: Place): SetOptions {
  return {
    ...(actionSelectionMode === undefined
      ? {}
      : { action_selection_mode: encode('actionSelectionMode', actionSelectionMode, modes, place) }),
    ...(sizeSemantics === undefined ? {} : { size_semantics: encode('sizeSemantics', sizeSemantics, semantics, place) }),
  };
}

/** What is left to the selector is absent. */
export function decodeSetOptions({ action_selection_mode, size_semantics }: ActionProfileActionSet): OneShotOptions {
  const actionSelectionMode = decode(action_selection_mode, modes);
  const sizeSemantics = decode(size_semantics, semantics);
  return { ...(actionSelectionMode ? { actionSelectionMode } : {}), ...(sizeSemantics ? { sizeSemantics } : {}) };
}

function encode<T extends string>(what: string, name: unknown, among: Readonly<Record<string, T>>, place: Place): T {
  const text = String(name);
  const found = Object.hasOwn(among, text) ? among[text] : undefined;
  return found ?? unknown(what, text, Object.keys(among), place);
}

function decode<N extends string>(message: string | undefined, among: Readonly<Record<N, string>>): N | undefined {
  return (Object.keys(among) as N[]).find((name) => among[name] === message);
}
