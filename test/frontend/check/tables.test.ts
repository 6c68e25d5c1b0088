/** Tables (P4-16 §14.2). */
import { describe } from 'vitest';
import { accepts, inControl, reports } from './check.js';

const table = (rest: string, before = ''): string =>
  inControl(`table t { key = { x: exact; y: ternary; } actions = { none; set; both(x); } ${rest} }`, before);

describe('properties', () => {
  accepts('of all kinds', [
    table('default_action = set(3); size = 16; const entries = { (1, 2 &&& 3): none(); (2, _): both(x, 4); (3, 4): both(4); }'),
    table('entries = { priority = 3: (1, 2): none; } largest_priority_wins = false; priority_delta = 2;'),
    inControl('table t { key = { y: lpm; } actions = { none; } entries = { 1 &&& 1: none; _: none; } }'),
    inControl('table t { key = {} actions = { none; } const entries = {} }'),
    inControl(
      'table t { key = { x & 3: exact; x[3:0]: exact; x + 1: exact @name("sum"); } actions = { @defaultonly none; @tableonly set; } }',
    ),
  ]);
  reports('that are wrong', [
    [inControl('table »t { key = { x: exact; } }'), 'The table t has no list of actions.'],
    [
      table('»size = 4;').replace('»size = 4;', 'size = 4; »size = 8;'),
      'The name "size" is taken: a property of the table of that name is declared already.',
    ],
    [table('size = »y;'), 'The property size has to be known when the program is compiled.'],
    [table('priority_delta = »0;'), 'The property priority_delta cannot be 0: it is from 1 to 2147483648.'],
    [inControl('table t { key = { x: »exakt; } actions = { none; } }'), 'There is no match kind "exakt" here; did you mean "exact"?'],
    [inControl('table t { key = { »x + 1: exact; } actions = { none; } }'), 'The control plane needs a name for this key.'],
    [
      inControl('table t { key = { »b: lpm; } actions = { none; } }', '').replace('in bit<16> y', 'in bit<16> y, in bool b'),
      'the match kind lpm does not take bool.',
    ],
    [inControl('table t { actions = { none; »y; } }'), 'y is not an action.'],
    [
      inControl('table t { actions = { none; »none; } }'),
      'The name "none" is taken: a action of the table of that name is declared already.',
    ],
    [inControl('table t { actions = { »both; } }'), 'These arguments do not fit both: the table has to bind its parameter a.'],
    [
      inControl('table t { actions = { »set(1); } }'),
      'These arguments do not fit set: a table binds its parameters with a direction, of which there are 0, and 1 arguments are given.',
    ],
  ]);
});

describe('default actions', () => {
  reports('that are wrong', [
    [inControl('table t { actions = { none; } default_action = »set(1); }'), 'The action set is not one of the table t.'],
    [table('default_action = »set();'), 'These arguments do not fit set: nothing is given for v.'],
    [table('default_action = set(»y[7:0]);'), 'The argument for v of set has to be known when the program is compiled.'],
    [
      inControl('table t { actions = { @tableonly none; } default_action = »none; }'),
      'The action none is @tableonly: it cannot be the default.',
    ],
    [
      table('default_action = both(»w, 1);').replace('action none() {}', 'bit<8> w; action none() {}'),
      "The table's list of actions gives something else for a of both.",
    ],
  ]);
});

describe('entries', () => {
  reports('that are wrong', [
    [inControl('table t { actions = { none; } »const entries = { _: none; } }'), 'The table t has no keys, so that it has no entries.'],
    [table('const entries = { »1: none; }'), 'The entry has 1 keys, but there are 2 to match.'],
    [table('const entries = { (1, »y): none; }'), 'A key of an entry has to be known when the program is compiled.'],
    [table('const entries = { (»true, 1): none; }'), 'This is bool, but bit<8> is expected.'],
    [
      table('const entries = { »priority = 1: (1, 1): none; }'),
      'This entry is wrong: entries that are const have no priorities: the first one that matches wins.',
    ],
  ]);
});
