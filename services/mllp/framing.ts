/**
 * MLLP's frames out of the bytes of a connection: VT, a message, FS, CR. Pure. It must never give a frame that has no
 * end, and holds no more bytes than a frame may have.
 */

const BEGIN = 0x0b;
const END = 0x1c;
const RETURN = 0x0d;
const LINE_FEED = 0x0a;
/** Enough of a frame that is none to say whose message it was. */
const START_BYTES = 4_096;

export type Framed =
  | { readonly kind: 'frame'; readonly bytes: Buffer }
  /** After `outside` and `too-long` nobody can tell where the next frame begins. */
  | { readonly kind: 'outside' | 'too-long' | 'cut'; /** the first bytes */ readonly start: Buffer };

export class Framer {
  readonly #bytesMax: number;
  #parts: Buffer[] | null = null;
  #length = 0;
  /** The end mark came, and its return has not. */
  #isEnding = false;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Of a frame that has begun. */
  get heldBytes(): number {
    return this.#length;
  }

  get isWithinFrame(): boolean {
    return this.#parts !== null;
  }

  *push(chunk: Buffer): Generator<Framed> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#parts === null) {
        const byte = chunk[at] as number;
        if (byte === BEGIN) this.#begin();
        else if (byte !== RETURN && byte !== LINE_FEED) return yield { kind: 'outside', start: startOf(chunk, at) };
        at++;
      } else if (this.#isEnding) {
        if (chunk[at] !== RETURN) return yield { kind: 'outside', start: this.#take(true) };
        at++;
        yield { kind: 'frame', bytes: this.#take() };
      } else {
        const end = firstMark(chunk, at);
        this.#keep(chunk.subarray(at, end));
        if (this.#length > this.#bytesMax) return yield { kind: 'too-long', start: this.#take(true) };
        at = end;
        if (chunk[at] === END) this.#isEnding = true;
        else if (chunk[at] === BEGIN) {
          // Another begins: what came before was cut.
          yield { kind: 'cut', start: this.#take(true) };
          this.#begin();
        }
        at++;
      }
    }
  }

  #begin(): void {
    this.#parts = [];
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (part.length > 0) this.#parts?.push(part);
  }

  #take(startOnly = false): Buffer {
    const bytes = Buffer.concat(this.#parts ?? []);
    this.#parts = null;
    this.#length = 0;
    this.#isEnding = false;
    return startOnly ? startOf(bytes, 0) : bytes;
  }
}

/** As it goes out. */
export function framed(message: Buffer): Buffer {
  return Buffer.concat([Buffer.of(BEGIN), message, Buffer.of(END, RETURN)]);
}

function startOf(bytes: Buffer, from: number): Buffer {
  return bytes.subarray(from, from + START_BYTES);
}

function firstMark(chunk: Buffer, from: number): number {
  const end = chunk.indexOf(END, from);
  const within = end < 0 ? chunk : chunk.subarray(0, end);
  const begin = within.indexOf(BEGIN, from);
  return begin >= 0 ? begin : within.length;
}
