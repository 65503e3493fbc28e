/**
 * What look-ups read of a partition, second by second, as small records: now and then in full, between them only what
 * changed against the full one. It must never give a moment of which it lacks a part, nor hold anything of a person.
 */

import type { Position } from '#core/view/snapshot.ts';
import type { Log } from '#exchange/topics/log.ts';
import type { Generation } from './keys.ts';
import { completed, type StoredFreshness } from './stored-freshness.ts';

/** What is committed together, but for the views. */
export interface PartitionMoment {
  readonly generation: Generation;
  readonly position: Position;
  /** The withdrawals of its digest are those that the topic `withdrawals` comes to. */
  readonly freshness: StoredFreshness;
}

/** When it was committed, by the clock of who did. */
export interface DatedMoment extends PartitionMoment {
  readonly atMs: number;
}

/** Of the records of a partition, in an edition of the log. */
export function momentKey({ edition }: Log, partition: number): string {
  return `${edition}/${partition}`;
}

/** A full record at least so often: whoever reads from somewhere finds one as soon. */
export const FULL_EVERY_MS = 60_000;
/** Who takes a partition over may write before the last record of the one before has come. */
const FULLS_KEPT = 2;

interface Full extends DatedMoment {
  readonly id: string;
}
/** The full one's id, how long after it, then each number as it differs: see `numbersOf`. */
type Change = readonly [of: string, elapsedMs: number, ...differences: number[]];

/** Of one partition, by one writer. */
export class MomentWriter {
  readonly #name: string;
  #full: { readonly full: Full; readonly shape: string } | null = null;
  #written = 0;

  /** @param name no other writer of the partition has it */
  constructor(name: string) {
    this.#name = name;
  }

  next(moment: DatedMoment): Buffer {
    const shape = shapeOf(moment);
    const base = this.#full;
    const isOld = base === null || moment.atMs >= base.full.atMs + FULL_EVERY_MS || moment.atMs < base.full.atMs;
    if (isOld || base.shape !== shape) return this.#restated(moment, shape);
    return Buffer.from(JSON.stringify(changeOf(base.full, moment)));
  }

  /** The next one is in full: the last may not have come. */
  restate(): void {
    this.#full = null;
  }

  #restated({ generation, position, freshness, atMs }: DatedMoment, shape: string): Buffer {
    this.#written += 1;
    const full = { id: `${this.#name}.${this.#written.toString(36)}`, atMs, generation, position, freshness };
    this.#full = { full, shape };
    return Buffer.from(JSON.stringify(full));
  }
}

/** Of one partition, in the order of its records, from wherever. */
export class MomentReader {
  /** The newest last. */
  #fulls: readonly Full[] = [];

  /** @returns null of a change whose full record wasn't read, and of what is no record of this kind */
  take(value: Buffer | null): DatedMoment | null {
    const record = parse(value);
    if (record === null) return null;
    if (!isFull(record)) return this.#changed(record);
    const full = { ...record, freshness: completed(record.freshness) };
    this.#fulls = [...this.#fulls.slice(1 - FULLS_KEPT), full];
    const { id: _id, ...moment } = full;
    return moment;
  }

  #changed(change: Change): DatedMoment | null {
    const full = this.#fulls.findLast(({ id }) => id === change[0]);
    return full === undefined ? null : momentOf(full, change);
  }
}

function parse(value: Buffer | null): Full | Change | null {
  try {
    const record: unknown = JSON.parse(value?.toString('utf8') ?? '');
    return Array.isArray(record) || (typeof record === 'object' && record !== null && 'freshness' in record)
      ? (record as Full | Change)
      : null;
  } catch {
    return null;
  }
}

const isFull = (record: Full | Change): record is Full => !Array.isArray(record);

/** All that isn't a number that moves on by itself. While it stays, the numbers of two moments are the same ones. */
function shapeOf({ generation, position, freshness }: PartitionMoment): string {
  return JSON.stringify([
    generation,
    position.clusterId,
    topicsOf(position).map((topic) => [topic, position.topics[topic]?.topicId]),
    freshness.watermarks.map(({ instance }) => instance),
    freshness.incompleteProvinces,
    freshness.withdrawals,
    freshness.leaks,
  ]);
}

const topicsOf = ({ topics }: Position): string[] => Object.keys(topics).toSorted();

interface Numbers {
  readonly offsets: readonly number[];
  /** The latest acceptance, then the watermarks: most of them go on as the clock does. */
  readonly times: readonly number[];
}

function numbersOf({ position, freshness }: PartitionMoment): Numbers {
  return {
    offsets: topicsOf(position).map((topic) => position.topics[topic]?.nextOffset ?? 0),
    times: [freshness.acceptedUpToMs, ...freshness.watermarks.map(({ throughMs }) => throughMs)],
  };
}

/** A time differs by so much from one that went on with the clock: that takes few digits. */
function changeOf(full: Full, moment: DatedMoment): Change {
  const elapsedMs = moment.atMs - full.atMs;
  const [before, now] = [numbersOf(full), numbersOf(moment)];
  return [
    full.id,
    elapsedMs,
    ...now.offsets.map((offset, index) => offset - (before.offsets[index] as number)),
    ...now.times.map((time, index) => time - (before.times[index] as number) - elapsedMs),
  ];
}

function momentOf(full: Full, [, elapsedMs, ...differences]: Change): DatedMoment | null {
  const { offsets, times } = numbersOf(full);
  if (differences.length !== offsets.length + times.length) return null;
  const [acceptedUpToMs = 0, ...throughMs] = times.map(
    (time, index) => time + elapsedMs + (differences[offsets.length + index] as number),
  );
  const topics = topicsOf(full.position).map((topic, index) => [
    topic,
    { ...full.position.topics[topic], nextOffset: (offsets[index] as number) + (differences[index] as number) },
  ]);
  return {
    atMs: full.atMs + elapsedMs,
    generation: full.generation,
    position: { ...full.position, topics: Object.fromEntries(topics) as Position['topics'] },
    freshness: {
      ...full.freshness,
      acceptedUpToMs,
      watermarks: full.freshness.watermarks.map((watermark, index) => ({
        ...watermark,
        throughMs: throughMs[index] as number,
      })),
    },
  };
}
