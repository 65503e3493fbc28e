/**
 * From a message's bytes to text. Never fails: what can't be decoded becomes U+FFFD, which the mapping refuses in any
 * field that it needs and overlooks in the others (a name that nobody here reads must not cost a person their result).
 */

/** HL7 table 0211 (MSH-18) to the names that TextDecoder knows. */
const ENCODINGS: ReadonlyMap<string, string> = new Map([
  ['8859/1', 'windows-1252'],
  ['8859/2', 'iso-8859-2'],
  ['8859/5', 'iso-8859-5'],
  ['8859/15', 'iso-8859-15'],
  ['GB 18030-2000', 'gb18030'],
  ['GB18030', 'gb18030'],
  ['GBK', 'gb18030'],
  ['GB2312', 'gb18030'],
  ['BIG-5', 'big5'],
  ['UNICODE UTF-16', 'utf-16le'],
]);

/**
 * UTF-8 where the bytes are UTF-8, whatever the header says: other encodings hardly ever look like it by chance, while
 * headers often name one that the sender doesn't use. Else what MSH-18 names.
 */
export function decodeMessage(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const declared = ENCODINGS.get(declaredEncoding(bytes));
    return new TextDecoder(declared ?? 'utf-8').decode(bytes);
  }
}

function declaredEncoding(bytes: Uint8Array): string {
  const header =
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4_096))
      .toString('latin1')
      .split(/[\r\n]/)[0] ?? '';
  const separator = header[3] ?? '|';
  return (header.split(separator)[17] ?? '').split('~')[0]?.trim().toUpperCase() ?? '';
}

/** Whether some of a text was lost in decoding. */
export function isGarbled(text: string): boolean {
  return text.includes('\uFFFD');
}
