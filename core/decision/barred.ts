/**
 * Whether a state bars the person from where they want to go: a state of the rule that judges, or of any other in
 * force there. It says so as plainly as a decision says no: not while an event that can't be seen could end the
 * state.
 */

import { originallyMs, type Rule, type State } from '#core/book/rule.ts';
import type { Barring } from '#core/book/selected.ts';
import { parseTime } from '#core/field/time.ts';
import type { Statement } from '#core/question/occasion.ts';
import { covers, type Scope, scopeOf } from '#core/rules/purpose.ts';
import { FLOOR_FROM } from '#core/terms/notice.ts';
import { standingsOf } from '#core/trial/duties.ts';
import { staysWereCut } from '#core/trial/stays.ts';
import { changesAt, emptyNotes, type Known, type Notes, TRUTH } from '#core/trial/trial.ts';
import type { DataState } from '#core/view/freshness.ts';
import type { Question } from './decision.ts';
import type { Doubt, Incomplete } from './doubt.ts';
import { knownFor } from './known-for.ts';

export interface Barred {
  /** `clear`: no state bars, nor could by what isn't stated or seen. */
  readonly standing: 'clear' | 'may_bar' | 'bars';
  /** What keeps a state that is there from barring plainly. */
  readonly doubt: Doubt | null;
  /** Whether a state that bars also refuses: not any more since the national notice of 29 July 2022. */
  readonly refuses: boolean;
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

const FLOOR_FROM_MS = parseTime(FLOOR_FROM)?.atMs ?? Number.NaN;

const CLEAR: Barred = {
  standing: 'clear',
  doubt: null,
  refuses: false,
  missing: [],
  states: [],
  nextMs: Number.POSITIVE_INFINITY,
  turnsOnRecords: false,
};

/**
 * Of every look-up, and hardly ever is there anything: what that takes is looked at first.
 * @param barring other rules in force there that have such states
 * @param judging the rule that judges and what is known for it; null: none does
 */
export function barredIn(
  { purpose, snapshot: { view }, presented, occasion, atMs }: Question,
  barring: Barring | undefined,
  judging: { readonly rule: Rule; readonly known: Known } | null,
  seen: Seen,
): Barred {
  if (purpose === undefined || (barring === undefined && (judging === null || !judging.rule.hasBars))) return CLEAR;
  const scope = scopeOf(purpose, occasion.kind);
  const own = judging !== null && barsIt(judging.rule, scope) ? [judging] : [];
  if (own.length === 0 && barring === undefined) return CLEAR;
  const others = (barring?.rules ?? []).map((rule) => knownFor(rule, { view, presented, occasion, atMs }));
  const found = new Finder(scope, seen);
  for (const one of own) found.look(one, false);
  for (const one of others) found.look(one, true);
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
  readonly #missing = new Set<Statement>();
  readonly #states: State[] = [];
  #originalMs: number | null = null;
  #bars = false;
  #mayBar = false;
  #doubt: Doubt | null = null;
  #turnsOnRecords = false;

  constructor(scope: Scope, seen: Seen) {
    this.#scope = scope;
    this.#seen = seen;
  }

  /** @param isOther its states aren't shown yet */
  look({ rule, known }: { readonly rule: Rule; readonly known: Known }, isOther: boolean): void {
    this.#originalMs = originallyMs(rule, known.atMs);
    changesAt(known, this.#notes, rule.enforcedFromMs);
    if (known.atMs < rule.enforcedFromMs) return;
    const standings = standingsOf(rule.duties, known, this.#notes);
    const all = rule.duties.length === 0 ? known : { ...known, duties: standings };
    for (const state of rule.states) {
      if (!isBarring(state, this.#scope)) continue;
      const isShown = this.#weigh(state, all);
      if (isShown && isOther) this.#states.push(state);
    }
  }

  changes(atMs: number, ms: number): void {
    changesAt({ atMs }, this.#notes, ms);
  }

  result(atMs: number): Barred {
    const standing = this.#bars ? 'bars' : this.#mayBar ? 'may_bar' : 'clear';
    // All rules of a book are moved by the same number of days.
    const originalMs = this.#originalMs ?? atMs;
    if (standing !== 'clear') this.changes(atMs, FLOOR_FROM_MS + atMs - originalMs);
    return {
      standing,
      doubt: this.#bars ? null : this.#doubt,
      refuses: originalMs < FLOOR_FROM_MS,
      missing: [...this.#missing],
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
      if (state.looksAtStays && unseen !== null) this.#mayBar = true;
      return false;
    }
    for (const statement of notes.missing ?? []) this.#missing.add(statement);
    if (holds === TRUTH.yes && state.looksAtRecords) this.#turnsOnRecords = true;
    if (holds !== TRUTH.yes) {
      this.#mayBar = true;
      return false;
    }
    const unsure = when?.truth === TRUTH.yes && !when.sure ? 'stay_unclear' : null;
    const doubt = unsure ?? (state.looksAtRecords ? unseen : null);
    if (doubt === null && ends !== TRUTH.unknown) this.#bars = true;
    else {
      this.#mayBar = true;
      this.#doubt ??= doubt;
    }
    return true;
  }

  #unseen({ view }: Known): Doubt | null {
    const { data, incomplete } = this.#seen;
    if (data.exchangeBehind) return 'exchange_behind';
    if (data.behind.length > 0) return 'province_behind';
    if (incomplete.person || incomplete.provinces.length > 0) return 'record_incomplete';
    return staysWereCut(view) ? 'history_cut' : null;
  }
}
