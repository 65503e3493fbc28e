/**
 * Reads one small topic from its first record and goes on until it is stopped, in a group of its own that is deleted
 * afterwards. Commits nothing, and never waits for ever: a Kafka that brings nothing for a while is an error.
 */

import { HutongError } from '#platform/errors.ts';
import { until } from '#platform/limits/until.ts';
import { within } from '#platform/limits/within.ts';
import {
  type Admin,
  type Consumer,
  createTopicReader,
  groupOf,
  type Kafka,
  type KafkaMessage,
  onGivenUp,
} from './client.ts';
import { endsOf } from './ends.ts';

/** Reading up to the present end fails when nothing comes for so long. */
const SILENCE_MS_MAX = 20_000;
const LOOK_EVERY_MS = 20;
/** Who follows a topic is a fetch behind; who isn't there by then reads nothing at the moment. */
const END_MS_MAX = 5_000;
/**
 * The wait of the broker for records, in one fetch. Who reads to the present end closes while a fetch is under way that
 * nothing will end; what goes on saves requests to an idle broker.
 */
const FETCH_WAIT_MS = { toTheEnd: 20, goingOn: 500 } as const;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

type Mode = keyof typeof FETCH_WAIT_MS;
type Take = (message: KafkaMessage, partition: number) => Promise<void> | void;

export class TopicFeed {
  readonly #admin: Admin;
  /** Null: there is nothing to read, and nothing is waited for. */
  readonly #consumer: Consumer | null;
  readonly #groupId: string;
  readonly #topic: string;
  readonly #left: Map<number, number>;
  /** By partition, the offset after what was taken last. */
  readonly #next = new Map<number, number>();
  #heardAtMs = Date.now();

  private constructor(kafka: Kafka, topic: string, admin: Admin, ends: Map<number, number>, mode: Mode) {
    this.#groupId = groupOf(kafka, 'reader');
    const isEmpty = mode === 'toTheEnd' && ends.size === 0;
    this.#consumer = isEmpty ? null : createTopicReader(kafka, this.#groupId, FETCH_WAIT_MS[mode]);
    this.#topic = topic;
    this.#admin = admin;
    this.#left = ends;
  }

  /**
   * Resolves once everything that the topic holds now has been taken.
   * @param take one record after the other; may be told of one again
   * @param onStopped nothing is read any more, though nobody has stopped it
   * @throws HutongError KAFKA_UNAVAILABLE
   */
  static async start(
    kafka: Kafka,
    topic: string,
    take: Take,
    onStopped: (error: HutongError) => void = () => undefined,
  ): Promise<TopicFeed> {
    const feed = await TopicFeed.#start(kafka, topic, take, 'goingOn');
    if (feed.#consumer !== null) onGivenUp(feed.#consumer, onStopped);
    return feed;
  }

  static async #start(kafka: Kafka, topic: string, take: Take, mode: Mode): Promise<TopicFeed> {
    const admin = kafka.admin();
    let feed: TopicFeed | null = null;
    try {
      await admin.connect();
      const ends = await endsOf(admin, [topic]);
      feed = new TopicFeed(
        kafka,
        topic,
        admin,
        new Map(ends.filter(({ low, high }) => high > low).map(({ partition, high }) => [partition, high])),
        mode,
      );
      await feed.#run(take);
      return feed;
    } catch (cause) {
      await (feed === null ? admin.disconnect() : feed.stop()).catch(() => undefined);
      throw notGiven(topic, cause);
    }
  }

