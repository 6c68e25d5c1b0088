/**
 * A plugin of TypeDoc: the names of each entry point stand in categories, which are the folders and files
 * that their sources are in.
 */
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

/** The first path that a source begins with. */
const places = [
  ['compiler/dsl/surface/data-types.ts', 'Data types'],
  ['compiler/dsl/surface/expressions.ts', 'Expressions'],
  ['compiler/dsl/surface/headers.ts', 'Headers'],
  ['compiler/dsl/surface/tables.ts', 'Tables and actions'],
  ['compiler/dsl/surface/state.ts', 'State'],
  ['compiler/dsl/surface/bodies.ts', 'Bodies'],
  ['compiler/dsl/surface/std.ts', 'What each block can know'],
  ['compiler/dsl/surface/parser.ts', 'The parser'],
  ['compiler/dsl/surface/', 'The pipeline'],
  ['compiler/dsl/values.ts', 'Values of controllers'],
  ['compiler/dsl/packets.ts', 'Packets'],
  ['compiler/dsl/indirect-actions.ts', 'Tables and actions'],
  ['compiler/dsl/match.ts', 'Tables and actions'],
  ['compiler/dsl/table.ts', 'Tables and actions'],
  ['compiler/dsl/std.ts', 'What each block can know'],
  ['compiler/dsl/expr.ts', 'Expressions'],
  ['compiler/dsl/pipeline.ts', 'The pipeline'],
  ['compiler/dsl/', 'Data types'],
  ['compiler/support/', 'Diagnostics'],
  ['runtime/client/types.ts', 'Types of handles'],
  ['runtime/client/desired.ts', 'Desired state'],
  ['runtime/client/difference.ts', 'Desired state'],
  ['runtime/client/simulate.ts', 'Sessions'],
  ['runtime/client/open.ts', 'Sessions'],
  ['runtime/grpc/connect.ts', 'Sessions'],
  ['runtime/client/switch.ts', 'Sessions'],
  ['runtime/client/errors.ts', 'Sessions'],
  ['runtime/client/session-events.ts', 'Sessions'],
  ['runtime/client/election.ts', 'Sessions'],
  ['runtime/client/role.ts', 'Sessions'],
  ['runtime/client/push.ts', 'Sessions'],
  ['runtime/client/target.ts', 'Sessions'],
  ['runtime/client/', 'Handles'],
  ['runtime/data-plane/messages.ts', 'Switches'],
  ['runtime/data-plane/', 'Traces'],
  ['runtime/interpreter/', 'Switches'],
  ['runtime/pcap/', 'Captures'],
  ['runtime/p4runtime/', 'Switches'],
  ['runtime/grpc/', 'Switches'],
  ['runtime/switch/', 'Switches'],
];

const categoryOf = ({ fileName }) => places.find(([path]) => fileName.startsWith(path))?.[1];

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      for (const reflection of module.children ?? []) {
        const category = reflection.sources?.[0] && categoryOf(reflection.sources[0]);
        for (const documented of category === undefined ? [] : [reflection, ...(reflection.signatures ?? [])]) {
          documented.comment ??= new Comment();
          documented.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: category }]));
        }
      }
    }
  });
}
