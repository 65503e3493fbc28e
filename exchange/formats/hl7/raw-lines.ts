/**
 * Bytes as they come, cut into lines that keep the kind of their break: in HL7 it tells a segment's end from a line
 * break in somebody's text. Holds one line of bounded length, and works chunk by chunk without waiting for each line.
 */

/** `vt` and `fs` are where MLLP begins and ends a message; `none` is the end of the input. */
export type Break = 'cr' | 'lf' | 'crlf' | 'vt' | 'fs' | 'none';

export interface RawLine {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer;
  readonly end: Break;
  /** Beyond the limit: `bytes` is its beginning only. */
  readonly isTooLong: boolean;
}

/** Enough of an overlong line to see which segment it is. */
const START_BYTES = 64;
const KIND_BY_BYTE: ReadonlyMap<number, Break> = new Map([
  [0x0d, 'cr'],
  [0x0a, 'lf'],
  [0x0b, 'vt'],
  [0x1c, 'fs'],
]);

export class LineCutter {
  readonly #bytesMax: number;
  #parts: Buffer[] = [];
  #length = 0;
  #number = 1;
  #wasBlank = false;
  /** A line that ends with a carriage return at a chunk's end: a line feed may follow. */
  #waiting: RawLine | null = null;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  *push(bytes: Uint8Array): Generator<RawLine> {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let start = 0;
    if (this.#waiting !== null && chunk.length > 0) {
      if (chunk[0] === 0x0a) start = 1;
      const line: RawLine = start === 1 ? { ...this.#waiting, end: 'crlf' } : this.#waiting;
      this.#waiting = null;
      yield line;
    }
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (byte > 0x1c) continue;
      const kind = KIND_BY_BYTE.get(byte);
      if (kind === undefined) continue;
      // Of blank lines one after the other, the first stands for all.
      if (at === start && this.#length === 0 && this.#wasBlank && kind !== 'fs') {
        this.#number++;
        start = at + 1;
        continue;
      }
      this.#keep(chunk.subarray(start, at));
      this.#wasBlank = this.#length === 0;
      const isLast = at + 1 === chunk.length;
      const isPair = kind === 'cr' && chunk[at + 1] === 0x0a;
      const line = this.#cut(isPair ? 'crlf' : kind);
      if (isPair) at++;
      start = at + 1;
      if (kind === 'cr' && isLast) this.#waiting = line;
      else yield line;
    }
    if (start < chunk.length) this.#keep(Buffer.from(chunk.subarray(start))); // a copy: the reader may reuse its buffer
  }

  /** The last line where no break ends it, or where it waits for one; null where the input ends with a break. */
  end(): RawLine | null {
    if (this.#waiting !== null) {
      const line = this.#waiting;
      this.#waiting = null;
      return line;
    }
    return this.#length > 0 ? this.#cut('none') : null;
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length <= this.#bytesMax) this.#parts.push(part);
    else this.#parts = [Buffer.concat([...this.#parts.slice(0, START_BYTES), part.subarray(0, START_BYTES)])];
    if (this.#length > this.#bytesMax) this.#parts = [Buffer.from(this.#parts[0]?.subarray(0, START_BYTES) ?? [])];
  }

  #cut(end: Break): RawLine {
    const bytes = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts);
    const line = { number: this.#number++, bytes, end, isTooLong: this.#length > this.#bytesMax };
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}
