/**
 * What every instance of the materialiser knows of the whole exchange, read from its small topics: the registered
 * producer instances, their watermarks, the provinces of records that could not be read and belong to nobody known, and
 * which results are withdrawn.
 */

import { isProvinceCode, type ProvinceCode } from '#core/field/regions.ts';
import type { ExchangeFreshness, InstanceWatermark, Position } from '#core/view/snapshot.ts';
import type { Claimed } from '#core/vouch/sightings.ts';
import type { InForce } from '#core/withdrawals/in-force.ts';
import { claimOf } from '#exchange/topics/claim-header.ts';
import type { ReadsKeys } from '#exchange/topics/keys-feed.ts';
import {
  type ClaimFound,
  claimFoundOf,
  letterOf,
  type Marked,
  noteOf,
  type RecordPlace,
} from '#exchange/topics/letters.ts';
import type { Log } from '#exchange/topics/log.ts';
import { type SignatureCheck, signed } from '#exchange/topics/public-keys.ts';
import { decodeOwnValue } from '#exchange/topics/records.ts';
import { decodeRegistration, faultOfInstance } from '#exchange/topics/registrations.ts';
import type { SchemaSource } from '#exchange/topics/registry.ts';
import { DEAD_LETTERS_TOPIC, PRODUCERS_TOPIC, WATERMARKS_TOPIC, WITHDRAWALS_TOPIC } from '#exchange/topics/topics.ts';
import { describeError, HutongError } from '#platform/errors.ts';
import { type Admin, createTopicReader, type Kafka, type KafkaMessage, onGivenUp } from '#platform/kafka/client.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import type { Headers } from '#platform/kafka/record.ts';
import { until } from '#platform/limits/until.ts';
import type { Logger } from '#platform/log.ts';
import { InstanceClaims, type NamedProcess, type SignedWatermark } from './instance-claims.ts';
import { KeysRead } from './keys-read.ts';
import { LetterMarks } from './letter-marks.ts';
import { Unread, type UnreadRecord } from './unread.ts';
import { WatermarkTracker } from './watermark-tracker.ts';
import { WithdrawalsRead } from './withdrawals-read.ts';

/** A watermark a second from each of many instances: fetching them one by one would cost more than all else. */
const FETCH_PAUSE_MS = 100;
/** A tail that runs is a fetch behind; one that isn't there by then reads nothing at the moment. */
const CAUGHT_UP_MS_MAX = 5_000;
/**
 * At the start, of watermarks older than this only the full ones are taken, one a minute: checking the signature of
 * each of an hour's would take 24 s of a core.
 */
const OLD_AT_START_MS = 120_000;
const TOPICS = [PRODUCERS_TOPIC, WATERMARKS_TOPIC, DEAD_LETTERS_TOPIC, WITHDRAWALS_TOPIC] as const;

/** What a partition's worker asks of the exchange. */
export interface ExchangeState {
  freshnessAt(partition: number, position: Position, before: readonly InstanceWatermark[]): ExchangeFreshness;
  /** What the letter about this record marks, without waiting until it comes round. */
  markIncomplete(marked: Marked, record: LetteredRecord): void;
  /** The same of letters that are found claimed. */
  markFound(found: ClaimFound): void;
  /** @see InstanceClaims.claimed */
  claimed(process: NamedProcess, partition: number, position: Position, readAtMs: number | null): Claimed;
  /** Whether a letter about this record is there already, which marked nobody. */
  hasLetter(record: LetteredRecord): boolean;
  /** @see ExchangeTail.caughtUp */
  caughtUp(): Promise<void>;
}

export type LetteredRecord = RecordPlace & { readonly headers: Headers };

export interface TailOptions {
  readonly log: Log;
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly schemas: SchemaSource;
  readonly signatures: SignatureCheck;
  readonly keys: ReadsKeys;
  readonly groupId: string;
  readonly logger: Logger;
  readonly sleep: (ms: number) => Promise<void>;
  /** Epoch ms. */
  readonly now: () => number;
  /** Other results are withdrawn than before: what is in force is to become visible without waiting for a tick. */
  readonly onWithdrawals: () => void;
  /** Nothing of the exchange is read any more. */
  readonly onFatal: (error: HutongError) => void;
  /** Of who has read before; what letters mark doesn't depend on whose signature counts. */
  readonly marks?: LetterMarks;
}

