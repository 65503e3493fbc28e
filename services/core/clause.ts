/**
 * Clauses compiled to functions, once per version of a rule: what a clause says of a person at an instant, until when,
 * and on what evidence. Whether a positive refuses is decided before; what the clauses come to together, in decide.ts.
 */

import { asOfArrival, sinceDayOfStay } from './arrival.ts';
import { compileCondition, compileNotVisited, type Condition, DOES_NOT_HOLD, NOT_STATED } from './condition.ts';
import { type Duty, judgeDuty } from './duties.ts';
import { type Evidence, isPresented, type ResultEvidence } from './evidence.ts';
import type {
  ClauseText,
  LeafClauseText,
  NoVisitClauseText,
  OfArrivalText,
  TestsClauseText,
} from './policy-clauses.ts';
import { compileStays, type Stays } from './stays.ts';
import {
  compileResultTaker,
  compileSamplingTaker,
  resultEndMs,
  type ResultTaker,
  samplingEndMs,
  type SamplingTaker,
} from './takers.ts';
import { chooseTests, compileApart, type Counting, takenAtMs } from './tests-chain.ts';
import { shanghaiDayOf } from './time.ts';
import {
  both,
  better,
  CLAIMABLE,
  endsAt,
  type Held,
  type Judge,
  misses,
  NO,
  type Trial,
  TRUTH,
  UNKNOWN,
  type Verdict,
} from './trial.ts';
import { compileVaccination } from './vaccination.ts';
import { endsAfter } from './window.ts';

/**
 * @param carriers the rule's result clauses: what a sampling may carry over
 * @param duties the rule's, where the clause may ask how the person stands to one
 */
export function compileClause(text: ClauseText, carriers: readonly ResultTaker[], duties: readonly Duty[] = []): Judge {
  const judge =
    text.kind === 'all_of' || text.kind === 'any_of'
      ? compileGroup(
          text.kind,
          text.id,
          text.of.map((one) => compileClause(one, carriers, duties)),
        )
      : compileLeaf(text, carriers, duties);
  if (text.for === undefined) return judge;
  const { notVisited } = text.for;
  return onlyFor(compileCondition(text.for), notVisited === undefined ? null : compileStays(notVisited), judge);
}

function compileGroup(kind: 'all_of' | 'any_of', clauseId: string, parts: readonly Judge[]): Judge {
  if (kind === 'any_of') return anyOf(parts);
  return (trial) => {
    let whole: Verdict | null = null;
    // Every part is asked, also after one that fails: each may know of an instant at which it changes.
    for (const part of parts) whole = whole === null ? part(trial) : both(whole, part(trial));
    return whole === null ? NO : whole.truth === TRUTH.yes ? { ...whole, clauseId } : whole;
  };
}

export function anyOf(parts: readonly Judge[]): Judge {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return (trial) => {
    let best: Verdict = NO;
    for (const part of parts) best = better(best, part(trial));
    return best;
  };
}

/** @param excluded the stays that keep a person from it; what is only hidden of them leaves it unsure */
function onlyFor(condition: Condition, excluded: Stays | null, judge: Judge): Judge {
  return (trial) => {
    const missing = trial.missing;
    trial.missing = null;
    const standing = condition(trial);
    const claims = trial.missing as Trial['missing'];
    trial.missing = missing;
    if (standing === DOES_NOT_HOLD) return NO;
    const verdict = judge(trial);
    if (standing === NOT_STATED) {
      // Claiming it would change nothing where the clause itself fails.
      if (verdict.truth === TRUTH.no) return NO;
      for (const statement of claims ?? []) misses(trial, statement);
      return CLAIMABLE;
    }
    if (verdict.truth !== TRUTH.yes) return verdict;
    const sure = verdict.sure && !(excluded?.mayBeHidden(trial) ?? false);
    if (standing > verdict.endMs) return sure === verdict.sure ? verdict : { ...verdict, sure };
    return { ...verdict, sure, endMs: standing, endInclusive: false };
  };
}

function compileLeaf(text: LeafClauseText, carriers: readonly ResultTaker[], duties: readonly Duty[]): Judge {
  switch (text.kind) {
    case 'result':
      return ofArrival(text, judgeResults(compileResultTaker(text)));
    case 'sampling':
      return ofArrival(
        text,
        text.carriesOver === true
          ? judgeCarryOver(compileSamplingTaker(text), carriers)
          : judgeSamplings(compileSamplingTaker(text)),
      );
    case 'tests':
      return ofArrival(text, judgeTests(compileResultTaker(text), text));
    case 'duty':
      return judgeDuty(text, duties);
    case 'vaccination':
      return compileVaccination(text);
    case 'no_visit':
      return judgeNoVisit(text);
    case 'exempt': {
      const held = withoutEvidence(text.id, 'exempt');
      return () => held;
    }
  }
}

