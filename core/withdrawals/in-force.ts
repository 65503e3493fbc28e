/**
 * Which withdrawals are in force, by all that was said of them. It comes to the same whatever the order, and however
 * often something was said: an undoing may come before what it undoes.
 */

import { compareText } from '#core/field/text-order.ts';
import { type Undoing, undoingFaultOf, type Withdrawal, withdrawalFaultOf, type Withdrawer } from './withdrawal.ts';

/** Of each who withdraws. Each look-up holds all that are in force, and each is held against a person's results. */
export const IN_FORCE_MAX = 64;

/** In the order of who withdrew and of the ids. */
export type InForce = readonly Withdrawal[];
export const NONE_IN_FORCE: InForce = [];

export type SaidOfWithdrawals = { readonly withdrawn: Withdrawal } | { readonly undone: Undoing };

export class Withdrawals {
  /** By who withdrew and id. */
  readonly #withdrawals = new Map<string, Withdrawal>();
  /** By the same, that its own or the national role has undone it. */
  readonly #undoings = new Map<string, Undoing>();
  #inForce: InForce = NONE_IN_FORCE;

  /** What is invalid changes nothing. @returns why it is, or null */
  take(said: SaidOfWithdrawals): string | null {
    const fault = 'withdrawn' in said ? withdrawalFaultOf(said.withdrawn) : undoingFaultOf(said.undone);
    if (fault !== null) return fault;
    if ('withdrawn' in said ? this.#withdraw(said.withdrawn) : this.#undo(said.undone)) this.#inForce = this.#all();
    return null;
  }

  /** The same array until something changes. */
  get inForce(): InForce {
    return this.#inForce;
  }

  /** Undone ones and those beyond the bound too, in the same order. */
  get all(): readonly { readonly withdrawal: Withdrawal; readonly undoing: Undoing | null }[] {
    return this.#sorted().map((withdrawal) => ({ withdrawal, undoing: this.#undoingOf(withdrawal) }));
  }

  #withdraw(withdrawal: Withdrawal): boolean {
    const name = nameOf(withdrawal.by, withdrawal.id);
    const known = this.#withdrawals.get(name);
    if (known !== undefined && compareText(textOf(known), textOf(withdrawal)) <= 0) return false;
    this.#withdrawals.set(name, withdrawal);
    return true;
  }

  #undo(undoing: Undoing): boolean {
    const name = nameOf(undoing.of, undoing.undoes);
    const known = this.#undoings.get(name);
    if (known !== undefined && compareText(undoingText(known), undoingText(undoing)) <= 0) return false;
    this.#undoings.set(name, undoing);
    return true;
  }

  #undoingOf({ by, id }: Withdrawal): Undoing | null {
    return this.#undoings.get(nameOf(by, id)) ?? null;
  }

  #all(): InForce {
    const counts = new Map<Withdrawer, number>();
    return this.#sorted().filter((withdrawal) => {
      if (this.#undoingOf(withdrawal) !== null) return false;
      const count = (counts.get(withdrawal.by) ?? 0) + 1;
      counts.set(withdrawal.by, count);
      return count <= IN_FORCE_MAX;
    });
  }

  #sorted(): Withdrawal[] {
    return [...this.#withdrawals.values()].sort((a, b) => compareText(a.by, b.by) || compareText(a.id, b.id));
  }
}

function nameOf(by: Withdrawer, id: string): string {
  return `${by} ${id}`;
}

function undoingText({ by, of, undoes, why, atMs }: Undoing): string {
  return JSON.stringify([by, of, undoes, why, atMs]);
}

/** Equal for equal withdrawals, whatever the order of their fields. */
function textOf({ id, by, province, laboratory, run, method, span, why, atMs }: Withdrawal): string {
  const times = span === null ? null : [span.of, span.fromMs, span.toMs];
  return JSON.stringify([by, id, province, laboratory, run, method, times, why, atMs]);
}
