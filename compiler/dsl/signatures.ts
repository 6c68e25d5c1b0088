/** What the methods of `ctl`, `c`, `p`, `d` and of expressions take; values of the pipeline are looked at where they are used. */
import { checkArguments } from './arguments.js';
import { BodyNode } from './body.js';
import { ControlNode } from './control.js';
import { DeparserNode } from './deparser.js';
import { ExprNode } from './expr.js';
import { SelectNode, StateNode } from './parser.js';
import { ServicesNode } from './services.js';

const counted = ['packets', 'bytes', 'both'] as const;
const metered = ['packets', 'bytes'] as const;
const keep = { kind: 'object?', parts: { keep: 'list?' } } as const;

checkArguments(ControlNode, 'ctl', {
  scope: { instance: 'text' },
  action: { name: 'text', params: 'parameters', body: 'function', options: 'object?' },
  table: {
    name: 'text',
    options: {
      kind: 'object',
      parts: {
        key: 'object',
        actions: 'list',
        entries: { kind: 'list?', each: { match: 'object', action: 'anything', priority: 'number?' } },
      },
    },
  },
  counter: { name: 'text', options: { kind: 'object', parts: { size: 'number', unit: counted } } },
  meter: { name: 'text', options: { kind: 'object', parts: { size: 'number', unit: metered } } },
  directMeter: { name: 'text', options: { kind: 'object', parts: { unit: metered } } },
  register: { name: 'text' },
  digest: { name: 'text', fields: 'fields' },
  profile: { name: 'text', options: { kind: 'object', parts: { size: 'number' } } },
  selector: {
    name: 'text',
    options: { kind: 'object', parts: { size: 'number', maxGroup: 'number', hash: ['crc16', 'crc32'], over: 'list' } },
  },
  apply: { body: 'function' },
  control: { name: 'text', declare: 'function' },
  function: { name: 'text', params: 'fields', returns: 'type', body: 'function' },
});
checkArguments(BodyNode, 'c', {
  let: { name: 'text', value: 'anything' },
  if: { cond: 'anything', then: 'function' },
  call: { action: 'anything', args: 'object?' },
});
checkArguments(ServicesNode, 'c', {
  toController: { metadata: 'object?' },
  packetIn: { metadata: 'object?' },
  recirculate: { options: keep },
  resubmit: { options: keep },
  mirror: { session: 'anything', options: keep },
  digest: { digest: 'anything', values: 'object' },
  update: { register: 'anything', index: 'anything', f: 'function' },
  hash: { algorithm: 'text', type: 'bits', over: 'list', range: 'object?' },
  random: { type: 'bits' },
  updateChecksumBy: { field: 'anything', changes: 'pairs' },
  invoke: { f: 'anything', args: 'object?' },
  log: { text: 'text' },
  on: { tag: 'object', f: 'function' },
});
checkArguments(StateNode, 'p', {
  let: { name: 'text', value: 'anything' },
  if: { cond: 'anything', then: 'function' },
  lookahead: { type: 'ahead' },
  call: { subparser: 'text' },
  verifyChecksum: { field: 'anything', over: 'list' },
  goto: { state: 'text' },
});
checkArguments(SelectNode, 'select', { when: { value: 'anything', state: 'text' }, otherwise: { state: 'text' } });
checkArguments(DeparserNode, 'd', { updateChecksum: { field: 'anything', over: 'list' } });
checkArguments(ExprNode, '', { as: { type: 'castable' } });
