/**
 * Producer instances as the materialiser sees them: registered before they take events, one record after the other,
 * now and then twice, and a watermark a second that claims no more than what has been appended. Another process may
 * take an instance up; the former one doesn't know at once, and goes on to claim what it can't know any more.
 */

import type { PersonEvent } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { Claims, type Numbered } from '#core/vouch/claims.ts';
import { provincePrincipal } from '#exchange/identity/principals.ts';
import { SIGNED_BY } from '#exchange/keys/signatures.ts';
import { TAG } from '#exchange/keys/tags.ts';
import type { RecordClaim } from '#exchange/topics/claim-header.ts';
import type { SignatureCheck } from '#exchange/topics/public-keys.ts';
import { topicOf } from '#exchange/topics/records.ts';
import { PRODUCERS_TOPIC, WATERMARKS_TOPIC } from '#exchange/topics/topics.ts';
import type { Random } from '#exercises/town/random.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { LOG } from '#test/support/first-edition.ts';
import type { Appended, SimLog } from './log.ts';
import { erasureOf, PARTITIONS, recordOf, someEvent } from './people.ts';
import { encodeAs } from './registry.ts';
import type { Scheduler } from './scheduler.ts';
import { type Accepted, nameOfBotched, type Truth } from './truth.ts';

export interface Surroundings {
  readonly scheduler: Scheduler;
  /** The broker's clock: ahead of the simulation's by its leaps. */
  readonly clockMs: number;
  readonly leaptMs: number;
  readonly random: Random;
  readonly log: SimLog;
  readonly truth: Truth;
  happens(kind: string, details?: string): void;
  /** A line of the run's trace. */
  note(what: string): void;
}

const APPEND_MS_MAX = 150;
const WATERMARK_EVERY_MS = 1_000;
const TWICE_PROBABILITY = 0.1;
/** Of the watermarks: so often somebody without the province's key writes in its name. */
const FORGED_PROBABILITY = 0.04;
/** Of processes: so many tag now and then with a key that nobody has. */
const BOTCHED_PROBABILITY = 0.1;
const FORGED_AHEAD_MS = 5_000;
const FULL_PROBABILITY = 0.2;
/** So long a former process goes on to write watermarks. */
const UNAWARE_MS_MAX = 4_000;

