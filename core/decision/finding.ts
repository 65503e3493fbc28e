/**
 * What the visible data says by itself: what recognises, or what comes nearest to it and why it doesn't.
 */

import type { Rule } from '#core/book/rule.ts';
import { type Evidence, isResult, type ResultEvidence } from '#core/question/evidence.ts';
import type { Sifted } from '#core/trial/sift.ts';
import { resultEndMs, samplingEndMs } from '#core/trial/takers.ts';
import { type Held, TRUTH, type Verdict } from '#core/trial/trial.ts';
import { endsAfter } from '#core/trial/window.ts';

export const FINDINGS = [
  'negative_result',
  'sampling_record',
  'presented_result',
  'presented_sampling',
  'carried_over',
  'tests_done',
  'exempt',
  'condition_met',
  'only_reminded',
  'nothing_asked',
  'newest_result_positive',
  'newest_result_indeterminate',
  'tests_missing',
  'condition_not_met',
  'too_old',
  'not_accepted_here',
  'no_negative_result',
  'not_yet_issued',
  'nothing_that_counts',
  'result_withdrawn',
  'nothing_on_record',
  'state_bars',
  'no_rule_known',
] as const;
export type Finding = (typeof FINDINGS)[number];

export function foundBy({ by, presented }: Held): Finding {
  switch (by) {
    case 'result':
      return presented ? 'presented_result' : 'negative_result';
    case 'sampling':
      return presented ? 'presented_sampling' : 'sampling_record';
    case 'tests':
      return 'tests_done';
    case 'condition':
      return 'condition_met';
    case 'exempt':
    case 'carried_over':
      return by;
  }
}

export interface Lasting {
  readonly evidence: Evidence;
  /** Until when it counts by the rule's longest clause for it; null when it never did. */
  readonly untilMs: number | null;
}

export function lastingOf(rule: Rule, evidence: Evidence): Lasting {
  let untilMs: number | null = null;
  const widen = (endMs: number | null): void => {
    if (endMs !== null) untilMs = Math.max(endMs, untilMs ?? endMs);
  };
  if (!isResult(evidence)) for (const taker of rule.samplings) widen(samplingEndMs(taker, evidence));
  else if (evidence.result === 'negative') for (const taker of rule.results) widen(resultEndMs(taker, evidence));
  return { evidence, untilMs };
}

interface Found {
  readonly outcome: 'not_recognised' | 'no_evidence';
  readonly finding: Finding;
  readonly evidence: readonly Lasting[];
}

/** What the visible data comes to where nothing recognises. */
export function findingOf(
  rule: Rule,
  sifted: Sifted,
  refusing: ResultEvidence | null,
  verdict: Verdict,
  atMs: number,
): Found {
  if (refusing !== null) {
    return {
      outcome: 'not_recognised',
      finding: refusing.result === 'positive' ? 'newest_result_positive' : 'newest_result_indeterminate',
      evidence: [{ evidence: refusing, untilMs: null }],
    };
  }
  const negative = newest(sifted.negatives, ({ issuedAtMs }) => issuedAtMs);
  const sampling = newest(sifted.samplings, ({ sampledAtMs }) => sampledAtMs);
  const evidence = [negative, sampling].filter((one) => one !== null).map((one) => lastingOf(rule, one));
  if (evidence.length > 0)
    return { outcome: 'not_recognised', finding: orWithdrawn(shortOf(rule, sifted, verdict, atMs), sifted), evidence };
  if (sifted.newestOther !== null)
    return {
      outcome: 'not_recognised',
      finding: 'no_negative_result',
      evidence: [{ evidence: sifted.newestOther, untilMs: null }],
    };
  return { outcome: 'no_evidence', finding: orWithdrawn(nothingOf(sifted), sifted), evidence: [] };
}

/** Where a newer result is what is missing, one that was withdrawn is said to be it. */
function orWithdrawn(finding: Finding, { withdrawnMs, newestNegativeMs }: Sifted): Finding {
  return finding !== 'not_accepted_here' && finding !== 'condition_not_met' && withdrawnMs > newestNegativeMs
    ? 'result_withdrawn'
    : finding;
}

function nothingOf({ notYet, unusable }: Sifted): Finding {
  return notYet ? 'not_yet_issued' : unusable ? 'nothing_that_counts' : 'nothing_on_record';
}

/** Why what there is doesn't do. */
function shortOf(rule: Rule, sifted: Sifted, verdict: Verdict, atMs: number): Finding {
  let alive = false;
  let aliveForTests = false;
  let expired = false;
  for (const taker of rule.results) {
    for (const negative of sifted.negatives) {
      const endMs = resultEndMs(taker, negative);
      if (endMs === null) continue;
      if (!endsAfter(endMs, taker.window.endInclusive, atMs)) expired = true;
      else if (taker.several) aliveForTests = true;
      else if (!taker.conditional || verdict.truth !== TRUTH.claimable) alive = true;
    }
  }
  for (const taker of rule.samplings) {
    for (const sampling of sifted.samplings) {
      const endMs = samplingEndMs(taker, sampling);
      if (endMs === null) continue;
      if (!endsAfter(endMs, taker.window.endInclusive, atMs)) expired = true;
      else if (!taker.carriesOver) alive = true;
    }
  }
  if (alive || verdict.truth === TRUTH.unknown) return 'condition_not_met';
  return aliveForTests ? 'tests_missing' : expired ? 'too_old' : 'not_accepted_here';
}

function newest<E>(list: readonly E[], timeOf: (one: E) => number): E | null {
  let found: E | null = null;
  for (const one of list) if (found === null || timeOf(one) > timeOf(found)) found = one;
  return found;
}
