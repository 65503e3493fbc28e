/**
 * Lines of NDJSON as events for the door, untouched: whether an event is right is the door's to judge. Only what can't
 * be a JSON object at all is sorted out here, and what a line holds is never quoted.
 */

import { fault, type Reading, taken } from './format-fault.ts';
import type { Line } from './lines.ts';

export const NDJSON_LINE_BYTES_MAX = 64 * 1024;

export const isNdjsonLineBreak = (byte: number): boolean => byte === 0x0a;

/** The line's JSON; null for a blank line. */
export function readNdjsonLine(line: Line): Reading<string | null> {
  if (line.isTooLong) return fault('', `is longer than ${NDJSON_LINE_BYTES_MAX} bytes`, 'write one event per line');
  const text = decode(line.bytes)?.trim();
  if (text === undefined) return fault('', 'is not UTF-8', 'write the file as UTF-8');
  if (text === '') return taken(null);
  if (text.startsWith('['))
    return fault('', 'is a JSON array', 'write one event per line, without the brackets around them');
  return isJsonObject(text)
    ? taken(text)
    : fault('', 'is not a JSON object', 'write one event per line, each a complete JSON object');
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false; // the parser's own message would quote the line
  }
}