function ofArrival({ sinceDayOfStay: day, atArrival }: OfArrivalText, judge: Judge): Judge {
  const judged = day === undefined ? judge : sinceDayOfStay(day, judge);
  return atArrival === true ? asOfArrival(judged) : judged;
}

/** When something stops counting, prolonged where it held at the instant that was scheduled. */
function prolonged(trial: Trial, endMs: number, inclusive: boolean): number {
  const { delayMs, claimableDelayMs, occasion, atMs } = trial;
  if (delayMs > 0 && occasion.delayedFromMs !== null && endsAfter(endMs, inclusive, occasion.delayedFromMs))
    return endMs + delayMs;
  if (
    claimableDelayMs > 0 &&
    !endsAfter(endMs, inclusive, atMs) &&
    endsAfter(endMs + claimableDelayMs, inclusive, atMs)
  )
    misses(trial, 'delayedFromMs');
  return endMs;
}

/** Until when evidence counts, a delay included, if it still does; notes that end for `nextChangeAt`. */
function endIfCounting(trial: Trial, ownEndMs: number | null, inclusive: boolean): number | null {
  if (ownEndMs === null) return null;
  const endMs = prolonged(trial, ownEndMs, inclusive);
  if (!endsAfter(endMs, inclusive, trial.atMs)) return null;
  endsAt(trial, endMs, inclusive);
  return endMs;
}

/** Whether it was taken before what is looked at. */
function isBefore({ sinceMs }: Trial, evidence: ResultEvidence): boolean {
  return sinceMs !== Number.NEGATIVE_INFINITY && takenAtMs(evidence) < sinceMs;
}

function judgeResults(taker: ResultTaker): Judge {
  const { window, id: clauseId } = taker;
  const inclusive = window.endInclusive;
  return (trial) => {
    let best: Verdict = NO;
    for (const evidence of trial.sifted.negatives) {
      if (evidence.issuedAtMs <= trial.positiveMs || isBefore(trial, evidence)) continue;
      const endMs = endIfCounting(trial, resultEndMs(taker, evidence), inclusive);
      if (endMs === null) continue;
      best = better(
        best,
        heldBy(clauseId, 'result', [evidence], endMs, inclusive, evidence.issuedAtMs > trial.hiddenMs),
      );
    }
    return best;
  };
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

function judgeTests(taker: ResultTaker, { count, apart: apartText, landing }: TestsClauseText): Judge {
  const apart = compileApart(apartText);
  const inclusive = taker.window.endInclusive;
  return (trial) => {
    const counting: Counting[] = [];
    for (const evidence of trial.sifted.negatives) {
      if (evidence.issuedAtMs <= trial.positiveMs || isBefore(trial, evidence)) continue;
      const endMs = endIfCounting(trial, resultEndMs(taker, evidence), inclusive);
      if (endMs === null) continue;
      counting.push({ evidence, endMs });
    }
    const landed = landing === 'excluded' ? landingTest(trial) : null;
    const chosen = chooseTests(
      landed === null ? counting : counting.filter(({ evidence }) => evidence !== landed),
      count,
      apart,
    );
    if (chosen === null) return NO;
    if (landing === 'excluded' && trial.occasion.arrivedAtMs === null) {
      misses(trial, 'arrivedAtMs');
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
      oldestMs > trial.hiddenMs,
    );
  };
}

/** The first test that was taken after the stated arrival. */
function landingTest({ occasion: { arrivedAtMs }, sifted }: Trial): ResultEvidence | null {
  if (arrivedAtMs === null) return null;
  let first: ResultEvidence | null = null;
  for (const test of sifted.tests)
    if (takenAtMs(test) >= arrivedAtMs && (first === null || takenAtMs(test) < takenAtMs(first))) first = test;
  return first;
}

function judgeNoVisit(text: NoVisitClauseText): Judge {
  const stays = compileStays(text);
  const condition = compileNotVisited(stays);
  const held = withoutEvidence(text.id, 'condition');
  return (trial) => {
    const standing = condition(trial);
    if (standing === DOES_NOT_HOLD) return NO;
    if (standing === NOT_STATED) {
      misses(trial, 'visits');
      return UNKNOWN;
    }
    const sure = !stays.mayBeHidden(trial);
    return sure && standing === held.endMs ? held : { ...held, sure, endMs: standing };
  };
}

export function withoutEvidence(clauseId: string, by: Held['by']): Held {
  return {
    truth: TRUTH.yes,
    clauseId,
    by,
    evidence: [],
    endMs: Number.POSITIVE_INFINITY,
    endInclusive: false,
    sure: true,
    presented: false,
  };
}

function heldBy(
  clauseId: string,
  by: Held['by'],
  evidence: readonly Evidence[],
  endMs: number,
  endInclusive: boolean,
  sure: boolean,
): Held {
  return { truth: TRUTH.yes, clauseId, by, evidence, endMs, endInclusive, sure, presented: evidence.some(isPresented) };
}
