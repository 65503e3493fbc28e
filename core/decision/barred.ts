/**
 * Whether a state bars the person from where they want to go: a state of the rule that judges, or of any other in
 * force there. It says so as plainly as a decision says no: not while an event that can't be seen could end the
 * state.
 */

import { originallyMs, type Rule, type State } from '#core/book/rule.ts';
import type { Barring } from '#core/book/selected.ts';
import type { Statement } from '#core/question/occasion.ts';
import { covers, type Scope, scopeOf } from '#core/rules/purpose.ts';
import { FLOOR_FROM_MS } from '#core/terms/notice.ts';
import { staysWereCut } from '#core/trial/stays.ts';
import { changesAt, emptyNotes, type Known, missesAll, type Notes, TRUTH } from '#core/trial/trial.ts';
import type { DataState } from '#core/view/freshness.ts';
import { type WithDuties, withDuties } from './beside.ts';
import type { Question } from './decision.ts';
import type { Doubt, Incomplete } from './doubt.ts';
import { knownFor } from './known-for.ts';

export interface Barred {
  /** `clear`: no state bars, nor could by what isn't stated or seen. */
  readonly standing: 'clear' | 'may_bar' | 'bars';
  /**
   * The same of those states that also refuse. Since the national notice of 29 July 2022 these are the ones that turn
   * on stays alone.
   */
  readonly refusing: Barred['standing'];
  /** What keeps a state that is there from refusing plainly. */
  readonly doubt: Doubt | null;
  /** Statements on which it turns. */
  readonly missing: readonly Statement[];
  /** Of other rules than the one that judges. */
  readonly states: readonly State[];
  /** When any of it may be otherwise by the clock alone. */
  readonly nextMs: number;
  /** Whether what arrives of any province may turn it. */
  readonly turnsOnRecords: boolean;
}

interface Seen {
  readonly data: DataState;
  readonly incomplete: Incomplete;
}

const NOTHING_MISSING: readonly Statement[] = [];

export const NOT_BARRED: Barred = {
  standing: 'clear',
  refusing: 'clear',
  doubt: null,
  missing: NOTHING_MISSING,
  states: [],
  nextMs: Number.POSITIVE_INFINITY,
  turnsOnRecords: false,
};

/**
 * To be asked only where a state can bar: of every look-up, hardly ever one does.
 * @param kind of place, from which a state may bar alone; null: none
 * @param barring other rules in force there that have such states
 * @param judging the rule that judges and what is known for it; null: none does, or no state of it bars anything
 */
export function barredIn(
  question: Question,
  kind: string | null,
  barring: Barring | undefined,
  judging: WithDuties | null,
  seen: Seen,
): Barred {
  const { purpose, atMs } = question;
  if (purpose === undefined) return NOT_BARRED;
  const scope = scopeOf(purpose, kind);
  const own = judging !== null && barsIt(judging.rule, scope) ? judging : null;
  if (own === null && barring === undefined) return NOT_BARRED;
  const found = new Finder(scope, seen);
  if (own !== null) found.look(own, false);
  for (const inForce of barring?.rules ?? []) {
    const { rule, known } = knownFor(inForce, question);
    found.look(withDuties(rule, known), true);
  }
  if (barring !== undefined) found.changes(atMs, barring.untilMs);
  return found.result(atMs);
}

function barsIt({ states }: Rule, scope: Scope): boolean {
  return states.some((state) => isBarring(state, scope));
}

function isBarring({ bars }: State, scope: Scope): boolean {
  return bars.some((one) => covers(one, scope));
}

/** Looks at one rule after the other, and keeps the gravest of what it finds. */
class Finder {
  readonly #scope: Scope;
  readonly #seen: Seen;
  readonly #notes: Notes = emptyNotes();
  readonly #states: State[] = [];
  #originalMs: number | null = null;
  #standing: Barred['standing'] = 'clear';
  #refusing: Barred['standing'] = 'clear';
  #doubt: Doubt | null = null;
  #turnsOnRecords = false;

  constructor(scope: Scope, seen: Seen) {
    this.#scope = scope;
    this.#seen = seen;
  }

  /** @param isOther its states aren't shown yet */
  look({ rule, known, nextMs }: WithDuties, isOther: boolean): void {
    this.#originalMs = originallyMs(rule, known.atMs);
    changesAt(known, this.#notes, rule.enforcedFromMs);
    if (known.atMs < rule.enforcedFromMs) return;
    changesAt(known, this.#notes, nextMs);
    for (const state of rule.states) {
      if (!isBarring(state, this.#scope)) continue;
      const isShown = this.#weigh(state, known);
      if (isShown && isOther) this.#states.push(state);
    }
  }

  changes(atMs: number, ms: number): void {
    changesAt({ atMs }, this.#notes, ms);
  }

  result(atMs: number): Barred {
    // All rules of a book are moved by the same number of days.
    const originalMs = this.#originalMs ?? atMs;
    if (this.#standing !== 'clear') this.changes(atMs, FLOOR_FROM_MS + atMs - originalMs);
    return {
      standing: this.#standing,
      refusing: this.#refusing,
      doubt: this.#refusing === 'bars' ? null : this.#doubt,
      missing: this.#notes.missing ?? NOTHING_MISSING,
      states: this.#states,
      nextMs: this.#notes.nextMs,
      turnsOnRecords: this.#turnsOnRecords,
    };
  }

  /** @returns whether the state is shown by what is visible */
  #weigh(state: State, known: Known): boolean {
    const notes = emptyNotes();
    const when = state.when?.(known, notes) ?? null;
    const unless = state.unless?.(known, notes) ?? null;
    this.changes(known.atMs, notes.nextMs);
    const [holds, ends] = [when?.truth ?? TRUTH.yes, unless?.truth ?? TRUTH.no];
    if (ends === TRUTH.yes) return false;
    const unseen = this.#unseen(known);
    if (holds === TRUTH.no) {
      if (state.looksAtStays) this.#turnsOnRecords = true;
      // A stay that isn't seen yet may begin it.
      if (state.looksAtStays && unseen !== null) this.#note(state, known, 'may_bar');
      return false;
    }
    missesAll(this.#notes, notes.missing);
    if (holds === TRUTH.yes && state.looksAtRecords) this.#turnsOnRecords = true;
    if (holds !== TRUTH.yes) {
      this.#note(state, known, 'may_bar');
      return false;
    }
    const unsure = when?.truth === TRUTH.yes && !when.sure ? 'stay_unclear' : null;
    const doubt = unsure ?? (state.looksAtRecords ? unseen : null);
    if (doubt === null && ends !== TRUTH.unknown) this.#note(state, known, 'bars');
    else {
      this.#note(state, known, 'may_bar');
      if (this.#refuses(state, known)) this.#doubt ??= doubt;
    }
    return true;
  }

  #note(state: State, known: Known, standing: 'may_bar' | 'bars'): void {
    if (this.#standing !== 'bars') this.#standing = standing;
    if (this.#refusing !== 'bars' && this.#refuses(state, known)) this.#refusing = standing;
  }

  #refuses({ turnsOnStaysAlone }: State, { atMs }: Known): boolean {
    return turnsOnStaysAlone || (this.#originalMs ?? atMs) < FLOOR_FROM_MS;
  }

  #unseen({ view }: Known): Doubt | null {
    const { data, incomplete } = this.#seen;
    if (data.exchangeBehind) return 'exchange_behind';
    if (data.behind.length > 0) return 'province_behind';
    if (incomplete.person || incomplete.provinces.length > 0) return 'record_incomplete';
    return staysWereCut(view) ? 'history_cut' : null;
  }
}
