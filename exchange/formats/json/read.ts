/**
 * The bytes of one event to its JSON value, strictly (RFC 8259 and RFC 7493): UTF-8 alone, no name twice in an object,
 * no half of a character. What would be read as something else than was meant is refused here; nothing is mended, and
 * no fault repeats what stood there.
 */

import { isUtf8 } from 'node:buffer';
import { type JSONPath, visit } from 'jsonc-parser';
import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './scan.ts';

/** An event takes a few hundred bytes; this holds the longest that the limits of its texts allow. */
export const EVENT_BYTES_MAX = 64 * 1024;

export type JsonFault = 'event-too-long' | 'not-utf8' | 'not-json' | 'duplicate-name' | 'broken-character';

export type JsonRead =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly why: JsonFault;
      /** JSON pointer; '' for the whole. Never holds a name that isn't a field's of an event. */
      readonly pointer: string;
      /** Of `not-utf8`: which byte of the event, from 1. */
      readonly byte?: number;
    };

/** More brackets within one another than any form has. What is read by going down into it would fill the stack. */
const DEPTH_MAX = 200;

/** Bytes without blanks around them. */
export function readEventJson(bytes: Uint8Array): JsonRead {
  return bytes.length > EVENT_BYTES_MAX ? { ok: false, why: 'event-too-long', pointer: '' } : readJson(bytes);
}

/** Whether a name may stand twice, as nobody reads what it names. @param path to it. @param root the whole as parsed */
export type MayRepeat = (path: JSONPath, root: unknown) => boolean;

/** The same of bytes that whoever calls has bounded. */
export function readJson(bytes: Uint8Array, mayRepeat: MayRepeat = () => false): JsonRead {
  if (!isUtf8(bytes)) return { ok: false, why: 'not-utf8', pointer: '', byte: firstBrokenByte(bytes) };
  const names = namesWritten(bytes);
  if (names === null) return { ok: false, why: 'not-json', pointer: '' };
  const text = textOf(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message would repeat a part of the text.
    return { ok: false, why: 'not-json', pointer: '' };
  }
  const duplicate = namesOf(value) === names ? null : duplicateIn(text, (path) => mayRepeat(path, value));
  if (duplicate !== null) return { ok: false, why: 'duplicate-name', pointer: duplicate };
  const broken = text.includes('\\u') ? brokenCharacterIn(value, '') : null;
  return broken === null ? { ok: true, value } : { ok: false, why: 'broken-character', pointer: broken };
}

/**
 * How many names its objects are written with: each has the only kind of colon that stands outside of a string. Null
 * where brackets stand too deep within one another.
 */
function namesWritten(bytes: Uint8Array): number | null {
  let count = 0;
  let depth = 0;
  let isInString = false;
  // By hand what Scan does: of each event all bytes go through here.
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) isInString = !isInString;
    else if (isInString) {
      if (byte === BACKSLASH) at += 1;
    } else if (byte === COLON) count += 1;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth += 1;
      if (depth > DEPTH_MAX) return null;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
  }
  return count;
}

const COLON = 0x3a;

/** How many names the objects of a value have together. Of two that were written as one only the last is left. */
function namesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, one: unknown) => sum + namesOf(one), 0);
  let count = 0;
  for (const inner of Object.values(value)) count += 1 + namesOf(inner);
  return count;
}

/** Each is looked up by its path: nobody who writes by mistake repeats more. */
const REPEATED_MAX = 1_000;

/** Where the second of two equal names stands, if it may not. Read again only here: what is right is parsed once. */
function duplicateIn(text: string, mayRepeat: (path: JSONPath) => boolean): string | null {
  const seen: Set<string>[] = [];
  let found: JSONPath | null = null;
  let repeated = 0;
  visit(text, {
    onObjectBegin: () => {
      seen.push(new Set());
    },
    onObjectEnd: () => {
      seen.pop();
    },
    onObjectProperty: (name, _offset, _length, _line, _character, pathSupplier) => {
      const names = seen.at(-1);
      if (found === null && names?.has(name) === true) {
        const path = [...pathSupplier(), name];
        repeated += 1;
        if (repeated > REPEATED_MAX || !mayRepeat(path)) found = path;
      }
      names?.add(name);
    },
  });
  return found === null ? null : pointerOf(found);
}

/** Where a string or a name holds one half of a surrogate pair; null where none does. */
function brokenCharacterIn(value: unknown, pointer: string): string | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : pointer;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    if (!name.isWellFormed()) return pointer;
    const found = brokenCharacterIn(inner, `${pointer}${pointerOf([Array.isArray(value) ? Number(name) : name])}`);
    if (found !== null) return found;
  }
  return null;
}

/** As far as it leads by names that a field may have, or by places in an array: any other may be a person's number. */
function pointerOf(path: JSONPath): string {
  const end = path.findIndex((part) => typeof part === 'string' && !FIELD_NAME.test(part));
  return (end === -1 ? path : path.slice(0, end)).map((part) => `/${part}`).join('');
}

const FIELD_NAME = /^[A-Za-z]{1,40}$/;

/** Where the first character that isn't UTF-8 begins, from 1: read as text and written again, it changes there. */
function firstBrokenByte(bytes: Uint8Array): number {
  const rewritten = Buffer.from(textOf(bytes));
  const changed = bytes.findIndex((byte, at) => byte !== rewritten[at]);
  // What stands before may end within that character; and one that is cut at the end is only added to.
  let end = changed === -1 ? bytes.length : changed;
  while (!isUtf8(bytes.subarray(0, end))) end -= 1;
  return end + 1;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
