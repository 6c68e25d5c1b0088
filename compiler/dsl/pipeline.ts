/** `pipeline(…)`: runs the user's functions once, and keeps what they recorded as a program of the portable architecture. */
import { portable } from '../arch/portable.js';
import { bitType, bool, field, isValid, name, named } from '../ir/build.js';
import type { ControlDecl, Param, ParserDecl } from '../ir/decl.js';
import { irVersion, type Program } from '../ir/program.js';
import type { EnumDecl, FieldDecl, HeaderDecl, StructDecl, Type } from '../ir/types.js';
import { DiagnosticError } from '../support/diagnostics.js';
import { freeze } from '../support/freeze.js';
import { InternalError } from '../support/invariant.js';
import { captureLocation, type Loc } from '../support/location.js';
import { docAbove, fieldLocations } from './comments.js';
import { ControlNode } from './control.js';
import { DeparserNode } from './deparser.js';
import { ExprNode } from './expr.js';
import { programBrand } from './handles.js';
import { recordStates } from './parser.js';
import { Recorder } from './recorder.js';
import type { DataType, Fields, HeaderSet, HeaderType, Pipeline, PipelineOptions, ValueSet } from './surface.js';
import { declarationOf, formatOf, irType } from './types.js';
import { headersView, stackType, stdView, view } from './views.js';

const headersStruct = 'headers_t';
const metadataStruct = 'metadata_t';
const reservedTypes = new Set([headersStruct, metadataStruct, 'packet_in_t', 'packet_out_t']);

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
  const VS extends Record<string, ValueSet<any>> = {},
  E = {},
>(pipelineName: string, options: PipelineOptions<H, S, I, M, PI, PO, VS, E>): Pipeline<I, E, PI, PO, VS> {
  const loc = captureLocation();
  return new PipelineRecorder(pipelineName, options as never, loc).run() as never;
}

type Options = PipelineOptions<HeaderSet, string, unknown, Fields, Fields, Fields, Record<string, ValueSet<any>>, unknown>;

class PipelineRecorder {
  readonly #recorder = new Recorder();
  readonly #enums = new Map<string, EnumDecl>();
  readonly #headers = new Map<string, HeaderDecl>();
  readonly #places: ReadonlyMap<string, Loc>;

  constructor(
    readonly name: string,
    readonly options: Options,
    readonly loc: Loc,
  ) {
    this.#places = fieldLocations(loc, Object.keys(options));
  }

