/**
 * Lines of NDJSON as events for the door, untouched: whether an event is right is the door's to judge. Only what the
 * door couldn't read at all is sorted out here, by the same reader as the door's. What a line holds is never quoted.
 */

import { fault, type Reading, taken } from './format-fault.ts';
import { EVENT_BYTES_MAX, type JsonFault, readEventJson } from './json/read.ts';
import type { Line } from './lines.ts';

export const isNdjsonLineBreak = (byte: number): boolean => byte === 0x0a;

const NOT_AN_OBJECT = { reason: 'is not a JSON object', hint: 'write one event per line, each a complete JSON object' };

const WORDS: Readonly<Record<JsonFault, { readonly reason: string; readonly hint: string }>> = {
  'event-too-long': { reason: `is longer than ${EVENT_BYTES_MAX} bytes`, hint: 'write one event per line' },
  'not-utf8': { reason: 'is not UTF-8', hint: 'write the file as UTF-8' },
  'not-json': NOT_AN_OBJECT,
  'duplicate-name': { reason: 'has this name twice in one object', hint: 'write each field once' },
  'broken-character': { reason: 'holds one half of a character', hint: 'write the text again, as UTF-8' },
};

/** The line's JSON; null for a blank line. */
export function readNdjsonLine(line: Line): Reading<string | null> {
  if (line.isTooLong) return refused('', 'event-too-long');
  const bytes = Buffer.from(line.bytes);
  const text = bytes.toString('utf8').trim();
  if (text === '') return taken(null);
  const read = readEventJson(bytes);
  if (!read.ok && read.why !== 'not-json') return refused(read.pointer, read.why);
  if (text.startsWith('['))
    return fault('', 'is a JSON array', 'write one event per line, without the brackets around them');
  const isObject = read.ok && typeof read.value === 'object' && read.value !== null;
  return isObject ? taken(text) : refused('', 'not-json');
}

function refused(pointer: string, why: JsonFault): Reading<string | null> {
  const { reason, hint } = WORDS[why];
  return fault(pointer, reason, hint);
}