export class ExchangeTail implements ExchangeState {
  readonly #tracker: WatermarkTracker;
  readonly #marks: LetterMarks;
  readonly #claims = new InstanceClaims();
  readonly #withdrawals: WithdrawalsRead;
  readonly #keysRead: KeysRead;
  /** By topic, the offset after the last record that was read. */
  readonly #nextOffsets = new Map<string, number>();
  readonly #unread = new Unread();
  readonly #options: TailOptions;
  #isStarting = true;

  private constructor(options: TailOptions) {
    this.#tracker = new WatermarkTracker(options.log);
    this.#marks = options.marks ?? new LetterMarks();
    this.#withdrawals = new WithdrawalsRead(options.signatures);
    this.#keysRead = new KeysRead(options.keys, options.logger, options.sleep);
    this.#options = options;
  }

  /**
   * Resolves once everything that the topics held at this moment has been read: before that, an instance might be
   * missing.
   */
  static async start(options: TailOptions): Promise<{ tail: ExchangeTail; stop: () => Promise<void> }> {
    const tail = new ExchangeTail(options);
    const ends = await tail.#ends();
    const consumer = createTopicReader(options.kafka, options.groupId);
    onGivenUp(consumer, options.onFatal);
    await consumer.connect();
    await consumer.subscribe({ topics: [...TOPICS], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        await tail.#keysRead.through(batch.messages);
        const before = tail.#withdrawals.inForce;
        for (const message of batch.messages) await tail.#take(batch.topic, message);
        tail.#takeWaitingWithdrawals();
        if (tail.#withdrawals.inForce !== before) options.onWithdrawals();
        tail.#nextOffsets.set(batch.topic, Number(batch.lastOffset()) + 1);
        await options.sleep(FETCH_PAUSE_MS);
      },
    });
    await tail.#reach(ends, Number.POSITIVE_INFINITY);
    tail.#isStarting = false;
    const stop = async (): Promise<void> => {
      tail.#keysRead.stop();
      await consumer.disconnect();
    };
    return { tail, stop };
  }

