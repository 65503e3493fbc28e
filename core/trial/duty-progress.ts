/**
 * How far a person has come with the tests of a duty: how many are done, until when the rest is due, and whether it can
 * no longer be done in time. Whose duty it is isn't known here. Nobody is said to have missed a test that he was
 * sampled for.
 */

import { shanghaiDayOf } from '#core/field/time.ts';
import type { ResultEvidence, SamplingEvidence } from '#core/question/evidence.ts';
import type { DutyTestsText } from '#core/terms/duty-tests.ts';
import { compileSpan, type Slot } from '#core/terms/spans.ts';
import type { PersonView } from '#core/view/view.ts';
import { type Apart, compileApart, isApart, takenAtMs } from './tests-chain.ts';
import { endsAt, type Known, type Notes, type Progress } from './trial.ts';
import { endOfDayMs, endsAfter } from './window.ts';

export function compileProgress({
  takes,
  spans,
  apart: apartText,
  landing,
}: DutyTestsText): (known: Known, notes: Notes) => Progress {
  const slots = spans.flatMap(compileSpan);
  const required = slots.length;
  const apart = compileApart(apartText);
  return (known, notes) => {
    const { arrivedAtMs } = known.occasion;
    if (arrivedAtMs === null) return { done: null, required, dueByMs: null, missed: false };
    let over = 0;
    for (const slot of slots) if (isOver(slot, known, notes, arrivedAtMs)) over += 1;
    const taken = takenSince(arrivedAtMs, takes, landing === 'excluded', known);
    const done = mostFilled(slots, taken.done, apart, arrivedAtMs);
    return {
      done: done < required && mayBeCut(takes, known.view, arrivedAtMs) ? null : done,
      required,
      dueByMs: slots.at(-1)?.closesMs(arrivedAtMs) ?? null,
      // Slots close in their order: those that are over are the first.
      missed: over > 0 && done < required && isMissed(slots.slice(0, over), taken.tried, apart, arrivedAtMs, known),
    };
  };
}

function isOver({ closesMs, closesInclusive }: Slot, known: Known, notes: Notes, arrivedAtMs: number): boolean {
  const endMs = closesMs(arrivedAtMs);
  endsAt(known, notes, endMs, closesInclusive);
  return !endsAfter(endMs, closesInclusive, known.atMs);
}

/**
 * Whether no choice fills all that are over. A sample that was cut from the view may have filled any that was open by
 * its day.
 */
function isMissed(
  over: readonly Slot[],
  tried: readonly number[],
  apart: Apart,
  arrivedAtMs: number,
  { view }: Known,
): boolean {
  const cut = view === null ? null : view.samplingsCut;
  const known = cut === null ? over : over.filter(({ opensMs }) => opensMs(arrivedAtMs) > endOfDayMs(cut.newestDay));
  return mostFilled(known, tried, apart, arrivedAtMs) < known.length;
}

/** When tests were taken since the arrival, in their order. */
interface Taken {
  /** What is done by: no positive is. */
  readonly done: readonly number[];
  /** What nobody missed who did it: the samples too of which the result isn't there. */
  readonly tried: readonly number[];
}

function takenSince(arrivedAtMs: number, takes: DutyTestsText['takes'], withoutLanding: boolean, known: Known): Taken {
  const { tests, samplings } = known.sifted;
  const done: number[] = [];
  const tried: number[] = [];
  let landedMs = Number.POSITIVE_INFINITY;
  const add = (ms: number, isTried: boolean, isDone: boolean): void => {
    if (ms < arrivedAtMs) return;
    landedMs = Math.min(landedMs, ms);
    // Those of one instant, as one shown that is on record too, are one.
    if (isTried && !tried.includes(ms)) tried.push(ms);
    if (isDone && !done.includes(ms)) done.push(ms);
  };
  for (const test of tests) {
    const isDone = takes === 'negatives' ? test.result === 'negative' : test.result !== 'positive';
    add(takenAtMs(test), isDone || takes !== 'negatives', isDone);
  }
  for (const sampling of samplings)
    if (!tests.some((test) => isOfSameSample(test, sampling))) add(sampling.sampledAtMs, true, takes === 'samplings');
  const counted = (all: number[]): readonly number[] =>
    (withoutLanding ? all.filter((ms) => ms !== landedMs) : all).sort((a, b) => a - b);
  return { done: counted(done), tried: counted(tried) };
}

/** A sample is on record twice, when it was taken and when its result is there. */
function isOfSameSample(result: ResultEvidence, sampling: SamplingEvidence): boolean {
  if (takenAtMs(result) === sampling.sampledAtMs) return true;
  return (
    'sampleId' in result &&
    'sampleId' in sampling &&
    result.sampleId === sampling.sampleId &&
    result.province === sampling.province
  );
}

function mayBeCut(takes: DutyTestsText['takes'], view: PersonView | null, arrivedAtMs: number): boolean {
  if (view === null) return false;
  const day = shanghaiDayOf(arrivedAtMs);
  const { datedTestsCut, undatedTestsCut, samplingsCut } = view;
  if (
    (datedTestsCut?.newestDay ?? Number.NEGATIVE_INFINITY) >= day ||
    (undatedTestsCut?.issuedAtMaxMs ?? Number.NEGATIVE_INFINITY) >= arrivedAtMs
  )
    return true;
  return takes === 'samplings' && samplingsCut !== null && samplingsCut.newestDay >= day;
}

/**
 * How many of the slots can be filled at most: in their order, each by a test of its own and each as far from the one
 * before as asked.
 */
function mostFilled(slots: readonly Slot[], taken: readonly number[], apart: Apart, arrivedAtMs: number): number {
  if (taken.length === 0) return 0;
  // For each test, how many slots a choice can fill that ends with it.
  const filled = taken.map(() => 0);
  let most = 0;
  for (const { opensMs, closesMs, closesInclusive } of slots) {
    const openMs = opensMs(arrivedAtMs);
    const closeMs = closesMs(arrivedAtMs);
    // The latest first: what an earlier test fills is then still that of the slots before.
    for (let last = taken.length - 1; last >= 0; last -= 1) {
      const lastMs = taken[last] as number;
      if (lastMs < openMs || !endsAfter(closeMs, closesInclusive, lastMs)) continue;
      let before = 0;
      for (let other = 0; other < last; other += 1)
        if (isApart(apart, taken[other] as number, lastMs)) before = Math.max(before, filled[other] as number);
      filled[last] = Math.max(filled[last] as number, before + 1);
      most = Math.max(most, before + 1);
    }
  }
  return most;
}
