/**
 * The texts that a file's bytes may be. A mark decides; else UTF-8 where the bytes are, and GB 18030, of which nearly
 * all bytes are something, only for who proves it by what stands in the text. It must never put a replacement for what
 * it can't read into a whole row.
 */

export interface FileText {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';
  readonly text: string;
  /** Whether the last character is cut: the text then ends with U+FFFD. */
  readonly isCut: boolean;
}

type Encoding = FileText['encoding'];

/** In the order in which they are to be tried. */
export function textsOf(bytes: Uint8Array): readonly FileText[] {
  const marked = encodingOfMark(bytes);
  const encodings: readonly Encoding[] = marked === null ? ['utf-8', 'gb18030'] : [marked];
  return encodings.map((encoding) => decode(bytes, encoding)).filter((text) => text !== null);
}

function encodingOfMark([first, second, third]: Uint8Array): Encoding | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

/** A character of these encodings has at most so many bytes; of one that is cut, one is missing. */
const LONGEST_CUT_BYTES = 3;

function decode(bytes: Uint8Array, encoding: Encoding): FileText | null {
  for (let cut = 0; cut <= Math.min(LONGEST_CUT_BYTES, bytes.length); cut++) {
    const text = decodeStrictly(bytes.subarray(0, bytes.length - cut), encoding);
    // What is cut off must be the beginning of a character, which is no character by itself: never a line's end.
    const isBeginning = cut === 0 || !bytes.subarray(bytes.length - cut).includes(0x0a);
    if (text !== null && isBeginning) return { encoding, text: cut === 0 ? text : `${text}\ufffd`, isCut: cut > 0 };
  }
  return null;
}

function decodeStrictly(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
