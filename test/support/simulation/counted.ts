/**
 * What the log says of a partition when it is counted, held against what is stored beside the position. It never looks
 * at how the materialiser counts.
 */

import type { Position } from '#core/view/snapshot.ts';
import { kindOfTopic } from '#exchange/topics/log.ts';
import type { Generation } from '#exchange/view/keys.ts';
import { KEYS } from '#test/support/first-edition.ts';
import type { SimRedis } from './redis.ts';
import type { Logged, Truth } from './truth.ts';

export type Hash = Record<string, string>;

/** As a rebuild fills it. Of what can't be read the truth doesn't note the province. */
export function countedIn(records: readonly Logged[]): Hash {
  const hash: Hash = {};
  const add = (field: string): void => void (hash[field] = String(Number(hash[field] ?? 0) + 1));
  for (const { topic, event, reason } of records) {
    const kind = String(kindOfTopic(topic));
    if (reason !== null) add(`unknown ${kind} unreadable:${reason}`);
    if (event === null) continue;
    const field = (what: string): string => `${event.province} ${kind} ${what}`;
    add(field('events'));
    if ('status' in event && event.status === 'corrected') add(field('corrections'));
    if ('status' in event && event.status === 'retracted') add(field('retractions'));
    hash[field('latest')] = String(Math.max(Number(hash[field('latest')] ?? 0), event.acceptedAtMs));
  }
  return hash;
}

interface Counted {
  readonly partition: number;
  readonly generation: Generation;
  readonly position: Position;
  /** Without what is withdrawn with a key. */
  readonly isOut: boolean;
}

export function faultOfCounts(
  redis: SimRedis,
  truth: Truth,
  { partition, generation, position, isOut }: Counted,
): string | null {
  const found = comparable(redis.hash(KEYS.counts(generation, partition)));
  const said = comparable(countedIn(truth.loggedBelow(partition, position, isOut)));
  return found === said ? null : `partition ${partition} has counted ${found}, and the log says ${said}`;
}

/** What can't be read, whosever it is. */
function comparable(hash: Hash): string {
  const numbers = new Map<string, number>();
  for (const [field, number] of Object.entries(hash)) {
    const name = field.replace(/^\w+ (?=\w+ unreadable)/, '');
    numbers.set(name, (numbers.get(name) ?? 0) + Number(number));
  }
  return [...numbers]
    .map(([name, number]) => `${name} ${number}`)
    .sort()
    .join(', ');
}
