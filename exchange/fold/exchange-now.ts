/**
 * What is known of the whole exchange now: by the tail that has read its topics. Once it is known that a signing key
 * had leaked, another tail reads them from their beginning and takes that one's place, for what was signed with the key
 * since then may have changed anything in it. It never has a watermark in force of the key's holder before that.
 */

import type { ExchangeFreshness, InstanceWatermark, Position } from '#core/view/snapshot.ts';
import type { Claimed } from '#core/vouch/sightings.ts';
import type { InForce } from '#core/withdrawals/in-force.ts';
import type { ClaimFound, Marked } from '#exchange/topics/letters.ts';
import type { SignatureCheck } from '#exchange/topics/public-keys.ts';
import { describeError } from '#platform/errors.ts';
import { type ExchangeState, ExchangeTail, type LetteredRecord, type TailOptions } from './exchange-tail.ts';
import type { NamedProcess } from './instance-claims.ts';
import { LetterMarks } from './letter-marks.ts';

const AGAIN_MS = 1_000;

/** By key; a province is `of` its own code. */
type Leaked = readonly { readonly key: string; readonly of: string }[];

export interface NowOptions extends Omit<TailOptions, 'groupId' | 'marks'> {
  readonly signatures: SignatureCheck & {
    /** The signing keys that had leaked; another list as soon as more is known of one. */
    readonly leaked: Leaked;
  };
  /** Of each tail another. */
  readonly groupId: () => string;
}

interface Read {
  readonly tail: ExchangeTail;
  readonly stop: () => Promise<void>;
  /** What was known of leaked keys before it read its first record. */
  readonly leaked: Leaked;
}

export class ExchangeNow implements ExchangeState {
  readonly #options: NowOptions;
  readonly #marks: LetterMarks;
  #read: Read;
  #reading: Promise<void> | null = null;
  #isStopped = false;

  private constructor(options: NowOptions, marks: LetterMarks, read: Read) {
    this.#options = options;
    this.#marks = marks;
    this.#read = read;
  }

  /** @see ExchangeTail.start */
  static async start(options: NowOptions): Promise<ExchangeNow> {
    const marks = new LetterMarks();
    return new ExchangeNow(options, marks, await readAll(options, marks));
  }

  get withdrawals(): InForce {
    return this.#read.tail.withdrawals;
  }

  freshnessAt(partition: number, position: Position, before: readonly InstanceWatermark[]): ExchangeFreshness {
    const leaked = this.#leaked();
    if (leaked.size === 0) return this.#read.tail.freshnessAt(partition, position, before);
    // By which key it came into force isn't stored with a position: what held before is asked of the topic alone.
    const held = before.filter(({ province }) => !leaked.has(province));
    const known = this.#read.tail.freshnessAt(partition, position, held);
    if (this.#isCurrent()) return known;
    const watermarks = known.watermarks.map((one) => (leaked.has(one.province) ? { ...one, throughMs: 0 } : one));
    return { ...known, watermarks };
  }

  claimed(process: NamedProcess, partition: number, position: Position, readAtMs: number | null): Claimed {
    const isOpen = this.#leaked().has(process.instance.slice(0, 2)) && !this.#isCurrent();
    return isOpen ? { kind: 'later' } : this.#read.tail.claimed(process, partition, position, readAtMs);
  }

  markIncomplete(marked: Marked, record: LetteredRecord): void {
    this.#read.tail.markIncomplete(marked, record);
  }

  markFound(found: ClaimFound): void {
    this.#read.tail.markFound(found);
  }

  hasLetter(record: LetteredRecord): boolean {
    return this.#read.tail.hasLetter(record);
  }

  caughtUp(): Promise<void> {
    return this.#read.tail.caughtUp();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#reading;
    await this.#read.stop();
  }

  /** Whose signing keys had leaked, as far as it is known now. What was read without knowing it is read again. */
  #leaked(): ReadonlySet<string> {
    const { leaked } = this.#options.signatures;
    if (leaked.length === 0) return NOBODY;
    if (!this.#isCurrent()) this.#reading ??= this.#readAgain();
    return new Set(leaked.map(({ of }) => of));
  }

  #isCurrent(): boolean {
    return this.#read.leaked === this.#options.signatures.leaked;
  }

  async #readAgain(): Promise<void> {
    const { logger, sleep, onWithdrawals } = this.#options;
    while (!this.#isCurrent() && !this.#isStopped) {
      try {
        const former = this.#read;
        this.#read = await readAll(this.#options, this.#marks);
        logger.warn({ leaked: this.#read.leaked.map(({ key }) => key) }, 'read anew: signing keys had leaked');
        await former.stop();
      } catch (error) {
        logger.warn({ error: describeError(error) }, 'the exchange’s topics can’t be read anew yet');
        await sleep(AGAIN_MS);
      }
    }
    this.#reading = null;
    onWithdrawals();
  }
}

const NOBODY: ReadonlySet<string> = new Set();

async function readAll({ groupId, ...options }: NowOptions, marks: LetterMarks): Promise<Read> {
  const { leaked } = options.signatures;
  const { tail, stop } = await ExchangeTail.start({ ...options, groupId: groupId(), marks });
  return { tail, stop, leaked };
}
