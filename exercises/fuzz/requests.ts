/**
 * Draws the fuzzer's requests from its seed: to which door, what a right one would be, and how it is wrong. It must
 * never draw from anything but the seed.
 */

import { PROVINCE_CODES } from '#core/field/regions.ts';
import type { Random } from '#exercises/town/random.ts';
import { type Body, JSON_TYPE, NDJSON_TYPE, spoilBytes } from './bytes.ts';
import { spoilMeaning } from './meaning.ts';
import { type Json, type Town, validEvent, validQuestion } from './valid.ts';

export type Door = 'intake' | 'lookup';

export interface FuzzRequest extends Body {
  readonly door: Door;
  readonly method: string;
  readonly path: string;
  readonly how: 'meaning' | 'bytes' | 'http';
  /** How many events it holds; null: nobody can say, or it isn't for the intake. */
  readonly events: number | null;
}

const SHARE_OF_INTAKE = 0.6;
/** Of the batches: events that are only to be checked, so that none of them may get into the log. */
const SHARE_OF_CHECKS = 0.1;
const EVENTS_MAX = 12;
const METHODS = ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST', 'HEAD', 'PROPFIND'];
const PATHS = [
  '/',
  '/v1/events/',
  '/v1/../v1/events',
  '/v1/people/%',
  '/v1/people/xyz',
  '/v1/people/%00',
  `/v1/people/${'a'.repeat(32)}`,
  `/${'x'.repeat(3_000)}`,
  '//v1/events',
  '/v1/recognitions?x=1',
  '/v1/recognitions/all-destinations/x',
  '/metrics/x',
  '/%e4%b8',
];
const ODD_HEADERS: readonly Readonly<Record<string, string>>[] = [
  { authorization: '' },
  { authorization: 'Basic x' },
  { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
  { authorization: `Bearer ${'x'.repeat(9_000)}` },
  { accept: 'text/html' },
  { 'x-forwarded-for': '1.2.3.4' },
  { cookie: 'a=b; '.repeat(200) },
  { expect: 'x' },
  { range: 'bytes=0-1' },
  { traceparent: 'rubbish' },
];

/** @param numbers the canaries, which are also written where they don't belong */
export function drawRequest(town: Town, random: Random, numbers: readonly string[]): FuzzRequest {
  const right = random.chance(SHARE_OF_INTAKE) ? rightBatch(town, random) : rightQuestion(town, random);
  const point = random.next();
  if (point < 0.6) return wrongInMeaning(right, random, numbers);
  const { door, method, path } = right;
  if (point < 0.9) return { door, method, path, how: 'bytes', events: null, ...spoilBytes(bodyOf(right), random) };
  return { ...bodyOf(right), ...wrongAsHttp(right, random), how: 'http', events: null };
}

interface Right {
  readonly door: Door;
  readonly method: string;
  readonly path: string;
  /** What is spoiled one by one: the events, or the one question. */
  readonly parts: readonly Json[];
  readonly form: 'one' | 'array' | 'ndjson' | 'batch';
}

function rightBatch(town: Town, random: Random): Right {
  const form = random.pick(['one', 'array', 'ndjson'] as const);
  const count = form === 'one' ? 1 : 1 + random.below(EVENTS_MAX);
  const parts = Array.from({ length: count }, () => validEvent(town, random));
  const path = random.chance(SHARE_OF_CHECKS) ? '/v1/events/check' : '/v1/events';
  return { door: 'intake', method: 'POST', path, parts, form };
}

function rightQuestion(town: Town, random: Random): Right {
  const question = validQuestion(town, random);
  const { destination: _, ...anywhere } = question;
  const at = (path: string, form: Right['form'], parts: readonly Json[]): Right => ({
    door: 'lookup',
    method: 'POST',
    path,
    form,
    parts,
  });
  return random.pick<() => Right>([
    () => at('/v1/recognitions', 'one', [question]),
    () => at('/v1/recognitions/all-destinations', 'one', [anywhere]),
    () => at('/v1/recognitions/batch', 'batch', [question, validQuestion(town, random)]),
  ])();
}

function wrongInMeaning(right: Right, random: Random, numbers: readonly string[]): FuzzRequest {
  const { door, method, path } = right;
  const parts = right.parts.map((part, index) =>
    index === 0 || random.chance(0.5) ? spoilMeaning(part, random, numbers) : part,
  );
  const body = bodyOf({ ...right, parts });
  // One event that has become an array is a batch of as many as are in it, whatever they are.
  const isCounted = door === 'intake' && !(right.form === 'one' && Array.isArray(parts[0]));
  return { ...body, door, method, path, how: 'meaning', events: isCounted ? parts.length : null };
}

function wrongAsHttp(
  { method, path }: Right,
  random: Random,
): Pick<FuzzRequest, 'door' | 'method' | 'path' | 'headers'> {
  const door = random.pick<Door>(['intake', 'lookup']);
  const headers = { ...JSON_TYPE, ...random.pick(ODD_HEADERS) };
  return random.pick<() => ReturnType<typeof wrongAsHttp>>([
    () => ({ door, method: random.pick(METHODS), path, headers: JSON_TYPE }),
    () => ({ door, method, path: random.pick(PATHS), headers: JSON_TYPE }),
    () => ({ door, method: 'GET', path: `/v1/people/${random.pick(PROVINCE_CODES)}`, headers: JSON_TYPE }),
    () => ({ door, method, path, headers }),
  ])();
}

function bodyOf({ parts, form }: Right): Body {
  const [first = null] = parts;
  switch (form) {
    case 'one':
      return { bytes: textOf(first), headers: JSON_TYPE };
    case 'array':
      return { bytes: textOf([...parts]), headers: JSON_TYPE };
    case 'batch':
      return { bytes: textOf({ items: [...parts] }), headers: JSON_TYPE };
    case 'ndjson':
      return {
        bytes: Buffer.concat(parts.map((part) => Buffer.concat([textOf(part), LINE_END]))),
        headers: NDJSON_TYPE,
      };
  }
}

const LINE_END = Buffer.from('\n');
const textOf = (value: Json): Buffer => Buffer.from(JSON.stringify(value));