  run(): object {
    const { options, loc } = this;
    if (!/^[A-Za-z_]\w*$/.test(this.name)) this.#report('bad-name', { name: this.name, what: 'pipeline' }, loc);
    if (options.valueSets) this.#report('not-yet', { feature: 'A parser value set' }, this.#place('valueSets'));
    const blocks = { ingress: options.blocks?.ingress ?? 'ingress', egress: options.blocks?.egress ?? 'egress' };

    const structs = [this.#headersStruct(), this.#metadataStruct()];
    const hdr = headersView(options.headers, headersStruct, this.#recorder);
    const meta = view(name('meta', named(metadataStruct)), options.metadata ?? {}, this.#recorder, this.#fieldPlaces('metadata'));

    const parser = this.#parser(hdr, meta);
    const [ingress, handles] = this.#control('ingress', blocks.ingress, (ctl) =>
      options.ingress(ctl as never, { hdr, meta, std: this.#std('IngressStd'), packetOut: this.#packetOut() } as never),
    );
    const [egress, egressHandles] = this.#control('egress', blocks.egress, (ctl) =>
      options.egress?.(ctl as never, { hdr, meta, std: this.#std('EgressStd') } as never),
    );
    const deparser = this.#deparser(hdr);

    const program: Program = {
      irVersion,
      name: this.name,
      arch: portable.name,
      ...docAbove(loc),
      types: [...this.#enums.values(), ...this.#headers.values(), ...structs],
      errors: [],
      constants: [],
      functions: [],
      actions: [],
      instances: [],
      parsers: [parser],
      controls: [ingress, egress, deparser],
      main: { package: portable.package, blocks: [parser.name, ingress.name, egress.name, deparser.name] },
    };
    return Object.freeze({
      name: this.name,
      ingress: handles,
      egress: egressHandles,
      sets: options.valueSets ?? {},
      [programBrand]: Object.freeze({ ir: freeze(program), diagnostics: this.#recorder.diagnostics.list }),
    });
  }

  // ── blocks ──

  #parser(hdr: unknown, meta: unknown): ParserDecl {
    const loc = this.#place('parser');
    const places = fieldLocations(loc, Object.keys(this.options.parser));
    const std = this.#std('ParserStd');
    const states = recordStates(
      this.options.parser as never,
      { hdr, meta, std, sets: this.options.valueSets ?? {} },
      this.#recorder,
      places,
      loc,
    );
    return { kind: 'parser', name: 'parse', params: this.#params('parser', loc), locals: [], states, loc };
  }

  #control(block: 'ingress' | 'egress', text: string, record: (ctl: ControlNode) => unknown): [ControlDecl, unknown] {
    const loc = this.#place(block);
    const { packetIn = {} } = this.options;
    const ctl = new ControlNode({
      recorder: this.#recorder,
      block: text,
      packetIn: Object.fromEntries(Object.entries(packetIn).map(([key, type]) => [key, irType(type)])),
      seen: (type) => this.#seen(type),
    });
    const handles = this.#guard(() => record(ctl));
    return [ctl.finish(this.#params(block, loc), loc), handles ?? {}];
  }

  #deparser(hdr: unknown): ControlDecl {
    const loc = this.#place('deparser');
    const deparser = new DeparserNode(this.#recorder);
    this.#guard(() => this.options.deparser(deparser as never, { hdr } as never));
    this.#recorder.endBlock();
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

  #guard<T>(record: () => T): T | undefined {
    try {
      return record();
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.#recorder.diagnostics.add(...error.diagnostics);
      return undefined;
    }
  }

  // ── types ──

  #headersStruct(): StructDecl {
    const { packetIn, packetOut, headers } = this.options;
    const loc = this.#place('headers');
    const places = this.#fieldPlaces('headers');
    const fields: FieldDecl[] = [];
    if (packetOut) fields.push(this.#controllerHeader('packet_out', packetOut, this.#place('packetOut')));
    if (packetIn) fields.push(this.#controllerHeader('packet_in', packetIn, this.#place('packetIn')));
    for (const [key, type] of Object.entries(headers)) {
      const at = places.get(key) ?? loc;
      if (fields.some((f) => f.name === key)) this.#report('duplicate-name', { name: key, what: 'controller header' }, at);
      this.#declareHeader(type.kind === 'stack' ? type.of : type);
      fields.push({ name: key, type: type.kind === 'stack' ? stackType(type) : named(type.name), loc: at, ...docAbove(at, loc) });
    }
    return { kind: 'struct', name: headersStruct, fields, loc };
  }

  #metadataStruct(): StructDecl {
    const loc = this.#place('metadata');
    const places = this.#fieldPlaces('metadata');
    const fields = Object.entries(this.options.metadata ?? {}).map(([key, type]): FieldDecl => {
      this.#seen(type);
      const at = places.get(key) ?? loc;
      return { name: key, type: irType(type), loc: at, ...formatOf(type), ...docAbove(at, loc) };
    });
    return { kind: 'struct', name: metadataStruct, fields, loc };
  }

  /** The header that carries the metadata of packets from or to the controller, filled up to whole bytes. */
  #controllerHeader(header: 'packet_in' | 'packet_out', given: Fields, loc: Loc): FieldDecl {
    const places = fieldLocations(loc, Object.keys(given));
    const fields = Object.entries(given).map(([key, type]): FieldDecl => {
      this.#seen(type);
      return { name: key, type: irType(type), loc: places.get(key) ?? loc, ...formatOf(type) };
    });
    const width = fields.reduce(
      (sum, f) => sum + (f.type.kind === 'bool' ? 1 : 'width' in f.type ? f.type.width : this.#enumWidth(f.type)),
      0,
    );
    if (width % 8 !== 0) fields.push({ name: '_padding', type: bitType(8 - (width % 8)), loc, annotations: [{ name: 'padding' }] });
    const type = `${header}_t`;
    this.#headers.set(type, { kind: 'header', name: type, fields, annotations: [{ name: 'controller_header', body: `"${header}"` }], loc });
    return { name: header, type: named(type), loc };
  }

  #enumWidth(type: Type): number {
    return (type.kind === 'named' && this.#enums.get(type.name)?.base?.width) || 0;
  }

  #declareHeader(type: HeaderType): void {
    const declaration = (type as { [declarationOf]?: HeaderDecl })[declarationOf];
    if (!declaration) throw new InternalError(`header ${type.name} has no declaration`);
    const known = this.#headers.get(type.name);
    if (known === declaration) return;
    if (known || this.#enums.has(type.name)) {
      this.#recorder.diagnostics.report(
        'duplicate-name',
        { name: type.name, what: known ? 'header type' : 'enum' },
        {
          loc: declaration.loc,
          notes: [
            { message: `the other "${type.name}" is declared here`, loc: (known ?? this.#enums.get(type.name))?.loc ?? declaration.loc },
          ],
        },
      );
      return;
    }
    if (!/^[A-Za-z_]\w*$/.test(type.name)) this.#report('bad-name', { name: type.name, what: 'header type' }, declaration.loc);
    if (reservedTypes.has(type.name)) {
      this.#report(
        'reserved-name',
        { name: type.name, what: 'header type', reason: 'the printed P4 uses that name itself' },
        declaration.loc,
      );
    }
    for (const fieldType of Object.values(type.fields)) {
      if (fieldType.kind === 'int') this.#report('not-yet', { feature: 'A field of type int' }, declaration.loc);
      this.#seen(fieldType);
    }
    this.#headers.set(type.name, declaration);
  }

  #seen(type: DataType): void {
    const declaration = (type as { [declarationOf]?: EnumDecl })[declarationOf];
    if (type.kind === 'enum' && declaration) {
      const known = this.#enums.get(type.name);
      if (known && known !== declaration) this.#report('duplicate-name', { name: type.name, what: 'enum' }, declaration.loc);
      else this.#enums.set(type.name, declaration);
    }
  }

  // ── views ──

  #std(struct: string): Record<string, ExprNode> {
    const declaration = portable.structs.find((s) => s.name === struct);
    if (!declaration) throw new InternalError(`the portable architecture has no struct ${struct}`);
    return stdView(declaration, this.#recorder);
  }

  #packetOut(): Record<string, ExprNode> {
    if (!this.options.packetOut) return { present: new ExprNode(bool(false), this.#recorder) };
    const header = field(name('hdr', named(headersStruct)), 'packet_out', named('packet_out_t'));
    return { ...view(header, this.options.packetOut, this.#recorder), present: new ExprNode(isValid(header), this.#recorder) };
  }

  // ── places ──

  #place(option: keyof Options): Loc {
    return this.#places.get(option) ?? this.loc;
  }

  #fieldPlaces(option: 'headers' | 'metadata'): Map<string, Loc> {
    return fieldLocations(this.#place(option), Object.keys(this.options[option] ?? {}));
  }

  #report(code: 'bad-name' | 'not-yet' | 'duplicate-name' | 'reserved-name', params: object, loc: Loc): void {
    this.#recorder.diagnostics.report(code, params as never, { loc });
  }
}
