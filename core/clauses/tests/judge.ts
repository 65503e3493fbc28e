/**
 * The clause `tests`: so many negative results that count, each as far from the one before as asked. Which of them are
 * chosen, tests-chain.ts says.
 */

import type { ResultEvidence } from '#core/question/evidence.ts';
import { ofArrival } from '#core/trial/arrival.ts';
import { compileResultTaker, type LooksAt, resultEndMs } from '#core/trial/takers.ts';
import { chooseTests, compileApart, takenAtMs, type ValidTest } from '#core/trial/tests-chain.ts';
import { type Judge, type Known, misses, NO, UNKNOWN } from '#core/trial/trial.ts';
import { endIfValid, heldBy, isBefore } from '#core/trial/validity.ts';
import type { TestsClauseText } from './schema.ts';

export const looksAt = (text: TestsClauseText, conditional = false): LooksAt => ({
  result: compileResultTaker(text, { several: true, conditional }),
});

export const judge = (text: TestsClauseText, rule: { readonly clears: boolean }): Judge =>
  ofArrival(text, judgeTests(text), rule);

function judgeTests(text: TestsClauseText): Judge {
  const { count, apart: apartText, landing } = text;
  const taker = compileResultTaker(text, { several: true });
  const apart = compileApart(apartText);
  const inclusive = taker.window.endInclusive;
  return (known, notes) => {
    const valid: ValidTest[] = [];
    for (const evidence of known.sifted.negatives) {
      if (evidence.issuedAtMs <= known.positiveMs || isBefore(known, evidence)) continue;
      const endMs = endIfValid(known, notes, resultEndMs(taker, evidence), inclusive);
      if (endMs === null) continue;
      valid.push({ evidence, endMs });
    }
    const landed = landing === 'excluded' ? landingTest(known) : null;
    const chosen = chooseTests(
      landed === null ? valid : valid.filter(({ evidence }) => evidence !== landed),
      count,
      apart,
    );
    if (chosen === null) return NO;
    if (landing === 'excluded' && known.occasion.arrivedAtMs === null) {
      misses(notes, 'arrivedAtMs');
      return UNKNOWN;
    }
    const endMs = Math.min(...chosen.map((one) => one.endMs));
    const oldestMs = Math.min(...chosen.map(({ evidence }) => evidence.issuedAtMs));
    return heldBy(
      taker.id,
      'tests',
      chosen.map(({ evidence }) => evidence),
      endMs,
      inclusive,
      oldestMs > known.hiddenMs,
    );
  };
}

/** The first test that was taken after the stated arrival. */
function landingTest({ occasion: { arrivedAtMs }, sifted }: Known): ResultEvidence | null {
  if (arrivedAtMs === null) return null;
  let first: ResultEvidence | null = null;
  for (const test of sifted.tests)
    if (takenAtMs(test) >= arrivedAtMs && (first === null || takenAtMs(test) < takenAtMs(first))) first = test;
  return first;
}
