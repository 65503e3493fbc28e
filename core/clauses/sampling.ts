/**
 * The clause `sampling`: one sample that was taken, or one that carries an older negative over. A sample says nothing
 * of its result: a clause of this kind recognises somebody whose result isn't there yet.
 */

import { shanghaiDayOf } from '#core/field/time.ts';
import type { ResultEvidence } from '#core/question/evidence.ts';
import type { SamplingClauseText } from '#core/rules/clause-text.ts';
import { endIfCounting, heldBy } from '#core/trial/counting.ts';
import {
  compileSamplingTaker,
  resultEndMs,
  type ResultTaker,
  samplingEndMs,
  type SamplingTaker,
} from '#core/trial/takers.ts';
import { better, endsAt, type Judge, NO, type Verdict } from '#core/trial/trial.ts';
import { endsAfter } from '#core/trial/window.ts';

/** @param carriers the rule's result clauses: what a sampling may carry over */
export function judgeSampling(text: SamplingClauseText, carriers: readonly ResultTaker[]): Judge {
  const taker = compileSamplingTaker(text);
  return text.carriesOver === true ? judgeCarryOver(taker, carriers) : judgeSamplings(taker);
}

function judgeSamplings(taker: SamplingTaker): Judge {
  const inclusive = taker.window.endInclusive;
  return (trial) => {
    const sure = trial.sifted.newestNegativeMs > trial.hiddenMs || trial.hiddenMs === Number.NEGATIVE_INFINITY;
    let best: Verdict = NO;
    for (const evidence of trial.sifted.samplings) {
      if (evidence.sampledAtMs < trial.sinceMs) continue;
      const endMs = endIfCounting(trial, samplingEndMs(taker, evidence), inclusive);
      if (endMs === null) continue;
      best = better(best, heldBy(taker.id, 'sampling', [evidence], endMs, inclusive, sure));
    }
    return best;
  };
}

/**
 * A sample taken on the last day on which a negative counted: that one counts on until the sample's own window is over.
 */
function judgeCarryOver(taker: SamplingTaker, carriers: readonly ResultTaker[]): Judge {
  const inclusive = taker.window.endInclusive;
  return (trial) => {
    let best: Verdict = NO;
    for (const sampling of trial.sifted.samplings) {
      const endMs = sampling.sampledAtMs < trial.sinceMs ? null : samplingEndMs(taker, sampling);
      if (endMs === null || !endsAfter(endMs, inclusive, trial.atMs)) continue;
      for (const negative of trial.sifted.negatives) {
        if (negative.issuedAtMs <= trial.positiveMs || negative.issuedAtMs > sampling.sampledAtMs) continue;
        if (!carriers.some((carrier) => isOnLastDay(carrier, negative, sampling.sampledAtMs))) continue;
        endsAt(trial, endMs, inclusive);
        best = better(
          best,
          heldBy(
            taker.id,
            'carried_over',
            [sampling, negative],
            endMs,
            inclusive,
            negative.issuedAtMs > trial.hiddenMs,
          ),
        );
      }
    }
    return best;
  };
}

function isOnLastDay(taker: ResultTaker, negative: ResultEvidence, atMs: number): boolean {
  const endMs = resultEndMs(taker, negative);
  if (endMs === null || !endsAfter(endMs, taker.window.endInclusive, atMs)) return false;
  return shanghaiDayOf(atMs) === shanghaiDayOf(taker.window.endInclusive ? endMs : endMs - 1);
}
