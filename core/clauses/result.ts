/**
 * The clause `result`: one negative result that counts. A result issued before a positive that refuses never counts.
 */

import type { ResultClauseText } from '#core/rules/clause-text.ts';
import { endIfCounting, heldBy, isBefore } from '#core/trial/counting.ts';
import { compileResultTaker, resultEndMs } from '#core/trial/takers.ts';
import { better, type Judge, NO, type Verdict } from '#core/trial/trial.ts';

export function judgeResult(text: ResultClauseText): Judge {
  const taker = compileResultTaker(text);
  const { window, id: clauseId } = taker;
  const inclusive = window.endInclusive;
  return (known, notes) => {
    let best: Verdict = NO;
    for (const evidence of known.sifted.negatives) {
      if (evidence.issuedAtMs <= known.positiveMs || isBefore(known, evidence)) continue;
      const endMs = endIfCounting(known, notes, resultEndMs(taker, evidence), inclusive);
      if (endMs === null) continue;
      best = better(
        best,
        heldBy(clauseId, 'result', [evidence], endMs, inclusive, evidence.issuedAtMs > known.hiddenMs),
      );
    }
    return best;
  };
}
