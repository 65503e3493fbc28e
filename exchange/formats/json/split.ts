/**
 * A body of events cut into the bytes of each: the elements of a JSON array, one JSON object, or lines of NDJSON. It
 * looks at brackets and quotes alone, in one pass, and must never parse: so what a body costs is bounded by its bytes,
 * however it is made, and a broken element takes no other down.
 */

import { CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, Scan } from './scan.ts';

/** What one event of a body is made of. */
export interface EventBytes {
  readonly bytes: Uint8Array;
  /** Of an NDJSON body, from 1. */
  readonly line?: number;
}

export interface SplitLimits {
  readonly eventsMax: number;
  /** A body's work is done in pieces of so many bytes; `pause` is called between them. */
  readonly pieceBytes: number;
}

/** Why a body can't be cut: it has more events than the limit, or its array never ends or doesn't begin. */
export type SplitFault = 'too-many' | 'not-json';

export type Split =
  | { readonly ok: true; readonly events: readonly EventBytes[] }
  | { readonly ok: false; readonly why: SplitFault };

const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === LINE_FEED || byte === 0x0d;

/** @param pause lets others have the machine; called between pieces */
export async function splitJson(body: Uint8Array, limits: SplitLimits, pause: () => Promise<void>): Promise<Split> {
  const [from, until] = withoutBlanks(body, afterMark(body), body.length);
  if (from === until) return { ok: true, events: [] };
  if (body[from] !== OPEN_ARRAY) return { ok: true, events: [{ bytes: body.subarray(from, until) }] };
  return splitArray(body, from, until, limits, pause);
}

/** Blank lines are none; they count against the limit as lines do, for each costs a look. */
export async function splitNdjson(body: Uint8Array, limits: SplitLimits, pause: () => Promise<void>): Promise<Split> {
  const events: EventBytes[] = [];
  const linesMax = limits.eventsMax * 2;
  let pausedAt = 0;
  let line = 0;
  for (let start = afterMark(body); start < body.length;) {
    line += 1;
    if (line > linesMax) return { ok: false, why: 'too-many' };
    const found = body.indexOf(LINE_FEED, start);
    const end = found === -1 ? body.length : found;
    const [from, until] = withoutBlanks(body, start, end);
    if (from < until) {
      if (events.length === limits.eventsMax) return { ok: false, why: 'too-many' };
      events.push({ bytes: body.subarray(from, until), line });
    }
    start = end + 1;
    if (start - pausedAt >= limits.pieceBytes) {
      pausedAt = start;
      await pause();
    }
  }
  return { ok: true, events };
}

async function splitArray(
  body: Uint8Array,
  from: number,
  until: number,
  { eventsMax, pieceBytes }: SplitLimits,
  pause: () => Promise<void>,
): Promise<Split> {
  const scan = new Scan();
  const events: EventBytes[] = [];
  let start = from + 1;
  let at = from + 1;
  /** Takes the element that ends here; an array without any has none. */
  const take = (end: number, isLast: boolean): boolean => {
    const [first, last] = withoutBlanks(body, start, end);
    if (isLast && events.length === 0 && first === last) return true;
    events.push({ bytes: body.subarray(first, last) });
    return events.length <= eventsMax;
  };
  while (at < until) {
    const pieceEnd = Math.min(until, at + pieceBytes);
    for (; at < pieceEnd; at += 1) {
      const byte = body[at] as number;
      if (scan.isOutermost && byte === COMMA) {
        if (!take(at, false)) return { ok: false, why: 'too-many' };
        start = at + 1;
      } else if (scan.isOutermost && (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT)) {
        // What stands behind the end, or closes what wasn't opened, makes the whole body something else.
        if (byte !== CLOSE_ARRAY || at !== until - 1) return { ok: false, why: 'not-json' };
        return take(at, true) ? { ok: true, events } : { ok: false, why: 'too-many' };
      } else scan.see(byte);
    }
    await pause();
  }
  return { ok: false, why: 'not-json' };
}

function afterMark(body: Uint8Array): number {
  return BYTE_ORDER_MARK.every((byte, index) => body[index] === byte) ? BYTE_ORDER_MARK.length : 0;
}

function withoutBlanks(body: Uint8Array, from: number, until: number): [from: number, until: number] {
  let [first, last] = [from, until];
  while (first < last && isBlank(body[first])) first += 1;
  while (last > first && isBlank(body[last - 1])) last -= 1;
  return [first, last];
}
