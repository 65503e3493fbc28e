/**
 * The bytes of a file cut into JSON documents: one resource or bundle, several one after the other (a line each, as in
 * NDJSON, or not), or the elements of one array. It looks at brackets and quotes alone and must never parse, nor hold
 * more of a file than one document.
 */

import { CLOSE_ARRAY, OPEN_ARRAY, OPEN_OBJECT, Scan } from '#exchange/formats/json/scan.ts';

export type Document =
  | { readonly kind: 'whole'; readonly line: number; readonly bytes: Uint8Array }
  /** `cut`: the input ends within it. `too_long`: beyond the limit. `text`: it stands outside of documents. */
  | { readonly kind: 'cut' | 'too_long' | 'text'; readonly line: number };

const LINE_FEED = 0x0a;
const COMMA = 0x2c;
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]); // a byte order mark is none

export async function* splitDocuments(
  chunks: AsyncIterable<Uint8Array>,
  documentBytesMax: number,
): AsyncGenerator<Document> {
  const cutter = new Cutter(documentBytesMax);
  for await (const chunk of chunks) yield* cutter.take(chunk);
  yield* cutter.end();
}

class Cutter {
  readonly #bytesMax: number;
  #scan = new Scan();
  #parts: Uint8Array[] = [];
  #length = 0;
  #line = 1;
  #beganAt = 1;
  /** Whether a document is open. */
  #isWithin = false;
  #isInArray = false;
  /** Text outside of documents is told once, and not again before the next document. */
  #hasToldText = false;

  constructor(documentBytesMax: number) {
    this.#bytesMax = documentBytesMax;
  }

  *take(chunk: Uint8Array): Generator<Document> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (this.#isWithin) {
        this.#scan.see(byte);
        if (this.#scan.isOutermost) {
          this.#keep(chunk.subarray(from, at + 1));
          yield this.#whole();
        }
      } else if (byte === OPEN_OBJECT) {
        from = at;
        this.#begin(byte);
      } else yield* this.#between(byte);
      if (byte === LINE_FEED) this.#line += 1;
    }
    if (this.#isWithin) this.#keep(Uint8Array.from(chunk.subarray(from))); // a copy: the reader may reuse its buffer
  }

  *end(): Generator<Document> {
    if (this.#isWithin) yield { kind: 'cut', line: this.#beganAt };
    else if (this.#isInArray) yield { kind: 'cut', line: this.#line };
  }

  #begin(byte: number): void {
    this.#scan = new Scan();
    this.#scan.see(byte);
    this.#isWithin = true;
    this.#hasToldText = false;
    this.#beganAt = this.#line;
  }

  *#between(byte: number): Generator<Document> {
    if (BLANKS.has(byte)) return;
    if (byte === OPEN_ARRAY && !this.#isInArray) this.#isInArray = true;
    else if (byte === CLOSE_ARRAY && this.#isInArray) this.#isInArray = false;
    else if (!(byte === COMMA && this.#isInArray) && !this.#hasToldText) {
      this.#hasToldText = true;
      yield { kind: 'text', line: this.#line };
    }
  }

  #keep(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length <= this.#bytesMax) this.#parts.push(part);
    else this.#parts = [];
  }

  #whole(): Document {
    const isTooLong = this.#length > this.#bytesMax;
    const document: Document = isTooLong
      ? { kind: 'too_long', line: this.#beganAt }
      : { kind: 'whole', line: this.#beganAt, bytes: Buffer.concat(this.#parts) };
    this.#parts = [];
    this.#length = 0;
    this.#isWithin = false;
    return document;
  }
}
