/**
 * When an answer may change by the clock alone. For an answer about now the occasion moves along with the clock, and a
 * source may pass its freshness bound meanwhile; for one about another instant the instant moves alone.
 */

import type { Rule } from '#core/book/rule.ts';
import type { RuleInForce } from '#core/book/selected.ts';
import { MINUTE_MS, startOfShanghaiDayMs } from '#core/field/time.ts';
import { changesAt, emptyNotes, type Known, type Notes } from '#core/trial/trial.ts';
import { endOfDayMs } from '#core/trial/window.ts';
import type { DataState } from '#core/view/freshness.ts';
import { latestAnchorOfCutMs } from './doubt.ts';

/** For how long as data stay as they are an answer stands. */
export type StandsWhile = 'any_fresh' | 'all_fresh' | 'whatever';

interface Decided {
  readonly policy: RuleInForce;
  /** The version that judged. */
  readonly rule: Rule;
  readonly known: Known;
  /** When anything that was asked about the person may come out otherwise. */
  readonly askedNextMs: number;
  readonly stands: StandsWhile;
  readonly data: DataState;
  readonly nowMs: number;
}

/** A gate's clock and ours are never quite the same: an instant this near counts as now. */
const NOW_TOLERANCE_MS = MINUTE_MS;

export function relationOf(atMs: number, nowMs: number): 'now' | 'past' | 'future' {
  return atMs < nowMs - NOW_TOLERANCE_MS ? 'past' : atMs > nowMs + NOW_TOLERANCE_MS ? 'future' : 'now';
}

export interface NextChange {
  /** On the clock of the occasion; Infinity when nothing known is still to come. */
  readonly nextChangeMs: number;
  /** How long it can be relied on, by freshness and, about now, by the rest. */
  readonly standsForMs: number;
}

export function nextChangeOf({ policy, rule, known, askedNextMs, stands, data, nowMs }: Decided): NextChange {
  const { atMs, sifted } = known;
  const ownMs = Math.min(
    policy.untilMs,
    sifted.nextMs,
    askedNextMs,
    boundsNextMs(policy.rule, rule, known),
    cutsNextMs(rule, known),
  );
  const freshForMs = staleAtMs(stands, data, policy.rule.freshnessBoundMs) - nowMs;
  if (relationOf(atMs, nowMs) !== 'now') return { nextChangeMs: ownMs, standsForMs: freshForMs };
  const nextChangeMs = Math.min(ownMs, atMs + freshForMs);
  return { nextChangeMs, standsForMs: nextChangeMs - atMs };
}

/** A recognition stands while any province is fresh, a plain "no" only while all are that are now. */
function staleAtMs(stands: StandsWhile, { exchangeBehind, asOfMs, freshestMs }: DataState, boundMs: number): number {
  if (exchangeBehind || stands === 'whatever') return Number.POSITIVE_INFINITY;
  return ((stands === 'any_fresh' ? freshestMs : asOfMs) ?? Number.POSITIVE_INFINITY) + boundMs + 1;
}

/** When what the rule and the statements set may begin or end, whatever the evidence is. */
function boundsNextMs(inForce: Rule, { recoveryLifts }: Rule, known: Known): number {
  const { recoveredOnDay, delayedFromMs } = known.occasion;
  const notes = emptyNotes();
  changesAt(known, notes, inForce.enforcedFromMs);
  if (recoveryLifts && recoveredOnDay !== null) changesAt(known, notes, startOfShanghaiDayMs(recoveredOnDay));
  if (delayedFromMs !== null) changesAt(known, notes, delayedFromMs);
  return notes.nextMs;
}

/** What was cut from the view raises doubts for as long as a window reaches back to it. */
function cutsNextMs({ results, samplings }: Rule, known: Known): number {
  const { view } = known;
  if (view === null) return Number.POSITIVE_INFINITY;
  const { datedTestsCuts, undatedTestsCuts, samplingsCuts } = view;
  if (datedTestsCuts.length + undatedTestsCuts.length + samplingsCuts.length === 0) return Number.POSITIVE_INFINITY;
  const notes = emptyNotes();
  for (const { countFrom, window } of results) {
    for (const cut of [...datedTestsCuts, ...undatedTestsCuts]) {
      const anchorMs = latestAnchorOfCutMs(countFrom, cut);
      if (anchorMs !== Number.NEGATIVE_INFINITY) outOfReachAt(known, notes, window.endMs(anchorMs));
    }
  }
  for (const { newestDay } of samplingsCuts)
    for (const { window } of samplings) outOfReachAt(known, notes, window.endMs(endOfDayMs(newestDay)));
  return notes.nextMs;
}

function outOfReachAt(known: Known, notes: Notes, endMs: number): void {
  changesAt(known, notes, endMs);
  changesAt(known, notes, endMs + 1);
}
