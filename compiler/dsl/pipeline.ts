/** `pipeline(…)`: runs the user's functions once, and keeps what they recorded as a program of the portable architecture. */
import { portable } from '../arch/portable.js';
import { bool, field, isValid, name, named } from '../ir/build.js';
import type { ControlDecl, LocalDecl, Param, ParserDecl } from '../ir/decl.js';
import { irVersion, type Program } from '../ir/program.js';
import type { StructDecl, Type } from '../ir/types.js';
import { docAbove } from '../support/doc-comments.js';
import { freeze } from '../support/freeze.js';
import { InternalError } from '../support/invariant.js';
import { captureLocation, type Loc } from '../support/location.js';
import { expectArguments, type Kind } from './arguments.js';
import { fieldLocations } from './comments.js';
import { ControlNode } from './control.js';
import { DeparserNode } from './deparser.js';
import { ExprNode } from './expr.js';
import { programBrand } from './handles.js';
import { recordStates, subparserInstance } from './parser.js';
import { ProgramTypes } from './program-types.js';
import { Recorder } from './recorder.js';
import type { Fields, HeaderSet, Pipeline, PipelineOptions, ValueSet } from './surface.js';
import { headersStruct, metadataStruct } from './type-declarations.js';
import './signatures.js';
import { typedAll } from './types.js';
import { mainParser, ValueSets } from './value-sets.js';
import { headersView, stdView, view } from './views.js';

/**
 * Records a pipeline. Mistakes in it do not throw here: they are reported together when the pipeline is compiled,
 * checked, simulated or connected to.
 */
export function pipeline<
  const H extends HeaderSet,
  const S extends string,
  I,
  const M extends Fields = {},
  const PI extends Fields = {},
  const PO extends Fields = {},
  const VS extends Record<string, ValueSet<number>> = {},
  E = {},
>(pipelineName: string, options: PipelineOptions<H, S, I, M, PI, PO, VS, E>): Pipeline<I, E, PI, PO, VS> {
  expectArguments('pipeline', { name: 'text', options: 'object' }, [pipelineName, options]);
  expectArguments(
    'pipeline',
    optionKinds,
    Object.keys(optionKinds).map((name) => (options as unknown as Record<string, unknown>)[name]),
  );
  const loc = captureLocation();
  return new PipelineRecorder(pipelineName, options as never, loc).run() as never;
}

const optionKinds: Readonly<Record<keyof Options, Kind>> = {
  headers: 'headers',
  metadata: 'fields?',
  packetIn: 'fields?',
  packetOut: 'fields?',
  valueSets: 'valueSets?',
  blocks: 'names?',
  subparsers: 'subparsers?',
  parser: 'states',
  ingress: 'function',
  egress: 'function?',
  deparser: 'function',
};

type Options = PipelineOptions<HeaderSet, string, unknown, Fields, Fields, Fields, Record<string, ValueSet<number>>, unknown>;

class PipelineRecorder {
  readonly #recorder = new Recorder();
  readonly #types = new ProgramTypes(this.#recorder);
  readonly #places: ReadonlyMap<string, Loc>;
  readonly #nested: ControlDecl[] = [];

  constructor(
    readonly name: string,
    readonly options: Options,
    readonly loc: Loc,
  ) {
    this.#places = fieldLocations(loc, Object.keys(options));
  }

