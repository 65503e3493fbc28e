/**
 * The withdrawals in force, by the records of their topic as they come. A record whose key isn't published yet waits
 * for it, for it must never depend on which of the two topics is read first.
 */

import { type InForce, Withdrawals } from '#core/withdrawals/in-force.ts';
import type { SignatureCheck } from '#exchange/topics/public-keys.ts';
import { readWithdrawal } from '#exchange/topics/withdrawals.ts';
import type { KafkaMessage } from '#platform/kafka/client.ts';

/** Records that wait for their keys: the newest. Whoever may write to the topic could send any number. */
const WAITING_MAX = 1_000;

export class WithdrawalsRead {
  readonly #signatures: SignatureCheck;
  readonly #withdrawals = new Withdrawals();
  #waiting: readonly KafkaMessage[] = [];

  constructor(signatures: SignatureCheck) {
    this.#signatures = signatures;
  }

  get inForce(): InForce {
    return this.#withdrawals.inForce;
  }

  /** @returns why it has no effect; null: it has one, or waits for its key */
  take(message: KafkaMessage): string | null {
    const said = readWithdrawal(message, this.#signatures);
    if ('invalid' in said) return said.invalid;
    if (!('unknownKey' in said)) return this.#withdrawals.take(said);
    this.#waiting = [...this.#waiting, message].slice(-WAITING_MAX);
    return null;
  }

  /** Takes those whose keys have been published since. @returns why some of them have no effect */
  takeWaiting(): readonly string[] {
    if (this.#waiting.length === 0) return [];
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting.map((message) => this.take(message)).filter((fault) => fault !== null);
  }
}
