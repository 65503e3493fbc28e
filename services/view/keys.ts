/**
 * Where everything lies in Redis. All keys of a partition share its hash tag, so that view, position and freshness can be
 * read and written in one step, in a cluster too. The digit in front is the view's generation.
 */
import { PERSON_KEY_BYTES } from '#core/identity.ts';
import { tagOf } from './hash-slot.ts';

const GENERATION = '1';

/** The person's view: `1{<tag>}` and the 16 raw bytes of the key. */
export function viewKey(partition: number, personKey: Buffer): Buffer {
  return Buffer.concat([prefixOf(partition), personKey]);
}

export function positionKey(partition: number): string {
  return `${GENERATION}{${tagOf(partition)}}:position`;
}

export function freshnessKey(partition: number): string {
  return `${GENERATION}{${tagOf(partition)}}:freshness`;
}

/** For SCAN; it also finds positions and freshness, which `isViewKey` tells apart. */
export const VIEW_KEYS_PATTERN = `${GENERATION}{*`;

export function isViewKey(key: Buffer): boolean {
  return key.length === key.indexOf('}') + 1 + PERSON_KEY_BYTES;
}

const prefixes = new Map<number, Buffer>();

function prefixOf(partition: number): Buffer {
  const known = prefixes.get(partition);
  if (known !== undefined) return known;
  const made = Buffer.from(`${GENERATION}{${tagOf(partition)}}`);
  prefixes.set(partition, made);
  return made;
}
