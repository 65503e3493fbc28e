/**
 * The clause `result`: one negative result that counts. A result issued before a positive that refuses never counts.
 */

import { isPresented } from '#core/question/evidence.ts';
import { ofArrival } from '#core/trial/arrival.ts';
import { compileResultTaker, type LooksAt, resultEndMs } from '#core/trial/takers.ts';
import { type Judge, NO, outdoes, type Verdict } from '#core/trial/trial.ts';
import { endIfValid, heldBy, isBefore } from '#core/trial/validity.ts';
import type { ResultClauseText } from './schema.ts';

export const looksAt = (text: ResultClauseText, conditional = false): LooksAt => ({
  result: compileResultTaker(text, { several: false, conditional }),
});

export const judge = (text: ResultClauseText, rule: { readonly clears: boolean }): Judge =>
  ofArrival(text, judgeResult(text), rule);

function judgeResult(text: ResultClauseText): Judge {
  const taker = compileResultTaker(text, { several: false });
  const { window, id: clauseId } = taker;
  const inclusive = window.endInclusive;
  return (known, notes) => {
    let best: Verdict = NO;
    for (const evidence of known.sifted.negatives) {
      if (evidence.issuedAtMs <= known.positiveMs || isBefore(known, evidence)) continue;
      const endMs = endIfValid(known, notes, resultEndMs(taker, evidence), inclusive);
      if (endMs === null) continue;
      const sure = evidence.issuedAtMs > known.hiddenMs;
      if (outdoes({ sure, presented: isPresented(evidence), endMs, endInclusive: inclusive }, best))
        best = heldBy(clauseId, 'result', [evidence], endMs, inclusive, sure);
    }
    return best;
  };
}
