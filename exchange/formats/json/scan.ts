/**
 * Where in the bytes of a JSON text one is: within how many brackets, and whether within a string. Of UTF-8 no byte of
 * another character looks like a mark of JSON. It must never judge whether the text is JSON.
 */

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

/** One byte after the other. */
export class Scan {
  #depth = 0;
  #inString = false;
  #escaped = false;

  get isInString(): boolean {
    return this.#inString;
  }

  /** Brackets that are open. */
  get depth(): number {
    return this.#depth;
  }

  get isOutermost(): boolean {
    return this.#depth === 0 && !this.#inString;
  }

  see(byte: number): void {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return;
    }
    switch (byte) {
      case QUOTE:
        this.#inString = true;
        return;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        this.#depth += 1;
        return;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        this.#depth -= 1;
    }
  }
}
