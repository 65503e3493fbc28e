/**
 * What each process of an instance claims, as its watermarks are read: which builds on which full statement, and how
 * many records of it are claimed by those that a position has passed. It believes no signature: only what holds comes
 * here. Which process still is the instance isn't decided here, for what a former one has claimed stays claimed.
 */

import type { Position } from '#core/view/snapshot.ts';
import { ClaimsRead, type HeadsByPlace, type Statement } from '#core/vouch/claims.ts';
import type { Claimed } from '#core/vouch/sightings.ts';
import { isPassed, type Watermark } from './watermark-tracker.ts';

/** Its sequence is 0 where it was written before there were claims. */
export type SignedWatermark = Watermark & Statement;

/** A record as it names itself. */
export interface NamedProcess {
  readonly instance: string;
  readonly epoch: number;
  readonly topic: string;
}

/** Processes of an instance: the newest. */
const PROCESSES_MAX = 8;
/** Statements of a process that are told apart; of more every second one is left out. */
const STATEMENTS_MAX = 600;

type Numbers = ReadonlyMap<string, readonly number[]>;

interface Process {
  readonly epoch: number;
  readonly read: ClaimsRead;
  /** In their order, each with how many records it claims by topic and partition. */
  stated: { readonly offsets: Watermark['offsets']; readonly numbers: Numbers }[];
}

interface Instance {
  /** The highest that is known. */
  epoch: number;
  /** Null: it isn't retired. */
  retiredAtMs: number | null;
  processes: readonly Process[];
}

export class InstanceClaims {
  readonly #instances = new Map<string, Instance>();

  register(instance: string, epoch: number): void {
    const known = this.#of(instance);
    if (epoch > known.epoch) Object.assign(known, { epoch, retiredAtMs: null });
  }

  retire(instance: string, epoch: number, atMs: number): void {
    const known = this.#of(instance);
    if (epoch >= known.epoch) known.retiredAtMs = atMs;
  }

  /**
   * @returns whether it is known what the watermark claims: not where the full one that it builds on isn't. One of a
   *   version that claimed nothing claims nothing.
   */
  take(watermark: SignedWatermark): boolean {
    const { instance, epoch, sequence, offsets } = watermark;
    if (sequence === 0) return true;
    this.register(instance, epoch);
    const process = this.#processOf(this.#of(instance), epoch);
    const heads = process.read.take(watermark);
    if (heads === null) return false;
    process.stated.push({ offsets, numbers: numbersOf(heads) });
    // An odd number of them keeps the oldest and the newest.
    if (process.stated.length > STATEMENTS_MAX) process.stated = process.stated.filter((_, index) => index % 2 === 0);
    return true;
  }

  /**
   * What a process claims by the watermarks that a position has passed.
   * @param readAtMs when the record that names it was appended, which is read now; null: it was read some time ago
   */
  claimed(
    { instance, epoch, topic }: NamedProcess,
    partition: number,
    position: Position,
    readAtMs: number | null,
  ): Claimed {
    const known = this.#instances.get(instance);
    if (known === undefined || epoch > known.epoch) return { kind: 'nothing' };
    const passed = ({ stated }: Process): Process['stated'] =>
      stated.filter((each) => isPassed(each, partition, position));
    const isSucceeded = known.processes.some((process) => process.epoch > epoch && passed(process).length > 0);
    const process = known.processes.find((each) => each.epoch === epoch);
    const own = process === undefined ? [] : passed(process);
    const isRetired =
      known.retiredAtMs !== null &&
      (readAtMs === null ? own.length === process?.stated.length : readAtMs > known.retiredAtMs);
    const isOver = isSucceeded || isRetired;
    if (process === undefined && !(isOver && readAtMs !== null)) return { kind: 'unknown' };
    const number = Math.max(0, ...own.map(({ numbers }) => numbers.get(topic)?.[partition] ?? 0));
    return { kind: 'through', number, isOver };
  }

  #of(instance: string): Instance {
    const known = this.#instances.get(instance) ?? { epoch: 0, retiredAtMs: null, processes: [] };
    this.#instances.set(instance, known);
    return known;
  }

  #processOf(instance: Instance, epoch: number): Process {
    const known = instance.processes.find((process) => process.epoch === epoch);
    if (known !== undefined) return known;
    const process: Process = { epoch, read: new ClaimsRead(), stated: [] };
    instance.processes = [...instance.processes, process].toSorted((a, b) => b.epoch - a.epoch).slice(0, PROCESSES_MAX);
    return process;
  }
}

/** Without the hashes: many of them are kept. */
function numbersOf(heads: HeadsByPlace): Numbers {
  const numbers = new Map<string, number[]>();
  for (const { topic, partition, number } of heads.values()) {
    const of = numbers.get(topic) ?? [];
    numbers.set(topic, of);
    of[partition] = number;
  }
  return numbers;
}
