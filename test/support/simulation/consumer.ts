/**
 * A consumer as kafkajs is one, as far as the services lean on it: pauses outlive an assignment, seeks apply at the
 * next fetch and make what was fetched before stale, control records reach no batch, and after a join it has forgotten
 * where it was. Once in a while it hands out what it fetched before it lost the partition, as it has been seen to.
 */

import type { Random } from '#exercises/town/random.ts';
import type { Consumer, EachBatchPayload } from '#platform/kafka/client.ts';
import { LOG } from '#test/support/first-edition.ts';
import type { SimGroup, Member } from './group.ts';
import type { Fetched, SimLog } from './log.ts';
import type { SimProcess } from './process.ts';

const IDLE_MS = 250;
const LONG_POLL_MS = 1_000;
const RETRY_MS = 100;
const EVENTS = { GROUP_JOIN: 'join', START_BATCH_PROCESS: 'batch' } as const;

export interface ConsumerOptions {
  readonly process: SimProcess;
  readonly log: SimLog;
  readonly random: Random;
  readonly fetchRecordsMax: number;
  /** Null: it reads partition 0 of its topics and belongs to nobody's group. */
  readonly group: SimGroup | null;
  /**
   * Up to where the erasures of a partition are known to be read before all else: below, they may come after what they
   * left.
   */
  readonly erasuresEnd?: (partition: number) => number;
  /** What the client says that a batch was fetched from. */
  readonly fetchedOffset?: (fetched: Fetched) => number;
  /** Whether it tells of batches that hold nothing but control records. */
  readonly tellsOfControlRecords?: boolean;
}

interface Place {
  readonly topic: string;
  readonly partition: number;
}
interface Asked extends Place {
  readonly offset: number;
}
type EachBatch = (payload: EachBatchPayload) => Promise<void>;
type Listener = (event: { payload: object }) => void;

export class SimConsumer implements Member {
  readonly events = EVENTS;
  readonly #options: ConsumerOptions;
  readonly #listeners = new Map<string, Listener>();
  #topics: readonly string[] = [];
  #assignment: readonly number[] = [];
  #generation = 0;
  #told: readonly number[] | null = null;
  #next = new Map<string, number>();
  readonly #seeks = new Map<string, number>();
  readonly #paused = new Set<string>();
  #eachBatch: EachBatch = async () => undefined;
  #isConnected = true;

  constructor(options: ConsumerOptions) {
    this.#options = options;
  }

  /** As the services know it. */
  get asConsumer(): Consumer {
    return this as unknown as Consumer;
  }
  get name(): string {
    return this.#options.process.name;
  }

