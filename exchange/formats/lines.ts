/**
 * Bytes as they come, cut into lines. Holds one line of bounded length: of a longer one only the fact is passed on, so
 * that no file, however it is made, can fill the memory.
 */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly bytes: Uint8Array;
  /** Beyond the limit: `bytes` is its beginning only. */
  readonly isTooLong: boolean;
}

/** Enough of an overlong line to see which HL7 segment it is. */
const START_BYTES = 64;

/** CR LF counts as one break. An empty line is counted and not given: a file may be made of millions of them. */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  isBreak: (byte: number) => boolean,
  lineBytesMax: number,
): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let number = 1;
  let afterReturn = false;
  const keep = (part: Uint8Array) => {
    if (length === 0) parts = [];
    length += part.length;
    if (length <= lineBytesMax) parts.push(part);
    else parts = [Buffer.from(Buffer.concat([...parts, part.subarray(0, START_BYTES)]).subarray(0, START_BYTES))];
  };
  const cut = (): Line => {
    const line = {
      number,
      bytes: length === 0 ? new Uint8Array() : Buffer.concat(parts),
      isTooLong: length > lineBytesMax,
    };
    length = 0;
    parts = [];
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      const isSecondHalf = afterReturn && byte === 0x0a && at === start && length === 0;
      afterReturn = byte === 0x0d;
      if (!isBreak(byte)) continue;
      if (!isSecondHalf) {
        keep(chunk.subarray(start, at));
        if (length > 0) yield cut();
        number++;
      }
      start = at + 1;
    }
    keep(Uint8Array.from(chunk.subarray(start))); // a copy: the reader may reuse its buffer
  }
  if (length > 0) yield cut();
}
