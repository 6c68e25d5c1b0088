/** Tables (P4-16 §14.2). */
import { describe } from 'vitest';
import { accepts, inControl, reports } from './check.js';

const table = (rest: string, before = ''): string =>
  inControl(`table t { key = { x: exact; y: ternary; } actions = { none; set; both(x); } ${rest} }`, before);

describe('properties', () => {
  accepts('of all kinds', [
    table('default_action = set(3); size = 16; const entries = { (1, 2 &&& 3): none(); (2, _): both(x, 4); (3, 4): both(4); }'),
    table('entries = { priority = 3: (1, 2): none; } largest_priority_wins = false; priority_delta = 2;'),
    inControl('table t { key = { y: lpm; } actions = { none; } entries = { 0x100 &&& 0xFF00: none; 3: none; _: none; } }'),
    inControl('table t { key = {} actions = { none; } const entries = {} }'),
    inControl(
      'table t { key = { x & 3: exact; x[3:0]: exact; x + 1: exact @name("sum"); } actions = { @defaultonly none; @tableonly set; } }',
    ),
  ]);
  accepts('that look like those of another architecture', [
    table('psa_implementations = x;'),
    table('pna_direct_counter = x; counter = x;'),
  ]);
  reports('that are wrong', [
    [inControl('table »t { key = { x: exact; } }'), 'The table t has no list of actions.'],
    [
      table('»size = 4;').replace('»size = 4;', 'size = 4; »size = 8;'),
      'The name "size" is taken: a property of the table of that name is declared already.',
    ],
    [table('»siz = 4;'), 'There is no table property "siz"; did you mean "size"?'],
    [table('size = »y;'), 'The property size must be known when the program is compiled.'],
    [table('size = »-1;'), 'The property size cannot be -1: it is from 0 to 2147483647.'],
    [table('mine = »{#};'), 'The property mine cannot be {#}.'],
    [table('mine = »...;'), 'The property mine cannot be ....'],
    [table('mine = »{ 1, {#} };'), 'The property mine cannot be a list { int, {#} }.'],
    [table('priority_delta = »0;'), 'The property priority_delta cannot be 0: it is from 1 to 2147483647.'],
    [inControl('table t { key = { x: »exakt; } actions = { none; } }'), 'There is no match kind "exakt"; did you mean "exact"?'],
    [inControl('table t { key = { »x + 1: exact; } actions = { none; } }'), 'The control plane needs a name for this key.'],
    [
      inControl('table t { key = { »b: lpm; } actions = { none; } }', '').replace('in bit<16> y', 'in bit<16> y, in bool b'),
      'This key is bool, which cannot be matched as lpm.',
    ],
    [inControl('table t { actions = { none; »y; } }'), 'y is not an action.'],
    [
      inControl('table t { actions = { none; »none; } }'),
      'The name "none" is taken: an action of the table of that name is declared already.',
    ],
    [inControl('table t { actions = { »both; } }'), 'The action both in a table needs a value for "a".'],
    [inControl('table t { actions = { »set(1); } }'), 'The action set in a table takes 0 arguments, not 1.'],
  ]);
});

describe('what comes first', () => {
  reports('keys and actions', [
    [
      inControl('table t { actions = { none; } default_action = none; »const entries = { 1: none; } key = { x: exact; } }'),
      'The table property key must be written before entries.',
    ],
    [
      inControl('table t { key = { x: exact; } »default_action = none; actions = { none; } }'),
      'The table property actions must be written before default_action.',
    ],
  ]);
  reports('NoAction', [
    [
      'action none() {} control c() { table »t { actions = { none; } } apply {} }',
      'The table t, which has no default action, needs the action NoAction, without parameters.',
    ],
    [
      'action »NoAction(bit<8> a) {} action none() {} control c() { table t { actions = { none; } } apply {} }',
      'The table t, which has no default action, needs the action NoAction, without parameters.',
    ],
  ]);
});

describe('default actions', () => {
  reports('that are wrong', [
    [inControl('table t { actions = { none; } default_action = »set(1); }'), 'set is not an action of the table t.'],
    [table('default_action = »set();'), 'set needs a value for "v".'],
    [table('default_action = set(»y[7:0]);'), 'The argument for v of set must be known when the program is compiled.'],
    [
      inControl('table t { actions = { @tableonly none; } default_action = »none; }'),
      'The action none is tableonly: it cannot be the default action.',
    ],
    [
      table('default_action = both(»w, 1);').replace('action none() {}', 'bit<8> w; action none() {}'),
      "The parameter a of both must have the same value as in the table's list of actions.",
    ],
  ]);
});

describe('entries', () => {
  reports('that are wrong', [
    [inControl('table t { actions = { none; } »const entries = { _: none; } }'), 'The table t has no keys, so it cannot have entries.'],
    [table('const entries = { »1: none; }'), 'The entry has 1 keys, but 2 are expected.'],
    [table('const entries = { (1, »y): none; }'), 'A key of an entry must be known when the program is compiled.'],
    [table('const entries = { (»true, 1): none; }'), 'This is bool, but bit<8> is expected.'],
    [
      table('const entries = { »priority = 1: (1, 1): none; }'),
      'A constant entry cannot have a priority: the first entry that matches wins.',
    ],
    [table('const entries = { (1, 2): »unknown; }'), 'There is no action "unknown".'],
    [
      '#include <core.p4>\ncontrol c(in bit<8> x) { table t { key = { x: exact; } actions = { NoAction; } const entries = { »1 &&& 1: NoAction; } } apply {} }',
      'A key matched as exact cannot be a value with a mask (&&&).',
    ],
    [
      inControl('table t { key = { x: exact; } actions = { none; } const entries = { 1: none; 2: none; »0x1: none; } }'),
      'The table t has another entry with the same match.',
    ],
    [
      inControl('table t { key = { y: lpm; } actions = { none; } const entries = { »1 &&& 0xF0F0: none; } }'),
      'This cannot match a key of kind lpm: its mask must be a prefix, ones and then zeros.',
    ],
    [
      table('entries = { »(1, 2): none; priority = 3: (2, 3): none; }'),
      'The first entry of a table must have a priority if a later entry has one.',
    ],
    [
      table('priority_delta = 10; entries = { priority = 12: (1, 2): none; (2, 3): none; »(3, 4): none; }'),
      'The priority of this entry is -8; it must be from 0 to 2147483647.',
    ],
    [
      inControl('table t { key = { y: lpm; } actions = { none; } entries = { »priority = 1: 1: none; } }'),
      'An entry cannot have a priority if all keys are exact or lpm.',
    ],
  ]);
  accepts('with priorities', [
    table('priority_delta = 10; largest_priority_wins = false; entries = { priority = 12: (1, 2): none; (2, 3): none; (3, 4): none; }'),
    table('entries = { (1, 2): none; (2, 3): none; }'),
  ]);
});

describe('tables within tables', () => {
  const inner = 'table u { key = { x: exact; } actions = { none; } }';
  accepts('in keys', [inControl(`${inner} table t { key = { u.apply().hit: exact @name("hit"); } actions = { none; } }`)]);
  reports('in arguments of actions', [
    [
      inControl(`${inner} action take(in bool b) {} table t { actions = { take(»u.apply().hit); none; } default_action = none; }`),
      'The table u cannot be used in an action.',
    ],
  ]);
  reports('in their own keys', [
    [
      inControl('table t { key = { »t.apply().hit: exact @name("hit"); } actions = { none; } }'),
      'The table "t" is used in its own declaration.',
    ],
  ]);
});
