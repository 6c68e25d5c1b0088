/** What an entry of a table with an action profile or selector names instead of an action. */
import type { Group, Member, OneShot, OneShotAction, OneShotOptions } from './surface.js';

/** The member of an action profile or selector that has this id, as the action of an entry. */
export function member(id: number): Member {
  return Object.freeze({ member: id });
}
/** The group of an action selector that has this id, as the action of an entry. */
export function group(id: number): Group {
  return Object.freeze({ group: id });
}
/** Actions with weights, given with the entry itself. */
export function oneShot<A extends string>(set: readonly OneShotAction<A>[], options: OneShotOptions = {}): OneShot<A> {
  return Object.freeze({ set, ...options });
}
