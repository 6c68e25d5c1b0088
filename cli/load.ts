/** Loads the pipeline that a user's file exports, without a build step. */
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
// What users' files import: loaded before the hooks are in place, it does not pass through them.
import '../compiler/node.js';
import { type ProgramDescriptor, programOf } from '../compiler/dsl/handles.js';
import { diagnostic, fail } from '../compiler/support/diagnostics.js';
import { isModuleFile } from '../compiler/support/file-kinds.js';
import { readUserFile } from '../compiler/support/files.js';
import { didYouMean } from '../compiler/support/messages/message.js';
import { nearest } from '../compiler/support/suggest.js';
import type { AnyPipeline } from '../runtime/client/types.js';
import type { SourceOptions } from './arguments.js';
import { failToLoad } from './load-errors.js';
import { isPlainJavaScript } from './plain-javascript.js';
import { registerHooks } from './register-hooks.js';
import { reportDiagnostics } from './report.js';

export interface LoadedPipeline {
  /** What `pipeline(…)` returned. */
  readonly handle: AnyPipeline;
  readonly descriptor: ProgramDescriptor;
}

const maxSourceLength = 16 * 1024 * 1024;

/** The pipeline that `file` exports, or the one called `pipeline` (by its export or by its own name) among several. */
export async function loadPipeline(file: string, { pipeline: wanted, ...options }: SourceOptions = {}): Promise<LoadedPipeline> {
  if (!isModuleFile(file)) return loadP4Source(file, options);
  if (!['.ts', '.mts', '.js', '.mjs'].includes(extname(file))) fail('unknown-file-kind', { file });
  readUserFile(file, maxSourceLength);
  const pipelines = pipelinesIn(await importUserFile(resolve(file), file), file);
  if (wanted !== undefined) {
    const found = pipelines.find((p) => p.names.includes(wanted));
    if (found) return found;
    const all = pipelines.flatMap((p) => p.names);
    const names = pipelines.map((p) => p.names[0] as string);
    return fail('unknown-pipeline', { file, name: wanted, suggestion: didYouMean(nearest(wanted, all)), names });
  }
  const [first, second] = pipelines as [Exported, Exported?];
  if (second) fail('several-pipelines', { file, names: pipelines.map((p) => p.names[0]).join(', '), first: first.names[0] as string });
  return first;
}

/** With its mistakes among the diagnostics, as those of a pipeline in TypeScript are. */
async function loadP4Source(file: string, { include = [], define = {} }: SourceOptions): Promise<LoadedPipeline> {
  const { loadP4 } = await import('../compiler/imported-p4/node.js');
  const handle = await loadP4(file, { includePaths: include, defines: define });
  return { handle, descriptor: programOf(handle) as ProgramDescriptor };
}

async function importUserFile(path: string, shown: string): Promise<object> {
  if (!isPlainJavaScript(path)) registerHooks(path);
  const stuck = (): void => {
    reportDiagnostics([diagnostic('file-never-finishes', { file: shown })]);
    process.exitCode = 1;
  };
  process.once('exit', stuck);
  try {
    return (await import(pathToFileURL(path).href)) as object;
  } catch (error) {
    return failToLoad(error, path, shown);
  } finally {
    process.off('exit', stuck);
  }
}

interface Exported extends LoadedPipeline {
  readonly names: readonly string[];
}

function pipelinesIn(module: object, file: string): readonly Exported[] {
  const found = new Map<object, { descriptor: ProgramDescriptor; names: string[] }>();
  for (const [name, value] of Object.entries(module)) {
    const descriptor = programOf(value);
    if (!descriptor) continue;
    const known = found.get(value) ?? { descriptor, names: [] };
    known.names.push(name);
    found.set(value, known);
  }
  if (found.size === 0) fail('no-pipeline', { file, exports: Object.keys(module).join(', ') });
  return [...found].map(([handle, { descriptor, names }]) => ({
    handle: handle as AnyPipeline,
    descriptor,
    names: [...names, descriptor.ir.name],
  }));
}