  /** All that the topic holds now, and no more. @throws HutongError KAFKA_UNAVAILABLE */
  static async readAll(kafka: Kafka, topic: string, take: Take): Promise<void> {
    await (await TopicFeed.#start(kafka, topic, take, 'toTheEnd')).stop();
  }

  /**
   * What the topic has of a span of time, by the broker's clock.
   * @throws HutongError KAFKA_UNAVAILABLE
   */
  static async readSpan(kafka: Kafka, topic: string, { fromMs, toMs }: Span, take: Take): Promise<void> {
    const admin = kafka.admin();
    const offsetsAt = async (atMs: number): Promise<ReadonlyMap<number, number>> =>
      new Map(
        (await admin.fetchTopicOffsetsByTimestamp(topic, atMs)).map(({ partition, offset }) => [
          partition,
          Number(offset),
        ]),
      );
    try {
      await admin.connect();
      const [starts, ends] = [await offsetsAt(fromMs), await offsetsAt(toMs)];
      const left = new Map([...ends].filter(([partition, end]) => end > (starts.get(partition) ?? 0)));
      const last = new Map(left);
      const feed = new TopicFeed(kafka, topic, admin, left, 'toTheEnd');
      const takeWithin: Take = (message, partition) => {
        const offset = Number(message.offset);
        const isIn = offset >= (starts.get(partition) ?? 0) && offset < (last.get(partition) ?? 0);
        return isIn ? take(message, partition) : undefined;
      };
      try {
        await feed.#run(takeWithin, starts);
      } finally {
        await feed.stop();
      }
    } catch (cause) {
      await admin.disconnect().catch(() => undefined);
      throw notGiven(topic, cause);
    }
  }

  /** Waits until what was taken makes the condition true. @returns whether it did within the time */
  until(condition: () => boolean, waitMs: number): Promise<boolean> {
    return until(condition, { everyMs: LOOK_EVERY_MS, waitMsMax: waitMs });
  }

  /**
   * Resolves once everything that the topic holds at this moment has been taken.
   * @throws HutongError KAFKA_UNAVAILABLE where that takes long
   */
  async toTheEnd(waitMs = END_MS_MAX): Promise<void> {
    const ends = await endsOf(this.#admin, [this.#topic]).catch((cause: unknown) => {
      throw new HutongError('KAFKA_UNAVAILABLE', `kafka did not say where ${this.#topic} ends`, {
        retriable: true,
        cause,
      });
    });
    const isThere = (): boolean =>
      ends.every(({ partition, low, high }) => high <= low || (this.#next.get(partition) ?? 0) >= high);
    if (await this.until(isThere, waitMs)) return;
    throw new HutongError('KAFKA_UNAVAILABLE', `${this.#topic} was not read to its end in time`, { retriable: true });
  }

  async stop(): Promise<void> {
    if (this.#consumer !== null) {
      await this.#consumer.disconnect();
      // Without it Kafka forgets the group by itself, later.
      await this.#admin.deleteGroups([this.#groupId]).catch(() => undefined);
    }
    await this.#admin.disconnect();
  }

  async #run(take: Take, starts: ReadonlyMap<number, number> = new Map()): Promise<void> {
    const consumer = this.#consumer;
    if (consumer === null) return;
    // Control records and aborted batches never reach eachBatch, and may be what the topic ends with.
    consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) this.#passed(partition, Number(lastOffset));
    });
    // It would try for ever.
    await within(
      consumer.connect(),
      SILENCE_MS_MAX,
      () => new Error(`no connection within ${SILENCE_MS_MAX / 1_000} s`),
    );
    await consumer.subscribe({ topics: [this.#topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const message of batch.messages) await take(message, batch.partition);
        this.#passed(batch.partition, Number(batch.lastOffset()));
      },
    });
    // What lies before may have been fetched already.
    for (const [partition, offset] of starts)
      if (this.#left.has(partition)) consumer.seek({ topic: this.#topic, partition, offset: String(offset) });
    await until(() => this.#isRead(), { everyMs: LOOK_EVERY_MS });
  }

  #isRead(): boolean {
    if (this.#left.size === 0) return true;
    if (Date.now() - this.#heardAtMs <= SILENCE_MS_MAX) return false;
    throw new HutongError('KAFKA_UNAVAILABLE', `kafka gave nothing of ${this.#topic} for ${SILENCE_MS_MAX / 1_000} s`, {
      retriable: true,
      hint: 'is Kafka up at that address?',
    });
  }

  #passed(partition: number, lastOffset: number): void {
    this.#heardAtMs = Date.now();
    this.#next.set(partition, Math.max(lastOffset + 1, this.#next.get(partition) ?? 0));
    if (lastOffset + 1 >= (this.#left.get(partition) ?? Number.POSITIVE_INFINITY)) this.#left.delete(partition);
  }
}

function notGiven(topic: string, cause: unknown): HutongError {
  if (cause instanceof HutongError) return cause;
  return new HutongError('KAFKA_UNAVAILABLE', `kafka did not give ${topic}`, {
    retriable: true,
    cause,
    hint: 'is Kafka up at that address?',
  });
}
