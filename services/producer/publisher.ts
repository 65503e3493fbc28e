/**
 * One producer instance: a province's way into the exchange, with a queue, a clock and a watermark of its own. It says
 * "accepted" only of what Kafka has acknowledged, and its watermark never claims more than that.
 */

import type { PersonEvent } from '#core/events/events.ts';
import type { PersonKey } from '#core/field/identity.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { OwnKeys } from '#exchange/keys/own-keys.ts';
import type { Log, SharedTopic } from '#exchange/topics/log.ts';
import { encodeEvent, encodeValue } from '#exchange/topics/records.ts';
import { registrationRecord } from '#exchange/topics/registrations.ts';
import type { SchemaIds } from '#exchange/topics/registry.ts';
import { NAMES_SCHEMA } from '#exchange/topics/schemas.ts';
import { VOUCHERS_TOPIC, WATERMARKS_TOPIC } from '#exchange/topics/topics.ts';
import { describeError } from '#platform/errors.ts';
import type { PartitionEnds } from '#platform/kafka/ends.ts';
import { type Acknowledgement, type BatchSender, Outbox, type OutboxLimits } from '#platform/kafka/outbox.ts';
import type { Logger } from '#platform/log.ts';
import { BrokerClock } from './broker-clock.ts';
import type { Tenure } from './tenure.ts';
import { Vouching } from './vouching.ts';

const WATERMARK_EVERY_MS = 1_000;

export interface PublisherOptions {
  readonly log: Log;
  readonly province: ProvinceCode;
  /** `<province>-<name>` */
  readonly instance: string;
  readonly schemaIds: SchemaIds;
  readonly partitions: number;
  readonly keyVersion: number;
  /** That its records are tagged with and its watermarks signed with, at each moment. */
  readonly keys: Pick<OwnKeys, 'recordKey' | 'signingKey'>;
  /** Whose records those are which are the national role's word; null: it may say none. */
  readonly national: Pick<OwnKeys, 'recordKey'> | null;
  readonly limits: OutboxLimits;
  readonly logger: Logger;
  readonly monotonicMs: () => number;
  readonly tenure: Pick<Tenure, 'held'>;
}

export class Publisher {
  readonly province: ProvinceCode;
  readonly instance: string;
  readonly clock: BrokerClock;
  readonly #options: PublisherOptions;
  readonly #sender: BatchSender;
  readonly #outbox: Outbox;
  readonly #vouching: Vouching;
  /** By partition, the offset after the last record that this instance, or any before it, may have written. */
  #nextOffsets: Record<SharedTopic, number[]> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #watermarkWaits = false;

