/** P4-16 programs as pipelines: what the other commands do with a pipeline of TypeScript they do with these. */
import { basename } from 'node:path';
import { type ProgramDescriptor, programBrand } from '../dsl/handles.js';
import { Diagnostics } from '../support/diagnostics.js';
import { type Parsed, type ParseOptions, parseFile, parseProgram } from './index.js';

export interface P4Pipeline {
  readonly name: string;
  readonly [programBrand]: ProgramDescriptor;
}

/**
 * Loads a P4-16 program from a file, checks it and makes a pipeline of it, for the architecture whose package it
 * instantiates as `main`.
 * @throws DiagnosticError for every mistake in it
 */
export async function loadP4(file: string, options: ParseOptions = {}): Promise<P4Pipeline> {
  return pipelineOf(await parseFile(file, options));
}

/** As `loadP4`, of a text; `file` is where the places in it are, and where the search for `#include "…"` begins. */
export async function loadP4Text(text: string, file: string, options: ParseOptions = {}): Promise<P4Pipeline> {
  return pipelineOf(await parseProgram(text, file, options));
}

/** What is wrong with a program for whatever architecture; empty where nothing is. */
export async function checkP4(file: string, options: ParseOptions = {}): Promise<Diagnostics> {
  const parsed = await parseFile(file, options);
  await check(parsed);
  return parsed.diagnostics;
}

async function check({ program, diagnostics }: Parsed) {
  const { checkProgram } = await import('./check/index.js');
  return diagnostics.hasErrors ? undefined : checkProgram(program, diagnostics);
}

async function pipelineOf(parsed: Parsed): Promise<P4Pipeline> {
  const { program, diagnostics } = parsed;
  const findings = await check(parsed);
  diagnostics.throwIfErrors();
  const { lowerProgram } = await import('./lower/index.js');
  const name = programName(program.file);
  const ir = findings && lowerProgram(program, findings, diagnostics, name);
  diagnostics.throwIfErrors();
  return Object.freeze({ name, [programBrand]: Object.freeze({ ir: ir as NonNullable<typeof ir>, diagnostics: diagnostics.list }) });
}

/** The file's name, as a name of P4. */
function programName(file: string): string {
  const name = basename(file).replace(/\.p4$/, '').replace(/\W/g, '_');
  return /^\d/.test(name) ? `_${name}` : name;
}
