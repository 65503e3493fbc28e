/**
 * The body of `POST /v1/events` to raw events: a JSON array, one JSON object, or NDJSON with an event a line. A line
 * that is no JSON is refused by itself and takes no other down.
 */

import { createGunzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { refusalOf } from '#platform/problems.ts';
import type { RawEvent } from './acceptance.ts';
import { DOOR_LIMITS } from './door.ts';

/** Lets the door take gzip and NDJSON; the body's limit counts decompressed bytes. */
export function takeCompressedAndNdjson(app: FastifyInstance): void {
  app.addHook('preParsing', async (request, _reply, payload) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding === 'identity') return payload;
    if (encoding !== 'gzip')
      throw Object.assign(new Error('unknown content encoding'), {
        statusCode: 415,
        code: 'FST_ERR_CTP_INVALID_CONTENT_ENCODING',
      });
    delete request.headers['content-length'];
    return payload.pipe(createGunzip()).on('error', () => payload.destroy());
  });
  app.addContentTypeParser('application/x-ndjson', { parseAs: 'string' }, (_request, body, done) =>
    done(null, parseNdjson(body as string)),
  );
}

export function rawEventsOf(body: unknown): readonly RawEvent[] {
  if (isParsedNdjson(body)) return body.events;
  if (body === undefined) return []; // no body at all, which is no event either
  return (Array.isArray(body) ? body : [body]).map((value: unknown) => ({ value }));
}

interface ParsedNdjson {
  readonly events: readonly RawEvent[];
}

const parsedBodies = new WeakSet<object>();

function isParsedNdjson(body: unknown): body is ParsedNdjson {
  return typeof body === 'object' && body !== null && parsedBodies.has(body);
}

function parseNdjson(text: string): ParsedNdjson {
  const events: RawEvent[] = [];
  text.split('\n').forEach((content, index) => {
    if (content.trim() !== '') events.push(parseLine(content, index + 1));
  });
  const parsed = { events };
  parsedBodies.add(parsed);
  return parsed;
}

function parseLine(content: string, line: number): RawEvent {
  try {
    return { value: JSON.parse(content), line };
  } catch {
    // The parser's own message would repeat a part of the line.
    return { value: null, line, refusal: refusalOf('not-json', '') };
  }
}

export function tooManyEvents(count: number): string | null {
  return count > DOOR_LIMITS.eventsMax ? `${count} events, more than ${DOOR_LIMITS.eventsMax}` : null;
}
