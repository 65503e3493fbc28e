/**
 * The clause `sampling`: one sample that was taken, or one that carries an older negative over. A sample says nothing
 * of its result: a clause of this kind recognises somebody whose result isn't there yet.
 */

import { shanghaiDayOf } from '#core/field/time.ts';
import { isPresented, type ResultEvidence } from '#core/question/evidence.ts';
import { ofArrival } from '#core/trial/arrival.ts';
import {
  compileSamplingTaker,
  type LooksAt,
  resultEndMs,
  type ResultTaker,
  samplingEndMs,
  type SamplingTaker,
} from '#core/trial/takers.ts';
import { better, endsAt, type Judge, NO, outdoes, type Verdict } from '#core/trial/trial.ts';
import { endIfValid, heldBy } from '#core/trial/validity.ts';
import { endsAfter } from '#core/trial/window.ts';
import type { SamplingClauseText } from './schema.ts';

export const looksAt = (text: SamplingClauseText): LooksAt => ({ sampling: compileSamplingTaker(text) });

/** @param rule with the rule's result clauses: what a sampling may carry over */
export function judge(
  text: SamplingClauseText,
  rule: { readonly carriers: readonly ResultTaker[]; readonly clears: boolean },
): Judge {
  const taker = compileSamplingTaker(text);
  return ofArrival(text, taker.carriesOver ? judgeCarryOver(taker, rule.carriers) : judgeSamplings(taker), rule);
}

function judgeSamplings(taker: SamplingTaker): Judge {
  const inclusive = taker.window.endInclusive;
  return (known, notes) => {
    const sure = known.sifted.newestNegativeMs > known.hiddenMs || known.hiddenMs === Number.NEGATIVE_INFINITY;
    let best: Verdict = NO;
    for (const evidence of known.sifted.samplings) {
      if (evidence.sampledAtMs < known.sinceMs) continue;
      const endMs = endIfValid(known, notes, samplingEndMs(taker, evidence), inclusive);
      if (endMs === null) continue;
      if (outdoes({ sure, presented: isPresented(evidence), endMs, endInclusive: inclusive }, best))
        best = heldBy(taker.id, 'sampling', [evidence], endMs, inclusive, sure);
    }
    return best;
  };
}

/**
 * A sample taken on the last day on which a negative counted: that one counts on until the sample's own window is over.
 */
function judgeCarryOver(taker: SamplingTaker, carriers: readonly ResultTaker[]): Judge {
  const inclusive = taker.window.endInclusive;
  return (known, notes) => {
    let best: Verdict = NO;
    for (const sampling of known.sifted.samplings) {
      const endMs = sampling.sampledAtMs < known.sinceMs ? null : samplingEndMs(taker, sampling);
      if (endMs === null || !endsAfter(endMs, inclusive, known.atMs)) continue;
      for (const negative of known.sifted.negatives) {
        if (negative.issuedAtMs <= known.positiveMs || negative.issuedAtMs > sampling.sampledAtMs) continue;
        if (!carriers.some((carrier) => isOnLastDay(carrier, negative, sampling.sampledAtMs))) continue;
        endsAt(known, notes, endMs, inclusive);
        best = better(
          best,
          heldBy(
            taker.id,
            'carried_over',
            [sampling, negative],
            endMs,
            inclusive,
            negative.issuedAtMs > known.hiddenMs,
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
