/**
 * From a message's bytes to text. Never fails: what can't be decoded becomes U+FFFD, which the mapping refuses in any
 * field that it needs and overlooks in the others (a name that nobody here reads must not cost a person their result).
 */

import { isAscii } from 'node:buffer';

/** HL7 table 0211 (MSH-18) to the names that TextDecoder knows. */
const ENCODINGS: ReadonlyMap<string, string> = new Map([
  ['8859/1', 'windows-1252'],
  ['8859/2', 'iso-8859-2'],
  ['8859/5', 'iso-8859-5'],
  ['8859/15', 'iso-8859-15'],
  ['GB 18030-2000', 'gb18030'],
  ['GB 18030', 'gb18030'],
  ['GB18030', 'gb18030'],
  ['GB18030-2000', 'gb18030'],
  ['GBK', 'gb18030'],
  ['GB2312', 'gb18030'],
  ['GB 2312', 'gb18030'],
  ['GB2312-80', 'gb18030'],
  ['CP936', 'gb18030'],
  ['BIG-5', 'big5'],
  ['BIG5', 'big5'],
  ['KS X 1001', 'euc-kr'],
]);
const UTF_8 = new Set(['UNICODE UTF-8', 'UTF-8', 'UTF8']);

/**
 * UTF-8 where the bytes are UTF-8 and the header doesn't contradict it convincingly: other encodings hardly ever look
 * like it by chance, while headers often name one that the sender doesn't use. Chinese in GBK does so now and then, but
 * then as letters of two bytes alone, never as Chinese.
 */
export function decodeMessage(bytes: Uint8Array): string {
  if (isAscii(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const declared = declaredEncodings(bytes);
  const utf8 = decoded(bytes, 'utf-8');
  const others = declared.flatMap((name) => ENCODINGS.get(name) ?? []);
  if (utf8 !== null) {
    const mayBeGbk = looksLikeGbk(utf8);
    if (!mayBeGbk || declared.some((name) => UTF_8.has(name))) return utf8;
    if (others.includes('gb18030')) return decoded(bytes, 'gb18030') ?? utf8;
    return utf8.replace(TWO_BYTE_PAIRS, (pair) => '\uFFFD'.repeat(pair.length)); // nobody can tell which it is
  }
  for (const name of others) {
    const text = decoded(bytes, name);
    if (text !== null) return text;
  }
  return new TextDecoder(others[0] ?? 'utf-8').decode(bytes);
}

/** Two letters and more, each of which is also a character of GBK, and nothing that UTF-8 alone can say. */
function looksLikeGbk(text: string): boolean {
  return TWO_BYTE_PAIR.test(text) && !/[\u0800-\uffff]/.test(text.replaceAll('\ufeff', ''));
}

/** What is C2 A1 to DF BF in UTF-8: U+00A1 to U+07FF, where the second byte is one of GB 2312. */
const TWO_BYTE_PAIR = /[\u00a1-\u00bf\u00e0-\u07ff]{2}/;
const TWO_BYTE_PAIRS = /[\u00a1-\u07ff]{2,}/g;

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const HEADER_BYTES = 4_096;

/** All that MSH-18 names: where it repeats, the first is the usual one, and the others occur too. */
function declaredEncodings(bytes: Uint8Array): readonly string[] {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEADER_BYTES));
  const end = start.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  const header = end < 0 ? start : start.subarray(0, end);
  const names = namesIn(header.toString('latin1'));
  if (names.some((name) => ENCODINGS.has(name) || UTF_8.has(name))) return names;
  // A Chinese character may end in the byte of the separator, which moves all that is behind it.
  const asGbk = namesIn(new TextDecoder('gb18030').decode(header));
  return asGbk.some((name) => ENCODINGS.get(name) === 'gb18030') ? asGbk : names;
}

function namesIn(header: string): readonly string[] {
  const text = header.replace(/^[\s\0\u200b-\u200f\u2060\ufeff]+|^ï»¿/, '');
  const field = text.split(text[3] ?? '|')[17] ?? '';
  const repetition = text[5] ?? '~';
  return field.split(repetition).map(
    (name) =>
      name
        .split(text[4] ?? '^')[0]
        ?.trim()
        .toUpperCase() ?? '',
  );
}

/** Whether some of a text was lost in decoding. */
export function isGarbled(text: string): boolean {
  return text.includes('\uFFFD');
}
