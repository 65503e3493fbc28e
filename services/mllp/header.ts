/**
 * What of a message's header an acknowledgement gives back, as the bytes that came: it must never be read as text, for
 * the sender looks for the very number that it sent.
 */

import { type Delimiters, delimitersOf } from '#exchange/formats/hl7/message.ts';

export interface Header {
  readonly delimiters: Delimiters;
  /** As written, each a character a byte; from 1, as the standard counts. */
  readonly fields: readonly string[];
}

const HEADER_BYTES_MAX = 4_096;
const FIELD_CHARS_MAX = 250;

/** Of what is no message, all fields are empty. */
export function headerOf(message: Buffer): Header {
  const text = message.toString('latin1', 0, HEADER_BYTES_MAX).replace(/^(?:[\s\0]|\u00ef\u00bb\u00bf)+/, '');
  const line = text.split(/[\r\n]/)[0] ?? '';
  const delimiters = line.startsWith('MSH') ? delimitersOf(line) : null;
  if (delimiters === null) return { delimiters: delimitersOf('MSH|^~\\&') as Delimiters, fields: [] };
  const [, ...fields] = line.split(delimiters.field);
  return { delimiters, fields: ['', delimiters.field, ...fields].map((field) => field.slice(0, FIELD_CHARS_MAX)) };
}
