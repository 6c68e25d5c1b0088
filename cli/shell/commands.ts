/** What can be typed in the shell. */

export interface ShellCommand {
  readonly usage: readonly string[];
  /** In a few words. */
  readonly help: string;
  readonly examples?: readonly string[];
}

/** By what they are about. */
export const commandGroups: Readonly<Record<string, Readonly<Record<string, ShellCommand>>>> = {
  tables: {
    tables: { usage: ['tables'], help: 'the tables, with their keys and actions' },
    show: { usage: ['show [TABLE]'], help: 'the entries of a table, or all that the switch has' },
    insert: {
      usage: ['insert TABLE KEY=VALUE … [priority=N] -> ACTION(PARAMETER=VALUE, …)'],
      help: 'write a new entry',
      examples: ['insert routes dst=10.0.0.0/8 -> forward(port=1)', 'insert acl src=10.0.0.0&255.0.0.0 ttl=0..3 priority=10 -> drop'],
    },
    modify: {
      usage: ['modify TABLE KEY=VALUE … [priority=N] -> ACTION(PARAMETER=VALUE, …)'],
      help: 'give an entry another action',
      examples: ['modify routes dst=10.0.0.0/8 -> forward(port=2)'],
    },
    delete: {
      usage: ['delete TABLE KEY=VALUE … [priority=N]', 'delete TABLE', 'delete multicast GROUP', 'delete clone SESSION'],
      help: 'delete an entry, all entries of a table, a group or a session',
      examples: ['delete routes dst=10.0.0.0/8'],
    },
    default: {
      usage: ['default TABLE', 'default TABLE -> ACTION(PARAMETER=VALUE, …)'],
      help: 'read or set what runs on a miss',
      examples: ['default routes -> drop'],
    },
  },
  state: {
    objects: { usage: ['objects'], help: 'counters, meters, registers, value sets, profiles, and the metadata of packets' },
    counter: {
      usage: ['counter NAME [INDEX]', 'counter NAME [INDEX]: packets=N bytes=N'],
      help: 'read or set a counter',
      examples: ['counter drops', 'counter drops 3: packets=0 bytes=0'],
    },
    meter: {
      usage: ['meter NAME [INDEX]', 'meter NAME [INDEX]: cir=N cburst=N pir=N pburst=N', 'meter NAME [INDEX]: none'],
      help: 'read or set the rates of a meter',
      examples: ['meter rates 7: cir=125000 cburst=1500 pir=250000 pburst=3000'],
    },
    register: {
      usage: ['register NAME [INDEX]', 'register NAME INDEX: VALUE', 'register NAME INDEX: FIELD=VALUE …'],
      help: 'read or write a register',
      examples: ['register flows 3', 'register flows 3: 0x1f'],
    },
    valueset: {
      usage: ['valueset NAME', 'valueset NAME: VALUE, …', 'valueset NAME: none'],
      help: 'read or set the members of a value set',
    },
  },
  copies: {
    multicast: {
      usage: ['multicast GROUP', 'multicast GROUP: PORT[/INSTANCE], …'],
      help: 'read, make or replace a multicast group',
      examples: ['multicast 1: 1, 2, 3/7'],
    },
    clone: {
      usage: ['clone SESSION', 'clone SESSION: PORT[/INSTANCE], … [truncateBytes=N] [classOfService=N]'],
      help: 'read, make or replace a clone session',
      examples: ['clone 5: 510', 'clone 5: 510 truncateBytes=128'],
    },
  },
  packets: {
    'packet-out': {
      usage: ['packet-out FIELD=VALUE … HEX'],
      help: 'send a packet with its metadata',
      examples: ['packet-out egressPort=1 ffffffffffff 020000000001 0806'],
    },
    'packet-ins': { usage: ['packet-ins [COUNT]'], help: 'show packets to the controller as they come, until Ctrl-C or so many' },
  },
  files: {
    apply: { usage: ['apply FILE'], help: 'write what a file of entries has and the switch has not' },
    diff: { usage: ['diff FILE'], help: 'what apply would change, and what the file has not' },
  },
  session: {
    status: { usage: ['status'], help: 'the session with the switch' },
    help: { usage: ['help', 'help COMMAND'], help: 'this list, or how a command is written' },
    quit: { usage: ['quit'], help: 'leave, as Ctrl-D does; Ctrl-C stops what a line does' },
  },
};

export const commands: Readonly<Record<string, ShellCommand>> = Object.assign({}, ...Object.values(commandGroups));
