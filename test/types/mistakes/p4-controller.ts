/** What people write wrong in controllers of programs in P4, with the types that `p4ts types` writes. */
import { simulate } from 'p4ts/runtime';
import { gateway } from '../../imported-p4/gateway.p4.js';

const { tables, actions } = gateway;
const sw = await simulate(gateway);

// mistake: a table that the program does not have
sw.table(tables['Gate.route']);
// mistake: a table without the name of its control
sw.table(tables.routes);
// mistake: an action that the program does not have
actions['Gate.forwrd'];
// mistake: a key by the name that the program has, where @name gives it another
await sw.table(tables['Gate.routes']).insert({ match: { 'hdr.ipv4.dst': '10.0.0.0/8' }, action: actions['Gate.drop']() });
// mistake: an entry for the actions of a profile
await sw.table(tables['Gate.neighbours']).insert({ match: { 'hdr.ethernet.src': 1n }, action: actions['Gate.drop']() });
// mistake: a number where P4Runtime has text
actions['Gate.forward']({ dst: '02:00:00:00:00:01', out_port: 1 });
// mistake: a member that the enum does not have
await sw.table(tables['Gate.filter']).insert({
  match: { 'hdr.ethernet.ether_type': 'ipv6', 'hdr.ipv4.$valid$': true },
  priority: 1,
  action: actions['Gate.drop'](),
});
// mistake: a register as a counter
sw.counter(gateway.registers['Gate.last_seen']);
