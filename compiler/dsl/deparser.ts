/** `d`: what is put in front of the payload, and the checksums that are computed before. */
import { callMethod, named } from '../ir/build.js';
import type { Expr as Ir } from '../ir/expr.js';
import type { Stmt } from '../ir/stmt.js';
import { docAbove } from '../support/doc-comments.js';
import { captureLocation, nowhere } from '../support/location.js';
import { checksumCall } from './checksum-calls.js';
import { headerOf } from './expr.js';
import type { Methods } from './methods.js';
import type { Recorder } from './recorder.js';
import type { Deparser } from './surface.js';

const packetOut: Ir = { kind: 'name', name: 'packet', type: named('packet_out'), loc: nowhere };

export class DeparserNode implements Methods<Deparser> {
  readonly #recorder: Recorder;
  readonly body: Stmt[] = [];

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  emit(...headers: unknown[]): void {
    const loc = captureLocation();
    for (const header of headers) this.#push(callMethod(packetOut, 'emit', [headerOf(header, loc).at(loc)], loc));
  }

  updateChecksum(field: unknown, over: readonly unknown[], when?: unknown): void {
    const loc = captureLocation();
    this.#push(checksumCall('update_checksum', this.#recorder, field, over, when, loc));
  }

  #push(stmt: Stmt): void {
    this.body.push(Object.assign(stmt, this.#recorder.isFirstOnLine(stmt.loc) ? docAbove(stmt.loc) : {}));
  }
}
