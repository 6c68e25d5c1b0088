/** The programs of test/cases: a folder each, with a pipeline in TypeScript or a program in P4. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ProgramDescriptor, programOf } from '../../compiler/dsl/handles.js';
import { loadP4 } from '../../compiler/imported-p4/node.js';
import type { Program } from '../../compiler/ir/index.js';
import type { AnyPipeline } from '../../runtime/client/types.js';

const root = new URL('../cases/', import.meta.url);

export interface Case {
  readonly name: string;
  /** Ends in a slash. */
  readonly folder: string;
  readonly language: 'TypeScript' | 'P4';
  readonly load: () => Promise<AnyPipeline>;
}

export const caseNamed = (name: string): Case => {
  const folder = fileURLToPath(new URL(`${name}/`, root));
  const inP4 = existsSync(`${folder}program.p4`);
  return {
    name,
    folder,
    language: inP4 ? 'P4' : 'TypeScript',
    load: inP4 ? () => loadP4(`${folder}program.p4`) : () => pipelineIn(folder),
  };
};

export const cases: readonly Case[] = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => caseNamed(entry.name));

/** The programs that p4ts prints for BMv2, which are P4-16 with everything in it. */
export const printedPrograms: readonly { readonly name: string; readonly file: string; readonly text: string }[] = cases
  .map(({ name, folder }) => ({ name, file: `${folder}v1model.p4` }))
  .filter(({ file }) => existsSync(file))
  .map((printed) => ({ ...printed, text: readFileSync(printed.file, 'utf8') }));

/** What a case's program is in the IR, without mistakes. */
export async function caseProgram(name: string): Promise<Program> {
  return descriptorOf(await caseNamed(name).load()).ir;
}

export function descriptorOf(pipeline: unknown): ProgramDescriptor {
  const descriptor = programOf(pipeline);
  if (!descriptor) throw new Error('this is no pipeline');
  return descriptor;
}

async function pipelineIn(folder: string): Promise<AnyPipeline> {
  const module = (await import(/* @vite-ignore */ `${folder}pipeline.ts`)) as Record<string, unknown>;
  return Object.values(module).find((value) => programOf(value)) as AnyPipeline;
}
