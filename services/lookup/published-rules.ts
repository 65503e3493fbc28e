/**
 * The rules that a look-up judges by: those of its folder until some are published, then the newest that could be
 * read. It swaps them as a whole, keeps what it has when a publication is faulty, and knows since when it has lost
 * sight of the topic, for answers to say so.
 */

import type { RulesSeen } from '#core/answer/recognise.ts';
import type { PolicyBook } from '#core/book/policy-book.ts';
import type { Rule } from '#core/book/rule.ts';
import type { SearchBook } from '#core/book/searched.ts';
import type { Selected, Sought } from '#core/book/selected.ts';
import type { CodeBook } from '#core/codes/conversion.ts';
import type { KindTable } from '#core/rules/kinds-text.ts';
import type { Redated } from '#core/rules/redate.ts';
import { unpackPolicies } from '#exchange/policy/publication.ts';
import { describeError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import type { Metrics } from '#platform/metrics.ts';

export interface PublishedRulesOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly startedAtMs: number;
  /** Longest time without a look at the topic before answers say so. */
  readonly sightBoundMs: number;
}

/** As it lies in the topic. */
export interface PublicationRecord {
  readonly value: Buffer | null;
  readonly offset: number;
  readonly publishedAtMs: number;
}

/** As a book it is always the newest one; what it selects is one rule of one publication. */
export class PublishedRules implements PolicyBook {
  readonly #options: PublishedRulesOptions;
  #book: PolicyBook;
  #publishedAtMs: number | null = null;
  #offset = -1;
  #seenAtMs: number;
  #hasCaughtUp = false;

  constructor(fallback: PolicyBook, options: PublishedRulesOptions) {
    this.#book = fallback;
    this.#options = options;
    this.#seenAtMs = options.startedAtMs;
  }

  get rules(): readonly Rule[] {
    return this.#book.rules;
  }

  get codeBook(): CodeBook {
    return this.#book.codeBook;
  }

  get redated(): Redated | null {
    return this.#book.redated;
  }

  get kinds(): KindTable {
    return this.#book.kinds;
  }

  get searched(): SearchBook {
    return this.#book.searched;
  }

  readonly select = (sought: Sought, atMs: number): Selected => this.#book.select(sought, atMs);

  /** Whether the topic has been read to its end once: before that, rules may stand there that aren't known here. */
  get hasCaughtUp(): boolean {
    return this.#hasCaughtUp;
  }

  /**
   * Records of the topic, in their order: the newest that can be read, and none before it. The topic keeps each
   * publication, and a look-up that starts must not compile them all.
   */
  async takeNewest(records: readonly PublicationRecord[]): Promise<void> {
    for (const { value, ...at } of records.toReversed()) if (await this.take(value, at)) return;
  }

  /**
   * A record of the topic. Where it was, and when it was published, tell whether it is read again: after Kafka was away
   * the topic comes from its beginning, and rules that have been replaced must not be in force meanwhile.
   * @param publishedAtMs the broker's clock
   * @returns whether it is in force, or was before
   */
  async take(value: Buffer | null, { offset, publishedAtMs }: Omit<PublicationRecord, 'value'>): Promise<boolean> {
    const { logger, metrics } = this.#options;
    // Both: in a topic that was made anew offsets begin again, and a clock may be set back.
    const isReadAgain = offset <= this.#offset && publishedAtMs <= (this.#publishedAtMs ?? 0);
    if (value === null || isReadAgain) return isReadAgain;
    try {
      // Look-ups go on by the rules before until this is there.
      this.#book = await unpackPolicies(value, publishedAtMs);
      this.#publishedAtMs = publishedAtMs;
      this.#offset = offset;
      logger.info(
        { publishedAt: new Date(publishedAtMs).toISOString(), rules: this.#book.rules.length },
        'published rules taken',
      );
      return true;
    } catch (error) {
      metrics.counter('hutong_publications_refused_total').inc();
      logger.error({ error: describeError(error) }, 'published rules refused; the ones before stay');
      return false;
    }
  }

  /** That everything that the topic held at `atMs` has been taken. */
  seen(atMs: number): void {
    this.#hasCaughtUp = true;
    this.#seenAtMs = atMs;
  }

  stateAt(nowMs: number): RulesSeen {
    const outOfSight = nowMs - this.#seenAtMs > this.#options.sightBoundMs;
    return {
      publishedAtMs: this.#publishedAtMs,
      outOfSightSinceMs: outOfSight ? this.#seenAtMs : null,
      ...(this.#book.redated === null ? {} : { redated: this.#book.redated }),
    };
  }
}
