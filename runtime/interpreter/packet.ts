/** Bits of packets, first bit on the wire first. */
import { readBits, toBytes, truncate } from '../../compiler/support/bits.js';

/** Reads a packet from its front. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  /** Bits not read yet. */
  get remaining(): number {
    return 8 * this.#bytes.length - this.#offset;
  }
  /** The length of the whole packet in bytes. */
  get length(): number {
    return this.#bytes.length;
  }
  /** The bytes after what was read; a byte that was read in part is not among them. */
  get payload(): Uint8Array {
    return this.#bytes.subarray((this.#offset + 7) >> 3);
  }

  /** The next `width` bits, which must be there. */
  read(width: number): bigint {
    const bits = readBits(this.#bytes, this.#offset, width);
    this.#offset += width;
    return bits;
  }
  skip(width: number): void {
    this.#offset += width;
  }
  /** A reader of the same packet from the same place on. */
  fork(): BitReader {
    return new BitReader(this.#bytes, this.#offset);
  }
}

/** Collects bits, such as those of the emitted headers or of a checksum's data. */
export class BitWriter {
  readonly #whole: Uint8Array[] = [];
  /** Bits after the last whole byte. */
  #rest = 0n;
  #restWidth = 0;
  #width = 0;

  get width(): number {
    return this.#width;
  }
  write(bits: bigint, width: number): void {
    this.#width += width;
    if (this.#restWidth === 0 && width % 8 === 0) {
      this.#whole.push(toBytes(bits, width >> 3));
      return;
    }
    this.#rest = (this.#rest << BigInt(width)) | truncate(bits, width);
    this.#restWidth += width;
    if (this.#restWidth % 8 !== 0) return;
    this.#whole.push(toBytes(this.#rest, this.#restWidth >> 3));
    this.#rest = 0n;
    this.#restWidth = 0;
  }
  /** The bits as bytes, zero bits after them up to a whole number of bytes, and then `tail`. */
  bytes(tail: Uint8Array = nothing): Uint8Array {
    const length = (this.#width + 7) >> 3;
    const all = new Uint8Array(length + tail.length);
    let at = 0;
    for (const part of this.#whole) {
      all.set(part, at);
      at += part.length;
    }
    all.set(toBytes(this.#rest << BigInt(8 * (length - at) - this.#restWidth), length - at), at);
    all.set(tail, length);
    return all;
  }
}
const nothing = new Uint8Array();
