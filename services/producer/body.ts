/**
 * The body of `POST /v1/events` to raw events: a JSON array, one JSON object, or NDJSON with an event a line. What
 * can't be read is refused by itself and takes no other down. It must never hold the event loop for long, whatever the
 * body.
 */

import { createGunzip } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type EventBytes, type Split, splitJson, splitNdjson } from '#exchange/formats/json/split.ts';
import { type RawEvent, rawEventOf } from '#exchange/intake/judge.ts';
import { inTurns } from '#platform/limits/turns.ts';
import { DOOR_LIMITS } from './door.ts';

/** What is read of a body between two looks at the clock. */
const PIECE_BYTES = 128 * 1024;

/** A body that was cut into events, or why it can't be. */
export class EventsBody {
  readonly split: Split;
  constructor(split: Split) {
    this.split = split;
  }

  /** None where it can't be cut. */
  get events(): readonly EventBytes[] {
    return this.split.ok ? this.split.events : [];
  }
}

/** Has the door read bodies so; the limit counts decompressed bytes. */
export function takeEventBodies(app: FastifyInstance): void {
  app.addHook('preParsing', async (request, _reply, payload) => {
    requireUtf8(request);
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding === 'identity') return payload;
    if (encoding !== 'gzip') throw refusedAs('FST_ERR_CTP_INVALID_CONTENT_ENCODING');
    delete request.headers['content-length'];
    return payload.pipe(createGunzip()).on('error', () => payload.destroy());
  });
  app.removeContentTypeParser('application/json');
  const limits = { eventsMax: DOOR_LIMITS.eventsMax, pieceBytes: PIECE_BYTES };
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => {
    if (body.length === 0) throw refusedAs('FST_ERR_CTP_EMPTY_JSON_BODY', 400);
    return new EventsBody(await splitJson(body, limits, inTurns()));
  });
  app.addContentTypeParser(
    'application/x-ndjson',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => new EventsBody(await splitNdjson(body, limits, inTurns())),
  );
}

/** JSON is UTF-8 (RFC 8259). A body that says it is something else would be read as other characters than it means. */
function requireUtf8({ headers }: FastifyRequest): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) throw refusedAs('FST_ERR_CTP_INVALID_CHARSET');
}

/** Its words are in the table of platform/http.ts. */
function refusedAs(code: string, statusCode = 415): Error {
  return Object.assign(new Error(code), { statusCode, code });
}

/** Events that were cut, read in turns. */
export async function rawEventsOf(cut: Iterable<EventBytes>): Promise<readonly RawEvent[]> {
  const pause = inTurns();
  const events: RawEvent[] = [];
  for (const one of cut) {
    events.push({ ...rawEventOf(one.bytes), ...(one.line === undefined ? {} : { line: one.line }) });
    await pause();
  }
  return events;
}
