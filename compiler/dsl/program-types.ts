/** The types that a pipeline's program declares: those its headers, metadata and services use, and the structs around them. */
import { bitType, named } from '../ir/build.js';
import type { FieldDecl, StructDecl, TypeDecl } from '../ir/types.js';
import { docAbove } from '../support/doc-comments.js';
import { InternalError } from '../support/invariant.js';
import type { Loc } from '../support/location.js';
import { fieldLocations } from './comments.js';
import type { Recorder } from './recorder.js';
import type { DataType, Fields, HeaderSet, HeaderType, UnionType } from './surface.js';
import { declarationOf, headersStruct, metadataStruct } from './type-declarations.js';
import { declarationsIn, fieldDecls, formatOf, irType } from './types.js';
import { headerSetType } from './views.js';

export class ProgramTypes {
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** Takes the declarations that a type needs. */
  seen(type: DataType | HeaderType): void {
    this.#recorder.declare(...declarationsIn(type));
  }

  headers(headers: HeaderSet, controller: readonly FieldDecl[], loc: Loc): StructDecl {
    const places = fieldLocations(loc, Object.keys(headers));
    const fields = [...controller];
    for (const [key, type] of Object.entries(headers)) {
      const at = places.get(key) ?? loc;
      if (fields.some((f) => f.name === key))
        this.#recorder.diagnostics.report('duplicate-name', { name: key, what: 'controller header' }, { loc: at });
      const element: HeaderType | UnionType = type.kind === 'stack' ? type.of : type;
      if (element.kind === 'header') this.seen(element);
      else {
        for (const member of Object.values(element.members as Record<string, HeaderType>)) this.seen(member);
        this.#recorder.declare(declarationIn(element));
      }
      fields.push({ name: key, type: headerSetType(type), loc: at, ...docAbove(at, loc) });
    }
    return { kind: 'struct', name: headersStruct, fields, loc };
  }

  metadata(metadata: Fields, loc: Loc): StructDecl {
    for (const type of Object.values(metadata)) this.seen(type);
    return { kind: 'struct', name: metadataStruct, fields: fieldDecls(metadata, loc), loc };
  }

  /** The header that carries the metadata of packets from or to the controller, filled up to whole bytes. */
  controllerHeader(header: 'packet_in' | 'packet_out', given: Fields, loc: Loc): FieldDecl {
    for (const type of Object.values(given)) this.seen(type);
    const places = fieldLocations(loc, Object.keys(given));
    const fields = Object.entries(given).map(
      ([key, type]): FieldDecl => ({ name: key, type: irType(type), loc: places.get(key) ?? loc, ...formatOf(type) }),
    );
    const width = Object.values(given).reduce((sum, type) => sum + (type.kind === 'bool' ? 1 : 'width' in type ? type.width : 0), 0);
    if (width % 8 !== 0) fields.push({ name: '_padding', type: bitType(8 - (width % 8)), loc, annotations: [{ name: 'padding' }] });
    const type = `${header}_t`;
    const annotations = [{ name: 'controller_header', body: `"${header}"` }];
    this.#recorder.types.set(type, { kind: 'header', name: type, fields, annotations, loc });
    return { name: header, type: named(type), loc };
  }
}

function declarationIn(type: UnionType): TypeDecl {
  const declaration = (type as { [declarationOf]?: TypeDecl })[declarationOf];
  if (!declaration) throw new InternalError(`${type.name} has no declaration`);
  return declaration;
}
