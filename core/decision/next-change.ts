/**
 * When an answer may change by the clock alone. For an answer about now the occasion moves along with the clock, and a
 * source may pass its freshness bound meanwhile; for one about another instant the instant moves alone.
 */

import type { RuleInForce } from '#core/book/policy-book.ts';
import type { Rule } from '#core/book/rule.ts';
import { MINUTE_MS } from '#core/field/time.ts';
import { changesAt, type Trial } from '#core/trial/trial.ts';
import { endOfDayMs } from '#core/trial/window.ts';
import type { DataState } from '#core/view/freshness.ts';
import { latestAnchorOfCutMs } from './doubt.ts';
import type { Outcome } from './outcome.ts';

interface Decided {
  readonly policy: RuleInForce;
  /** The version that judged. */
  readonly rule: Rule;
  readonly trial: Trial;
  readonly outcome: Outcome;
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

export function nextChangeOf({ policy, rule, trial, outcome, data, nowMs }: Decided): NextChange {
  noteCuts(rule, trial);
  const ownMs = Math.min(policy.untilMs, trial.sifted.nextMs, trial.nextMs);
  const freshForMs = staleAtMs(outcome, data, policy.rule.freshnessBoundMs) - nowMs;
  if (relationOf(trial.atMs, nowMs) !== 'now') return { nextChangeMs: ownMs, standsForMs: freshForMs };
  const nextChangeMs = Math.min(ownMs, trial.atMs + freshForMs);
  return { nextChangeMs, standsForMs: nextChangeMs - trial.atMs };
}

/** A recognition stands while any province is fresh, a plain "no" only while all are that are now. */
function staleAtMs(outcome: Outcome, { exchangeBehind, asOfMs, freshestMs }: DataState, boundMs: number): number {
  if (exchangeBehind || outcome === 'undetermined') return Number.POSITIVE_INFINITY;
  return ((outcome === 'recognised' ? freshestMs : asOfMs) ?? Number.POSITIVE_INFINITY) + boundMs + 1;
}

/** What was cut from the view raises doubts for as long as a window reaches back to it. */
function noteCuts({ results, samplings }: Rule, trial: Trial): void {
  const { view } = trial;
  if (view === null || (view.datedTestsCut === null && view.undatedTestsCut === null && view.samplingsCut === null))
    return;
  for (const { text, window } of results) {
    for (const cut of [view.datedTestsCut, view.undatedTestsCut]) {
      const anchorMs = cut === null ? Number.NEGATIVE_INFINITY : latestAnchorOfCutMs(text.countFrom, cut);
      if (anchorMs !== Number.NEGATIVE_INFINITY) outOfReachAt(trial, window.endMs(anchorMs));
    }
  }
  const { samplingsCut } = view;
  if (samplingsCut !== null)
    for (const { window } of samplings) outOfReachAt(trial, window.endMs(endOfDayMs(samplingsCut.newestDay)));
}

function outOfReachAt(trial: Trial, endMs: number): void {
  changesAt(trial, endMs);
  changesAt(trial, endMs + 1);
}
