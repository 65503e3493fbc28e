/**
 * What one process of an instance claims: for each partition of each topic the head of its acknowledged records. A
 * claim is stated in full at first and now and then, and between that what has changed since the full statement. Pure;
 * it never states anything of a topic that it wasn't told of.
 */

import { type Head, linked, NO_RECORD } from './chain.ts';

/** `attempt`: of the newest of these records. */
export interface Claim extends Head {
  readonly attempt: number;
}

export interface ClaimedHead extends Claim {
  readonly topic: string;
  readonly partition: number;
}

export interface Statement {
  /** Each statement of an epoch has a higher one than those before. */
  readonly sequence: number;
  /** The full statement that this one builds on: itself where it is full. */
  readonly full: number;
  readonly heads: readonly ClaimedHead[];
}

/** The number of a record to be sent, and the attempt that it belongs to. */
export interface Numbered {
  readonly attempt: number;
  readonly number: number;
}

const placeOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic} ${partition}`;

/** On the writer's side. One batch is under way at a time. */
export class Claims {
  readonly #heads = new Map<string, ClaimedHead>();
  #attempt = 0;
  #sequence = 0;
  #full: { readonly sequence: number; readonly numbers: ReadonlyMap<string, number> } | null = null;

  constructor(topics: readonly string[], partitions: number) {
    for (const topic of topics)
      for (let partition = 0; partition < partitions; partition += 1)
        this.#heads.set(placeOf({ topic, partition }), { topic, partition, attempt: 0, ...NO_RECORD });
  }

  /** How many records are claimed, of all partitions. */
  get total(): number {
    let total = 0;
    for (const { number } of this.#heads.values()) total += number;
    return total;
  }

  isOf(record: { readonly topic: string; readonly partition: number }): boolean {
    return this.#heads.has(placeOf(record));
  }

  /** Numbers for a batch that is sent now, one for each of its records. */
  numbersFor(places: readonly { readonly topic: string; readonly partition: number }[]): readonly Numbered[] {
    const sent = new Map<string, number>();
    return places.map((place) => {
      const name = placeOf(place);
      const before = sent.get(name) ?? 0;
      sent.set(name, before + 1);
      return { attempt: this.#attempt, number: (this.#heads.get(name)?.number ?? 0) + before + 1 };
    });
  }

  /** The batch was acknowledged: its records are claimed, in their order. */
  acknowledged(
    records: readonly { readonly topic: string; readonly partition: number; readonly digest: Buffer }[],
  ): void {
    for (const record of records) {
      const place = placeOf(record);
      const head = this.#heads.get(place);
      if (head !== undefined)
        this.#heads.set(place, { ...head, ...linked(head, record.digest), attempt: this.#attempt });
    }
  }

  /** Nobody knows what of the batch is in the log. */
  failed(): void {
    this.#attempt += 1;
  }

  /** @param isFull also what hasn't changed; the first statement is full whatever is asked for */
  state(isFull: boolean): Statement {
    const sequence = (this.#sequence += 1);
    const heads = [...this.#heads.values()];
    if (isFull || this.#full === null) {
      this.#full = { sequence, numbers: new Map(heads.map((head) => [placeOf(head), head.number])) };
      return { sequence, full: sequence, heads };
    }
    const { numbers } = this.#full;
    const changed = heads.filter((head) => numbers.get(placeOf(head)) !== head.number);
    return { sequence, full: this.#full.sequence, heads: changed };
  }
}

/** By `<topic> <partition>`. */
export type HeadsByPlace = ReadonlyMap<string, ClaimedHead>;

/** On the reader's side, of one process of an instance. */
export class ClaimsRead {
  #full: { readonly sequence: number; readonly heads: HeadsByPlace } | null = null;

  /** All that the statement claims; null: the full one that it builds on isn't known, or isn't known any more. */
  take({ sequence, full, heads }: Statement): HeadsByPlace | null {
    const stated = new Map(heads.map((head) => [placeOf(head), head]));
    if (sequence === full) {
      // Read again from the start of its topic, an older one says nothing of those that build on the newest.
      if (this.#full === null || sequence >= this.#full.sequence) this.#full = { sequence, heads: stated };
      return stated;
    }
    return this.#full?.sequence === full ? new Map([...this.#full.heads, ...stated]) : null;
  }
}

/** Whether a later claim of the same process takes nothing back; where it does, it contradicts itself. */
export function buildsOn(later: HeadsByPlace, earlier: HeadsByPlace): boolean {
  return [...earlier].every(([place, { number, hash }]) => {
    const head = later.get(place);
    return head !== undefined && (head.number > number || (head.number === number && head.hash.equals(hash)));
  });
}