  constructor(sender: BatchSender, options: PublisherOptions) {
    this.province = options.province;
    this.instance = options.instance;
    this.clock = new BrokerClock(options.monotonicMs);
    this.#options = options;
    this.#sender = sender;
    this.#vouching = new Vouching(options);
    this.#outbox = new Outbox(this.#vouching.through(sender), options.limits, options.logger, (acknowledgements) =>
      this.#acknowledged(acknowledgements),
    );
  }

  get waiting(): number {
    return this.#outbox.length;
  }

  /** How long the oldest event has been waiting for its acknowledgement. */
  get oldestWaitMs(): number {
    const oldestMs = this.#outbox.oldestAcceptedAtMs;
    return oldestMs === null || !this.clock.isSet ? 0 : this.clock.nowMs() - oldestMs;
  }

  /**
   * Registers the instance, which also tells the broker's time.
   * @param process tells it from another that takes the same epoch
   * @throws HutongError KAFKA_UNAVAILABLE
   */
  async register(epoch: number, process: string): Promise<void> {
    const { province, instance } = this;
    this.#vouching.epoch = epoch;
    await this.#outbox.add(
      registrationRecord(
        this.#options.schemaIds,
        { province, instance, epoch, process },
        this.#options.keys.signingKey,
      ),
      0,
      true,
    );
  }

  /**
   * Starts the watermarks, before the first event is taken.
   * @param ends asked for once the last process of this instance calls nothing accepted any more: what that one wrote
   *   lies below them
   * @throws HutongError KAFKA_UNAVAILABLE when the first watermark can't be written
   */
  async begin(ends: readonly PartitionEnds[]): Promise<void> {
    const { log, partitions } = this.#options;
    const endsIn = (topic: SharedTopic): number[] =>
      Array.from(
        { length: partitions },
        (_, partition) => ends.find((end) => end.topic === topic && end.partition === partition)?.high ?? 0,
      );
    this.#nextOffsets = Object.fromEntries(log.topics.map((topic) => [topic, endsIn(topic)])) as Record<
      SharedTopic,
      number[]
    >;
    // In the watermarks' own partition before the first event is taken: whoever reads a later watermark of the province
    // has then read of this instance too, and waits for it.
    await this.#writeWatermark();
    this.#timer = setInterval(() => void this.#tryWatermark(), WATERMARK_EVERY_MS);
  }

  /**
   * Resolves once the event is in the log on all in-sync replicas, and this process is known to be the instance still.
   * @throws HutongError QUEUE_FULL, KAFKA_UNAVAILABLE, PRODUCER_SUPERSEDED
   */
  async publish(key: PersonKey, event: PersonEvent, traceparent: string | undefined): Promise<void> {
    await this.#outbox.add(encodeEvent(key, event, { ...this.#options, traceparent }), event.acceptedAtMs);
    const held = this.#options.tenure.held();
    if (held !== null) await held;
  }

  /** Sends what waits, then a last watermark. The instance stays registered: what it doesn't take is missing. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#outbox.drained();
    this.#vouching.restate(); // it stands for good
    await this.#tryWatermark();
    await this.#sender.close();
  }

  #acknowledged(acknowledgements: readonly Acknowledgement[]): void {
    for (const { topic, partition, nextOffset, appendedAtMs } of acknowledgements) {
      if (appendedAtMs > 0) this.clock.observe(appendedAtMs);
      const offsets = this.#nextOffsets?.[topic as SharedTopic];
      if (offsets !== undefined) offsets[partition] = Math.max(offsets[partition] ?? 0, nextOffset);
    }
  }

  /** A watermark that gets lost costs freshness only: the next one says more. */
  async #tryWatermark(): Promise<void> {
    await this.#writeWatermark().catch((error: unknown) =>
      this.#options.logger.warn({ province: this.province, error: describeError(error) }, 'watermark not written'),
    );
  }

  async #writeWatermark(): Promise<void> {
    // One at a time: while Kafka is slow, a newer one gains nothing by waiting behind an older.
    if (this.#nextOffsets === null || this.#watermarkWaits) return;
    this.#watermarkWaits = true;
    const nowMs = this.clock.nowMs();
    const { statement, isNew } = this.#vouching.next();
    const value = encodeValue('Watermark', this.#options.schemaIds.Watermark, {
      province: this.province,
      instance: this.instance,
      throughMs: this.#outbox.oldestAcceptedAtMs ?? nowMs,
      epoch: this.#vouching.epoch,
      offsets: this.#options.log.topics.map((topic) => ({ topic, nextOffsets: this.#nextOffsets?.[topic] })),
      ...statement,
    });
    const key = Buffer.from(this.instance);
    try {
      const record = {
        partition: 0,
        key,
        value,
        headers: { ...NAMES_SCHEMA.Watermark, ...this.#vouching.signed({ key, value }) },
      };
      const topics = isNew ? [WATERMARKS_TOPIC, VOUCHERS_TOPIC] : [WATERMARKS_TOPIC];
      await Promise.all(topics.map((topic) => this.#outbox.add({ topic, ...record }, nowMs, true)));
    } catch (error) {
      this.#vouching.restate();
      throw error;
    } finally {
      this.#watermarkWaits = false;
    }
  }
}