export class ProducerInstance {
  readonly name: string;
  readonly #province: ProvinceCode;
  readonly #version: 'current' | 'newer';
  readonly #in: Surroundings;
  readonly #registers: number;
  readonly #epoch: number;
  readonly #ends: Record<string, number[]> = Object.fromEntries(
    LOG.topics.map((topic) => [topic, Array.from({ length: PARTITIONS }, () => 0)]),
  );
  readonly #claims = new Claims(LOG.topics, PARTITIONS);
  readonly #underWay: Accepted[] = [];
  readonly #written: (() => void)[] = [];
  readonly #botchedProbability: number;
  #appendsFromMs = 0;
  #isOpen = true;
  /** It claims by its own knowledge alone, and is believed no longer. */
  #isFormer = false;
  /** The other has begun. */
  #isSucceeded = false;
  isClosed = false;
  /** Of its newest watermark. */
  throughMs = 0;

  constructor(
    surroundings: Surroundings,
    province: ProvinceCode,
    name: string,
    version: 'current' | 'newer',
    registers: number,
    epoch = 1,
  ) {
    this.#in = surroundings;
    this.#epoch = epoch;
    this.#province = province;
    this.name = name;
    this.#version = version;
    this.#registers = registers;
    this.#botchedProbability = surroundings.random.chance(BOTCHED_PROBABILITY) ? 0.3 : 0;
    surroundings.log.append(PRODUCERS_TOPIC, 0, {
      key: Buffer.from(name),
      value: encodeAs(version, 'ProducerRegistered', { province, instance: name, epoch, process: '' }),
      headers: signedBy(province),
    });
    for (const topic of LOG.topics)
      for (let partition = 0; partition < PARTITIONS; partition += 1)
        (this.#ends[topic] as number[])[partition] = surroundings.log.endOf(topic, partition);
    this.#writeWatermarks();
  }

  /** Whether nobody has taken it up yet, and it takes events. */
  get isOpen(): boolean {
    return this.#isOpen && !this.#isFormer;
  }

  /**
   * Another process takes the instance up, once all that this one has taken is in the log.
   * @param begin is given the other process
   */
  giveUp(begin: (successor: ProducerInstance) => void): void {
    this.#isFormer = true;
    const { scheduler, random } = this.#in;
    scheduler.after(Math.max(0, this.#appendsFromMs - scheduler.nowMs) + 1, () => {
      this.#isSucceeded = true;
      begin(new ProducerInstance(this.#in, this.#province, this.name, this.#version, this.#registers, this.#epoch + 1));
      scheduler.after(random.below(UNAWARE_MS_MAX), () => (this.#isOpen = false));
    });
  }

  /** Whether an erasure isn't in the log yet. */
  get isErasing(): boolean {
    return this.#underWay.some(({ topic }) => topic === LOG.topicOf.erasures);
  }

  /** Takes an event of a person; it is in the log a little later. */
  take(key: Buffer, kind: 'any' | 'erasure' = 'any'): void {
    const { scheduler, random, truth, clockMs, leaptMs } = this.#in;
    const delivery = {
      province: this.#province,
      eventId: `e${truth.accepted.length}`,
      acceptedAtMs: clockMs,
      producerInstance: this.name,
    };
    const event =
      kind === 'erasure' ? erasureOf(random, delivery) : someEvent(random, this.#registers, delivery, leaptMs);
    const accepted: Accepted = {
      province: this.#province,
      instance: this.name,
      atMs: clockMs,
      topic: topicOf(LOG, event.type),
      partition: partitionOf(key, PARTITIONS),
      offset: null,
    };
    truth.accepted.push(accepted);
    this.#underWay.push(accepted);
    const isBotched = kind !== 'erasure' && random.chance(this.#botchedProbability);
    let [name, record]: [string, Appended | null] = ['', null];
    const append = (): void => {
      [name, record] = record === null ? this.#numbered(key, event, accepted, isBotched) : [name, record];
      const { offset } = this.#in.log.append(accepted.topic, accepted.partition, record);
      this.#in.note(
        `${accepted.topic}/${accepted.partition}/${offset} is of ${key.toString('latin1', 0, 1)}, taken ` +
          `by ${this.name} at ${accepted.atMs}${kind === 'erasure' ? ', an erasure' : ''}`,
      );
      accepted.offset ??= offset;
      (this.#ends[accepted.topic] as number[])[accepted.partition] = offset + 1;
      truth.note({
        topic: accepted.topic,
        partition: accepted.partition,
        offset,
        person: isBotched ? null : key.toString('latin1'),
        event: isBotched ? null : event,
        reason: isBotched ? 'bad_tag' : null,
        province: isBotched ? this.#province : null,
        forged: isBotched ? name : null,
        latent: null,
        settles: null,
      });
      if (isBotched) this.#in.happens('a process’s own record bears a tag that fails', `${this.name}: `);
    };
    this.#appendsFromMs = Math.max(this.#appendsFromMs, scheduler.nowMs) + random.below(APPEND_MS_MAX);
    scheduler.after(this.#appendsFromMs - scheduler.nowMs, () => {
      append();
      if (random.chance(TWICE_PROBABILITY)) append();
      this.#written.push(append);
      this.#underWay.shift();
    });
  }

  /** Which of its records comes next in a partition of a topic, or one near it. */
  someClaim(topic: string, partition: number): RecordClaim {
    const [next] = this.#claims.numbersFor([{ topic, partition }]);
    const { attempt = 0, number = 1 } = next ?? {};
    const nearby = Math.max(1, number + this.#in.random.between(-2, 2));
    return { instance: this.name, epoch: this.#epoch, attempt, number: nearby };
  }

  #numbered(key: Buffer, event: PersonEvent, place: Accepted, isBotched: boolean): [string, Appended] {
    const [number] = this.#claims.numbersFor([place]);
    this.#claims.acknowledged([{ ...place, digest: Buffer.alloc(32) }]);
    const claim = { instance: this.name, epoch: this.#epoch, ...(number as Numbered) };
    const record = recordOf(key, event, this.#version, claim);
    const name = `${this.name} ${this.#epoch} ${claim.number}`;
    if (!isBotched) return [name, record];
    const { topic, partition, atMs } = place;
    this.#in.truth.botched.set(nameOfBotched({ forged: name, topic, partition }), {
      instance: this.name,
      epoch: this.#epoch,
      atMs,
      claimed: 'no',
    });
    return [name, { ...record, headers: { ...record.headers, [TAG]: Buffer.alloc(32) } }];
  }

  /** Writes once more what it wrote before, however long ago. */
  repeat(): void {
    if (this.#written.length > 0) this.#in.random.pick(this.#written)();
  }

  /** Takes nothing more, and says so by a last watermark once what is under way has been appended. */
  close(): void {
    this.#isOpen = false;
    this.#in.scheduler.after(Math.max(0, this.#appendsFromMs - this.#in.scheduler.nowMs) + 1, () => {
      this.#writeWatermark(true);
      this.isClosed = true;
    });
  }

  #writeWatermarks(): void {
    if (!this.#isOpen) return;
    this.#writeWatermark();
    if (this.#in.random.chance(FORGED_PROBABILITY)) this.#forge();
    this.#in.scheduler.after(WATERMARK_EVERY_MS, () => this.#writeWatermarks());
  }

  #writeWatermark(isFull = this.#in.random.chance(FULL_PROBABILITY)): void {
    const { log, clockMs, truth } = this.#in;
    this.throughMs = this.#underWay[0]?.atMs ?? clockMs;
    const offsets = LOG.topics.map((topic) => ({ topic, nextOffsets: this.#ends[topic] as number[] }));
    log.append(WATERMARKS_TOPIC, 0, {
      key: Buffer.from(this.name),
      value: encodeAs(this.#version, 'Watermark', {
        province: this.#province,
        instance: this.name,
        throughMs: this.throughMs,
        epoch: this.#epoch,
        offsets,
        ...this.#claims.state(isFull),
      }),
      headers: signedBy(this.#province),
    });
    truth.claims({ instance: this.name, epoch: this.#epoch }, this.throughMs, this.#isSucceeded);
  }

  /** Somebody without its province's key claims more in its name, or says that it is the instance by now. */
  #forge(): void {
    const { log, clockMs, random } = this.#in;
    const key = Buffer.from(this.name);
    const headers = random.chance(0.5) ? {} : signedBy('11');
    const of = { province: this.#province, instance: this.name };
    if (random.chance(0.5)) {
      const value = encodeAs('current', 'ProducerRegistered', { ...of, epoch: this.#epoch + 1, process: 'forged' });
      log.append(PRODUCERS_TOPIC, 0, { key, value, headers });
      this.#in.happens('a registration is forged', `${this.name}: `);
      return;
    }
    const offsets = LOG.topics.map((topic) => ({ topic, nextOffsets: this.#ends[topic] as number[] }));
    const claimed = { throughMs: clockMs + FORGED_AHEAD_MS, epoch: this.#epoch, offsets };
    const value = encodeAs('current', 'Watermark', { ...of, ...claimed, sequence: 1, full: 1, heads: [] });
    log.append(WATERMARKS_TOPIC, 0, { key, value, headers });
    this.#in.happens('a watermark is forged', `${this.name}: `);
  }
}

/** As far as the simulation signs: by name. */
const signedBy = (province: string): Record<string, string> => ({
  [SIGNED_BY]: provincePrincipal(province as ProvinceCode),
});

/** What it checks by. */
export const BY_NAME: SignatureCheck = {
  faultOf: (principal, { headers }) => (headers[SIGNED_BY]?.toString() === principal ? null : 'another has signed it'),
  provenSigner: ({ headers }) => headers[SIGNED_BY]?.toString() ?? null,
  knowsKeyOf: () => true,
};