  /**
   * Resolves once everything that the topics hold now has been read. Whoever takes a partition over waits for it: what
   * the instance before knew when it wrote the position (a producer's instance, an incomplete province) may not have
   * come round yet, and a step without it would claim more than is known.
   * @throws HutongError KAFKA_UNAVAILABLE
   */
  async caughtUp(): Promise<void> {
    const ends = await this.#ends().catch((cause: unknown) => {
      throw new HutongError('KAFKA_UNAVAILABLE', 'the ends of the exchange’s topics could not be read', {
        retriable: true,
        cause,
      });
    });
    await this.#reach(ends, CAUGHT_UP_MS_MAX);
  }

  get withdrawals(): InForce {
    return this.#withdrawals.inForce;
  }

  freshnessAt(partition: number, position: Position, before: readonly InstanceWatermark[]): ExchangeFreshness {
    return {
      watermarks: this.#tracker.inForce(partition, position, before),
      incompleteProvinces: this.#marks.incompleteAt(partition, position),
      withdrawals: this.#withdrawals.inForce,
    };
  }

  markIncomplete(marked: Marked, record: LetteredRecord): void {
    if (marked !== 'nobody') return this.#marks.add(record, marked);
    const claim = claimOf(record.headers);
    if (claim !== null) this.#marks.addFailing(record, claim);
  }

  markFound(found: ClaimFound): void {
    this.#marks.addFound(found);
  }

  claimed(process: NamedProcess, partition: number, position: Position, readAtMs: number | null): Claimed {
    return this.#claims.claimed(process, partition, position, readAtMs);
  }

  hasLetter(record: LetteredRecord): boolean {
    const claim = claimOf(record.headers);
    return claim !== null && this.#marks.hasFailing(record, claim);
  }

  async #ends(): Promise<ReadonlyMap<string, number>> {
    const ends = new Map<string, number>();
    for (const name of TOPICS) {
      const [only] = await endsOf(this.#options.admin, [name]); // each has one partition
      if (only !== undefined && only.high > only.low) ends.set(name, only.high);
    }
    return ends;
  }

  async #reach(ends: ReadonlyMap<string, number>, waitMsMax: number): Promise<void> {
    const isReached = (): boolean => [...ends].every(([topic, end]) => (this.#nextOffsets.get(topic) ?? 0) >= end);
    if (!(await until(isReached, { waitMsMax, sleep: this.#options.sleep })))
      throw new HutongError('KAFKA_UNAVAILABLE', 'the exchange’s topics were not read to their end in time', {
        retriable: true,
      });
  }

  async #take(topic: string, message: KafkaMessage): Promise<void> {
    if (topic === DEAD_LETTERS_TOPIC) return this.#takeDeadLetter(message);
    if (topic === WITHDRAWALS_TOPIC) return this.#takeWithdrawal(message);
    const instance = message.key?.toString() ?? '';
    const kind = topic === PRODUCERS_TOPIC ? 'registration' : 'watermark';
    // Kafka takes a tombstone for anybody's key: retiring is a record of its own.
    if (message.value === null) return;
    try {
      await this.#readAgain(instance);
      await this.#takeOf({ kind, message });
    } catch (error) {
      if (error instanceof HutongError) this.#unread.add(instance, { kind, message });
      // Whoever wrote it takes events: its province is behind, rather than wrong, until a watermark of it can be read.
      const province = instance.slice(0, 2);
      if (isProvinceCode(province)) this.#tracker.mention(province, instance, Number(message.timestamp));
      this.#options.logger.warn(
        { topic, offset: message.offset, error: describeError(error) },
        'unreadable record of the exchange',
      );
    }
  }

  /**
   * A registration that couldn't be read may be that of a newer process, and a later watermark the former one's; on a
   * watermark that couldn't be, the later ones build. @throws HutongError while the registry is still away
   */
  async #readAgain(instance: string): Promise<void> {
    for (let unread = this.#unread.first(instance); unread !== undefined; unread = this.#unread.first(instance)) {
      await this.#takeOf(unread).catch((error: unknown) => {
        if (error instanceof HutongError) throw error;
      });
      this.#unread.shift(instance);
    }
  }

  #takeOf({ kind, message }: UnreadRecord): Promise<void> {
    return kind === 'registration' ? this.#takeRegistration(message) : this.#takeWatermark(message);
  }

  async #takeRegistration(message: KafkaMessage): Promise<void> {
    const { timestamp } = message;
    const said = await decodeRegistration(signed(message), this.#options.schemas, this.#options.signatures);
    if ('forged' in said) return this.#passOver(PRODUCERS_TOPIC, message, said.forged);
    if ('retired' in said) {
      const { instance, epoch } = said.retired;
      this.#claims.retire(instance, epoch, Number(timestamp));
      return this.#tracker.retire(instance, epoch, Number(timestamp));
    }
    const { province, instance, epoch } = said.registered;
    this.#claims.register(instance, epoch);
    this.#tracker.register(requireProvince(province), instance, epoch);
  }

  async #takeWatermark(message: KafkaMessage): Promise<void> {
    const { value, timestamp } = message;
    const watermark = (await decodeOwnValue(value, this.#options.schemas)) as SignedWatermark;
    const province = requireProvince(watermark.province);
    const isOld = this.#isStarting && Number(timestamp) < this.#options.now() - OLD_AT_START_MS;
    if (isOld && watermark.full !== watermark.sequence) return;
    const { instance, epoch } = watermark;
    const fault = faultOfInstance({ province, instance }, signed(message), this.#options.signatures);
    if (fault !== null) return this.#passOver(WATERMARKS_TOPIC, message, fault);
    if (!this.#claims.take(watermark)) return this.#tracker.register(province, instance, epoch);
    this.#tracker.add(watermark, Math.max(Number(timestamp), this.#options.now()));
  }

  #takeWithdrawal(message: KafkaMessage): void {
    const fault = this.#withdrawals.take(message);
    if (fault !== null) this.#passOver(WITHDRAWALS_TOPIC, message, fault);
  }

  /** At each batch: a watermark comes every second, and keys are published seldom. */
  #takeWaitingWithdrawals(): void {
    for (const fault of this.#withdrawals.takeWaiting())
      this.#options.logger.warn({ topic: WITHDRAWALS_TOPIC, fault }, 'a record of the exchange is not its principal’s');
  }

  /** What somebody else wrote in an instance's name is nothing: it claims nothing, and nobody is behind for it. */
  #passOver(topic: string, { offset }: KafkaMessage, fault: string): void {
    this.#options.logger.warn({ topic, offset, fault }, 'a record of the exchange is not its principal’s');
  }

  #takeDeadLetter({ headers = {} }: KafkaMessage): void {
    const note = noteOf(headers);
    if (note !== null) return this.#marks.settle(note);
    const found = claimFoundOf(headers);
    if (found !== null) return this.#marks.addFound(found);
    const letter = letterOf(headers);
    if (letter?.marks !== undefined) this.markIncomplete(letter.marks, { ...letter.place, headers });
  }
}

function requireProvince(code: string): ProvinceCode {
  if (!isProvinceCode(code)) throw new Error('unknown province');
  return code;
}