  async connect(): Promise<void> {}
  on(event: string, listener: Listener): void {
    this.#listeners.set(event, listener);
  }
  async subscribe({ topics }: { topics: readonly string[] }): Promise<void> {
    this.#topics = topics;
  }
  async run({ eachBatch }: { eachBatch: EachBatch }): Promise<void> {
    this.#eachBatch = eachBatch;
    if (this.#options.group === null) this.#join([0]);
    else this.#options.group.join(this);
    void this.#consume();
  }
  pause(list: readonly { topic: string; partitions: readonly number[] }[]): void {
    for (const place of placesOf(list)) this.#paused.add(place);
  }
  resume(list: readonly { topic: string; partitions: readonly number[] }[]): void {
    for (const place of placesOf(list)) this.#paused.delete(place);
  }
  seek({ topic, partition, offset }: Place & { readonly offset: string }): void {
    this.#seeks.set(nameOf({ topic, partition }), Number(offset));
  }
  commitOffsets(list: readonly (Place & { readonly offset: string })[]): Promise<void> {
    return this.#options.process.call('kafka', () => {
      for (const { offset, ...place } of list) this.#options.log.committed.set(nameOf(place), Number(offset));
    });
  }
  async disconnect(): Promise<void> {
    this.#isConnected = false;
    this.#options.group?.leave(this);
  }

  assigned(partitions: readonly number[] | null, generation: number): void {
    const { process, group, random } = this.#options;
    process.deliver(() => {
      if (!this.#isConnected || generation < this.#generation) return;
      this.#generation = generation;
      if (partitions === null) group?.join(this);
      else if (random.chance(0.3)) this.#join(partitions);
      else this.#told = partitions; // as it should be: once what was fetched has been handled
    });
  }

  /** As the client does, silently, where a broker tells it that its offset is out of range. */
  startAgain(): void {
    for (const name of this.#next.keys()) this.#next.set(name, 0);
  }

  #join(partitions: readonly number[]): void {
    this.#told = null;
    this.#assignment = partitions;
    this.#next = new Map();
    const memberAssignment = Object.fromEntries(this.#topics.map((topic) => [topic, [...partitions]]));
    this.#listeners.get(EVENTS.GROUP_JOIN)?.({ payload: { memberAssignment } });
  }

  async #consume(): Promise<void> {
    const { process } = this.#options;
    while (this.#isConnected) {
      if (this.#told !== null) this.#join(this.#told);
      const places = this.#places();
      if (places.length === 0) {
        await process.sleep(IDLE_MS);
        continue;
      }
      const asked = this.#answered(places);
      const fetched = await this.#fetch(asked);
      const wanted = fetched.filter((batch) => !this.#seeks.has(nameOf(batch)) && !this.#paused.has(nameOf(batch)));
      await Promise.all(wanted.map((batch) => this.#handle(batch)));
      if (fetched.length === 0 && asked.length === places.length) await this.#appended();
    }
  }

  /** What is fetched next; seeks apply here. */
  #places(): Asked[] {
    const { log } = this.#options;
    return this.#topics.flatMap((topic) =>
      this.#assignment.flatMap((partition) => {
        const name = nameOf({ topic, partition });
        const offset = this.#seeks.get(name) ?? this.#next.get(name) ?? log.committed.get(name) ?? 0;
        this.#seeks.delete(name);
        this.#next.set(name, offset);
        return this.#paused.has(name) ? [] : [{ topic, partition, offset }];
      }),
    );
  }

  /** Brokers answer each in their own time, and in any order. */
  #answered(places: readonly Asked[]): readonly Asked[] {
    const { random, group } = this.#options;
    if (group === null) return places;
    const answered = places.filter((place) => random.chance(0.9) || this.#mustCome(place));
    return random.chance(0.5) ? answered : answered.toReversed();
  }

  /** An erasure that lags behind by more than its reach is another story: here it never does. */
  #mustCome({ topic, partition, offset }: Asked): boolean {
    return topic === LOG.topicOf.erasures && offset >= (this.#options.erasuresEnd?.(partition) ?? 0);
  }

  async #fetch(places: readonly Asked[]): Promise<readonly Fetched[]> {
    const { process, log, random, fetchRecordsMax } = this.#options;
    try {
      return await process.call('kafka', () =>
        places.flatMap(
          ({ topic, partition, offset }) =>
            log.fetch(
              topic,
              partition,
              offset,
              topic === LOG.topicOf.erasures ? Number.POSITIVE_INFINITY : random.between(1, fetchRecordsMax),
              random.below(2),
            ) ?? [],
        ),
      );
    } catch {
      await process.sleep(RETRY_MS);
      return [];
    }
  }

  async #handle(fetched: Fetched): Promise<void> {
    const { topic, partition, firstOffset, lastOffset, records } = fetched;
    const name = nameOf(fetched);
    const resolveOffset = (offset: string): unknown => this.#next.set(name, Number(offset) + 1);
    if (records.length === 0) {
      if (this.#options.tellsOfControlRecords !== false)
        this.#listeners.get(EVENTS.START_BATCH_PROCESS)?.({
          payload: { topic, partition, batchSize: 0, firstOffset: String(firstOffset), lastOffset: String(lastOffset) },
        });
      resolveOffset(String(lastOffset));
      return;
    }
    const messages = records.map(({ offset, appendedAtMs, ...record }) => ({
      ...record,
      offset: String(offset),
      timestamp: String(appendedAtMs),
    }));
    const fetchedOffset = this.#options.fetchedOffset?.(fetched) ?? fetched.fetchedOffset;
    const batch = {
      topic,
      partition,
      messages,
      fetchedOffset: String(fetchedOffset),
      lastOffset: () => String(lastOffset),
    };
    await this.#eachBatch({
      batch,
      isStale: () => this.#seeks.has(name),
      resolveOffset,
    } as unknown as EachBatchPayload);
    if (this.#options.group === null) resolveOffset(String(lastOffset)); // the tail leaves it to the client
  }

  /** As the broker holds back an answer until there is something to say. */
  async #appended(): Promise<void> {
    const { process, log } = this.#options;
    const appended = new AbortController();
    const end = log.onAppended(this.#topics, () => appended.abort('appended'));
    await process.sleep(LONG_POLL_MS, appended.signal);
    end();
  }
}

function nameOf({ topic, partition }: Place): string {
  return `${topic}/${partition}`;
}

function placesOf(list: readonly { topic: string; partitions: readonly number[] }[]): string[] {
  return list.flatMap(({ topic, partitions }) => partitions.map((partition) => nameOf({ topic, partition })));
}
