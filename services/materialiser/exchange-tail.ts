/**
 * What every copy of the materialiser knows of the whole exchange, read from its small topics: the registered producer
 * instances, their watermarks, and the provinces of records that could not be read and belong to nobody known.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isProvinceCode, type ProvinceCode } from '#core/regions.ts';
import type { ExchangeFreshness, InstanceWatermark, Position } from '#core/snapshot.ts';
import { describeError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { type Admin, createTopicReader, type Kafka, type KafkaMessage } from '#topics/kafka.ts';
import { letterOf, noteOf, type RecordPlace } from '#topics/letters.ts';
import { decodeOwnValue } from '#topics/records.ts';
import type { SchemaSource } from '#topics/registry.ts';
import { DEAD_LETTERS_TOPIC, PRODUCERS_TOPIC, WATERMARKS_TOPIC } from '#topics/topics.ts';
import { LetterMarks } from './letter-marks.ts';
import { type Watermark, WatermarkTracker } from './watermark-tracker.ts';

/** A watermark a second from each of many instances: fetching them one by one would cost more than all else. */
const FETCH_PAUSE_MS = 100;
const TOPICS = [PRODUCERS_TOPIC, WATERMARKS_TOPIC, DEAD_LETTERS_TOPIC] as const;

/** What a partition's worker asks of the exchange. */
export interface ExchangeState {
  freshnessAt(partition: number, position: Position, before: readonly InstanceWatermark[]): ExchangeFreshness;
  /** Marks a province, or with null all of them, by the letter about this record, without waiting until it comes round. */
  markIncomplete(province: ProvinceCode | null, record: RecordPlace): void;
}

export class ExchangeTail implements ExchangeState {
  readonly #tracker = new WatermarkTracker();
  readonly #marks = new LetterMarks();
  readonly #behind = new Map<string, number>();
  readonly #logger: Logger;
  readonly #caughtUp = Promise.withResolvers<void>();

  private constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Resolves once everything that the topics held at this moment has been read: before that, an instance might be missing. */
  static async start(kafka: Kafka, admin: Admin, schemas: SchemaSource, groupId: string, logger: Logger): Promise<{ tail: ExchangeTail; stop: () => Promise<void> }> {
    const tail = new ExchangeTail(logger);
    await tail.#noteEnds(admin);
    const consumer = createTopicReader(kafka, groupId);
    await consumer.connect();
    await consumer.subscribe({ topics: [...TOPICS], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const message of batch.messages) await tail.#take(batch.topic, message, schemas);
        tail.#passed(batch.topic, Number(batch.lastOffset()) + 1);
        await delay(FETCH_PAUSE_MS);
      },
    });
    await tail.#caughtUp.promise;
    return { tail, stop: () => consumer.disconnect() };
  }

  freshnessAt(partition: number, position: Position, before: readonly InstanceWatermark[]): ExchangeFreshness {
    return { watermarks: this.#tracker.inForce(partition, position, before), incompleteProvinces: this.#marks.incompleteAt(partition, position) };
  }

  markIncomplete(province: ProvinceCode | null, record: RecordPlace): void {
    this.#marks.add(record, province);
  }

  async #noteEnds(admin: Admin): Promise<void> {
    for (const topic of TOPICS) {
      const [partition] = await admin.fetchTopicOffsets(topic);
      if (Number(partition?.high ?? 0) > Number(partition?.low ?? 0)) this.#behind.set(topic, Number(partition?.high));
    }
    if (this.#behind.size === 0) this.#caughtUp.resolve();
  }

  #passed(topic: string, nextOffset: number): void {
    if (nextOffset >= (this.#behind.get(topic) ?? Number.POSITIVE_INFINITY)) this.#behind.delete(topic);
    if (this.#behind.size === 0) this.#caughtUp.resolve();
  }

  async #take(topic: string, message: KafkaMessage, schemas: SchemaSource): Promise<void> {
    if (topic === DEAD_LETTERS_TOPIC) return this.#takeDeadLetter(message);
    const instance = message.key?.toString() ?? '';
    if (topic === PRODUCERS_TOPIC && message.value === null) return this.#tracker.retire(instance, Number(message.timestamp));
    try {
      const value = (await decodeOwnValue(message.value, schemas)) as Watermark;
      if (!isProvinceCode(value.province)) throw new Error('unknown province');
      if (topic === PRODUCERS_TOPIC) this.#tracker.register(value.province, value.instance);
      else this.#tracker.add(value);
    } catch (error) {
      // Without it a province is behind rather than wrong; the next watermark comes in a second.
      this.#logger.warn({ topic, offset: message.offset, error: describeError(error) }, 'unreadable record of the exchange');
    }
  }

  #takeDeadLetter({ headers = {} }: KafkaMessage): void {
    const note = noteOf(headers);
    if (note !== null) return this.#marks.settle(note);
    const letter = letterOf(headers);
    if (letter?.marks !== undefined) this.#marks.add(letter.place, letter.marks);
  }
}