  run(): object {
    const { options, loc } = this;
    const recorder = this.#recorder;
    if (!/^[A-Za-z_]\w*$/.test(this.name)) recorder.diagnostics.report('bad-name', { name: this.name, what: 'pipeline' }, { loc });
    const blocks = { ingress: options.blocks?.ingress ?? 'ingress', egress: options.blocks?.egress ?? 'egress' };

    const structs = this.#structs();
    const hdr = headersView(options.headers, headersStruct, recorder);
    const metaPlaces = fieldLocations(this.#place('metadata'), Object.keys(options.metadata ?? {}));
    const meta = view(name('meta', named(metadataStruct)), options.metadata ?? {}, recorder, metaPlaces);
    const valueSets = new ValueSets(options.valueSets ?? {}, recorder, this.#place('valueSets'));
    const sets = valueSets.handles;

    const subparsers = Object.entries(options.subparsers ?? {}).map(([text, states]) =>
      this.#parser(text, 'inout', states as never, { hdr, meta, sets }, this.#place('subparsers')),
    );
    const parser = this.#parser(mainParser, 'out', options.parser as never, { hdr, meta, sets }, this.#place('parser'));
    valueSets.settle(parser, subparsers);
    const parsers = [
      ...subparsers.map((p) => ({ ...p, locals: [...valueSets.of(p), ...p.locals] })),
      this.#withSubparsers(parser, valueSets.of(parser)),
    ];
    const [ingress, handles] = this.#control('ingress', blocks.ingress, options.ingress as never, {
      hdr,
      meta,
      std: this.#std('IngressStd'),
      packetOut: this.#packetOut(),
    });
    const [egress, egressHandles] = this.#control('egress', blocks.egress, (options.egress ?? (() => {})) as never, {
      hdr,
      meta,
      std: this.#std('EgressStd'),
    });
    const deparser = this.#deparser({ hdr, meta });
    recorder.finish();

    const program: Program = {
      irVersion,
      name: this.name,
      arch: portable.name,
      ...docAbove(loc),
      types: [...recorder.types.values(), ...structs],
      errors: [...recorder.errors],
      constants: [...recorder.constants.values()],
      functions: recorder.functions,
      actions: [],
      instances: [],
      parsers,
      controls: [...this.#nested, ingress, egress, deparser],
      main: { package: portable.package, blocks: [parser.name, ingress.name, egress.name, deparser.name] },
    };
    recorder.owner.recorded(program);
    return Object.freeze({
      name: this.name,
      ingress: handles,
      egress: egressHandles,
      sets,
      [programBrand]: Object.freeze({ ir: freeze(program), diagnostics: recorder.diagnostics.list }),
    });
  }

  // ── blocks ──

  #parser(
    text: string,
    headers: 'out' | 'inout',
    states: Readonly<Record<string, (p: never, v: never) => unknown>>,
    views: object,
    loc: Loc,
  ): ParserDecl {
    const places = fieldLocations(loc, Object.keys(states));
    const params = this.#params('parser', loc).map((p) => (p.direction === 'out' ? { ...p, direction: headers } : p));
    const subparsers = headers === 'out' ? Object.keys(this.options.subparsers ?? {}) : [];
    const names = [...Object.keys(this.options.valueSets ?? {}), ...subparsers.map(subparserInstance)];
    const context = { recorder: this.#recorder, params, subparsers, names };
    const given = { ...views, std: this.#std('ParserStd') };
    this.#recorder.views = given;
    const { states: recorded, variables } = recordStates(states, given, context, places, loc);
    return { kind: 'parser', name: text, params, locals: variables, states: recorded, loc };
  }

  /** With its value sets, and an instance of each subparser. */
  #withSubparsers(parser: ParserDecl, sets: readonly LocalDecl[]): ParserDecl {
    const loc = this.#place('subparsers');
    const instances = Object.keys(this.options.subparsers ?? {}).map(
      (text): LocalDecl => ({ kind: 'instance', name: subparserInstance(text), type: named(text), args: [], loc }),
    );
    return { ...parser, locals: [...sets, ...instances, ...parser.locals] };
  }

  #control(
    block: 'ingress' | 'egress',
    text: string,
    record: (ctl: ControlNode, views: object) => unknown,
    views: Readonly<Record<string, unknown>>,
  ): [ControlDecl, unknown] {
    const loc = this.#place(block);
    const { packetIn = {} } = this.options;
    const ctl = new ControlNode({
      recorder: this.#recorder,
      block: text,
      path: text,
      params: this.#params(block, loc),
      packetIn: typedAll(packetIn),
      seen: (type) => this.#types.seen(type),
      nested: (control) => this.#nested.push(control),
    });
    const handles = this.#guard(() => record(ctl, views) ?? {}, views);
    return [ctl.finish(loc, handles !== undefined), handles ?? {}];
  }

  #deparser(views: Readonly<Record<string, unknown>>): ControlDecl {
    const loc = this.#place('deparser');
    const deparser = new DeparserNode(this.#recorder);
    this.#guard(() => this.#recorder.inBlock(() => this.options.deparser(deparser as never, views as never)), views);
    return { kind: 'control', name: 'deparse', params: this.#params('deparser', loc), locals: [], body: deparser.body, loc };
  }

  /** The parameters that the portable architecture gives to a block, with this program's types. */
  #params(block: string, loc: Loc): Param[] {
    const spec = portable.blocks.find((b) => b.name === block);
    if (!spec) throw new InternalError(`the portable architecture has no block ${block}`);
    const types: Record<string, Type> = { H: named(headersStruct), M: named(metadataStruct) };
    return spec.params.map((param) => ({
      name: param.name,
      type: (param.type.kind === 'named' && types[param.type.name]) || param.type,
      ...(param.direction ? { direction: param.direction } : {}),
      loc,
    }));
  }

  #guard<T>(record: () => T, views: Readonly<Record<string, unknown>>): T | undefined {
    this.#recorder.views = views;
    try {
      return record();
    } catch (error) {
      this.#recorder.failed(error);
      return undefined;
    }
  }

  #structs(): StructDecl[] {
    const { headers, metadata = {}, packetIn, packetOut } = this.options;
    const controller = [
      ...(packetOut ? [this.#types.controllerHeader('packet_out', packetOut, this.#place('packetOut'))] : []),
      ...(packetIn ? [this.#types.controllerHeader('packet_in', packetIn, this.#place('packetIn'))] : []),
    ];
    return [this.#types.headers(headers, controller, this.#place('headers')), this.#types.metadata(metadata, this.#place('metadata'))];
  }

  // ── views ──

  #std(struct: string): Record<string, ExprNode> {
    const declaration = portable.structs.find((s) => s.name === struct);
    if (!declaration) throw new InternalError(`the portable architecture has no struct ${struct}`);
    return stdView(declaration, this.#recorder);
  }

  #packetOut(): Record<string, unknown> {
    if (!this.options.packetOut) return Object.freeze({ present: new ExprNode(bool(false), this.#recorder) });
    const header = field(name('hdr', named(headersStruct)), 'packet_out', named('packet_out_t'));
    const fields = view(header, this.options.packetOut, this.#recorder);
    return Object.freeze({ ...fields, present: new ExprNode(isValid(header), this.#recorder) });
  }

  // ── places ──

  #place(option: keyof Options): Loc {
    return this.#places.get(option) ?? this.loc;
  }
}
