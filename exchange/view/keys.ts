/**
 * Where everything lies in Redis. All keys of a partition share its hash tag, so that view, position and freshness can
 * be read and written in one step, in a cluster too. The number in front is the view's generation: a rebuild fills the
 * next one beside the one that look-ups read.
 */

import { PERSON_KEY_BYTES } from '#core/field/identity.ts';
import { LOG_EDITION } from '#exchange/topics/topics.ts';
import { tagOf } from './hash-slot.ts';

/** 1 and up; never used twice in a partition. */
export type Generation = number;
export const FIRST_GENERATION: Generation = 1;

/** Views of two editions of the log never mix: their partitions, and maybe their people's keys, are others. */
const EDITION_PREFIX = LOG_EDITION === 1 ? '' : `e${LOG_EDITION}:`;

/** The person's view: `<generation>{<tag>}` and the 16 raw bytes of the key. */
export function viewKey(generation: Generation, partition: number, personKey: Buffer): Buffer {
  return Buffer.concat([prefixOf(generation, partition), personKey]);
}

export function positionKey(generation: Generation, partition: number): string {
  return `${EDITION_PREFIX}${generation}{${tagOf(partition)}}:position`;
}

export function freshnessKey(generation: Generation, partition: number): string {
  return `${EDITION_PREFIX}${generation}{${tagOf(partition)}}:freshness`;
}

/** Which generation is live: the one that look-ups read. Absent: the first. */
export function liveKey(partition: number): string {
  return `${EDITION_PREFIX}{${tagOf(partition)}}:generation`;
}

/** Which generation a rebuild fills. Absent: none; `abandoned 3`: none, and 3 was given up. */
export function buildingKey(partition: number): string {
  return `${EDITION_PREFIX}{${tagOf(partition)}}:building`;
}

/** A generation's number as it is stored. */
export function parseGeneration(stored: string | Buffer | null | undefined): Generation {
  return stored === null || stored === undefined ? FIRST_GENERATION : Number(stored.toString());
}

const ABANDONED = /^abandoned (\d+)$/;

export function abandoned(generation: Generation): string {
  return `abandoned ${generation}`;
}

/** The generation that a rebuild fills; null for none, or one that was given up. */
export function parseBuilding(stored: string | Buffer | null | undefined): Generation | null {
  return stored === null || stored === undefined || ABANDONED.test(stored.toString())
    ? null
    : Number(stored.toString());
}

/** The highest number that the pointer to what is being built remembers; 0 for none. */
export function numberIn(stored: string | Buffer | null | undefined): Generation {
  const text = stored?.toString() ?? '0';
  return Number(ABANDONED.exec(text)?.[1] ?? text);
}

/** For SCAN: all that belongs to a generation, views or not. Without a generation: of every one. */
export function generationPattern(generation?: Generation): string {
  return `${EDITION_PREFIX}${generation ?? '[0-9]*'}{*`;
}

export interface KeyParts {
  readonly generation: Generation;
  readonly partition: number;
  /** Null: a position or a freshness. */
  readonly personKey: Buffer | null;
}

const KEY = new RegExp(`^${EDITION_PREFIX}(\\d+)\\{(\\d+)[A-Za-z]*\\}$`);
const BRACE = '}'.charCodeAt(0);

/** What a key of a generation says; null for any other key. */
export function parseKey(key: Buffer): KeyParts | null {
  const end = key.indexOf(BRACE) + 1;
  const [, generation, partition] = KEY.exec(key.toString('latin1', 0, end)) ?? [];
  if (generation === undefined) return null;
  return {
    generation: Number(generation),
    partition: Number(partition),
    personKey: key.length === end + PERSON_KEY_BYTES ? key.subarray(end) : null,
  };
}

const ANY_KEY = /^(?:e(\d+):)?\d*\{\d+[A-Za-z]*\}/;

/** Whether a key belongs to an earlier edition of the log: a view, a position, a freshness or a pointer. */
export function isOfFormerEdition(key: Buffer): boolean {
  const found = ANY_KEY.exec(key.toString('latin1'));
  return found !== null && Number(found[1] ?? 1) < LOG_EDITION;
}

const prefixes = new Map<string, Buffer>();

function prefixOf(generation: Generation, partition: number): Buffer {
  const text = `${EDITION_PREFIX}${generation}{${tagOf(partition)}}`;
  const known = prefixes.get(text);
  if (known !== undefined) return known;
  const made = Buffer.from(text);
  prefixes.set(text, made);
  return made;
}
