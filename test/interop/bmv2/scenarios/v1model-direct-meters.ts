/** A program written for v1model itself, where an entry's meter is read in one action and not in the other (point 36). */
import { bitType, member, name } from '../../../../compiler/ir/build.js';
import {
  a,
  byte,
  cast,
  extractK,
  instance,
  labHeaders,
  labTypes,
  metaField,
  method,
  property,
  set,
  show,
} from '../../../support/v1model-lab.js';
import { action, apply, entry, key, program, setPort, table } from '../../../support/v1model-program.js';
import { packet, scenario } from '../scenario.js';

const meter = instance('direct_meter', 'rate', [member('MeterType', 'packets')], [bitType(8)]);
const color = metaField('color', 8);
const value = (n: number) => ({ kind: 'value', value: byte(n) }) as const;

const meters = program({
  types: labTypes,
  headers: labHeaders,
  metadata: { color: 8 },
  states: [extractK],
  ingressLocals: [
    meter,
    action('read', {}, [method(meter, 'read', color)]),
    action('ignore', {}, []),
    table('t', [key(a, 'exact')], ['read', 'ignore'], {
      ...property('meters', meter),
      entries: [entry([value(1)], 'read'), entry([value(2)], 'ignore')],
      constEntries: true,
      defaultAction: { action: 'ignore', args: [], const: false, loc: name('t', bitType(1)).loc },
    }),
  ],
  ingress: [setPort(2), set(color, cast(byte(9), bitType(8))), apply('t'), ...show(color)],
});

const of = (first: number) => packet(1, Uint8Array.of(first, 0));

export const v1modelDirectMeters = scenario({
  name: 'v1model-direct-meters',
  pipeline: meters,
  steps: [of(1), { ...of(2), differs: 'the colour is written on every hit, whatever the action does' }, of(3)],
});
