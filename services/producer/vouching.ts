/**
 * How an instance vouches for its records: each is numbered and tagged as it is sent, and what Kafka has acknowledged
 * is claimed by the next watermark, under the province's signature. It never claims what wasn't acknowledged.
 */

import { Claims, type Numbered, type Statement } from '#core/vouch/claims.ts';
import { NATIONAL } from '#exchange/identity/principals.ts';
import type { OwnKeys } from '#exchange/keys/own-keys.ts';
import { signatureHeaders, type Signed } from '#exchange/keys/signatures.ts';
import { digestOf, headerText, TAG_FOR } from '#exchange/keys/tags.ts';
import { claimHeader } from '#exchange/topics/claim-header.ts';
import type { Log } from '#exchange/topics/log.ts';
import { tagged } from '#exchange/topics/records.ts';
import type { BatchSender } from '#platform/kafka/outbox.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';

/** A reader that lacks a full statement takes no watermark until the next one. */
const FULL_EVERY_MS = 60_000;

export interface VouchingOptions {
  readonly log: Log;
  readonly instance: string;
  readonly partitions: number;
  readonly keys: Pick<OwnKeys, 'recordKey' | 'signingKey'>;
  readonly national: Pick<OwnKeys, 'recordKey'> | null;
  readonly monotonicMs: () => number;
}

export class Vouching {
  /** Of the process; its records bear it. */
  epoch = 0;
  readonly #options: VouchingOptions;
  readonly #claims: Claims;
  #fullAtMs = Number.NEGATIVE_INFINITY;
  /** How many records were claimed by the newest statement that is kept for ever. */
  #kept = -1;
  /** Whether the full statement that the next one builds on is kept for ever. */
  #isFullKept = false;

  constructor(options: VouchingOptions) {
    this.#options = options;
    this.#claims = new Claims(options.log.topics, options.partitions);
  }

  /** The sender, with each event's record numbered and tagged. One batch is under way at a time. */
  through(sender: BatchSender): BatchSender {
    return {
      send: async (records) => {
        const events = records.filter((record) => this.#claims.isOf(record));
        const numbers = this.#claims.numbersFor(events);
        const stamped = new Map(
          events.map((record, index) => [record, this.#stamped(record, numbers[index] as Numbered)]),
        );
        try {
          const acknowledgements = await sender.send(records.map((record) => stamped.get(record) ?? record));
          this.#claims.acknowledged(
            [...stamped.values()].map((record) => ({
              topic: record.topic,
              partition: record.partition,
              digest: digestOf(record),
            })),
          );
          return acknowledgements;
        } catch (error) {
          this.#claims.failed();
          throw error;
        }
      },
      renew: () => sender.renew(),
      close: () => sender.close(),
    };
  }

  /** What the next watermark claims, and whether that is to be kept for ever: it says something new. */
  next(): { readonly statement: Statement; readonly isNew: boolean } {
    const nowMs = this.#options.monotonicMs();
    const isNew = this.#claims.total !== this.#kept;
    const isFull = nowMs - this.#fullAtMs >= FULL_EVERY_MS || (isNew && !this.#isFullKept);
    if (isFull) {
      this.#fullAtMs = nowMs;
      this.#isFullKept = isNew;
    }
    if (isNew) this.#kept = this.#claims.total;
    return { statement: this.#claims.state(isFull), isNew };
  }

  /** The next watermark is full and kept: the one before may not be there, or this is the last. */
  restate(): void {
    this.#fullAtMs = Number.NEGATIVE_INFINITY;
    this.#isFullKept = false;
    this.#kept = -1;
  }

  signed(record: Signed): Record<string, string | Buffer> {
    return signatureHeaders(this.#options.keys.signingKey, record);
  }

  #stamped(record: OutgoingRecord, number: Numbered): OutgoingRecord {
    const { instance, keys, national } = this.#options;
    const claim = claimHeader({ instance, epoch: this.epoch, ...number });
    const { recordKey } = (headerText(record.headers, TAG_FOR) === NATIONAL ? national : null) ?? keys;
    return tagged(recordKey, { ...record, headers: { ...record.headers, ...claim } });
  }
}
