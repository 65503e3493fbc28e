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
import type { Sifted } from './sift.ts';
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
  const last = slots.at(-1);
  const apart = compileApart(apartText);
  const isLandingLeftOut = landing === 'excluded';
  return (known, notes) => {
    const { arrivedAtMs } = known.occasion;
    if (arrivedAtMs === null) return { done: null, required, dueByMs: null, missed: false };
    let over = 0;
    for (const slot of slots) if (isOver(slot, known, notes, arrivedAtMs)) over += 1;
    const { sifted, view } = known;
    const done = mostFilled(slots, takenSince(arrivedAtMs, DOES[takes], isLandingLeftOut, sifted), apart, arrivedAtMs);
    // Slots close in their order: those that are over are the first.
    const missed =
      over > 0 &&
      done < required &&
      isMissed(
        slots.slice(0, over),
        takenSince(arrivedAtMs, TRIES[takes], isLandingLeftOut, sifted),
        apart,
        arrivedAtMs,
        known,
      );
    return {
      done: done < required && mayBeCut(takes, view, arrivedAtMs) ? null : done,
      required,
      dueByMs: last?.closesMs(arrivedAtMs) ?? null,
      missed,
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
  const cuts = view === null ? [] : view.samplingsCuts;
  const known = over.filter(({ opensMs }) =>
    cuts.every(({ newestDay }) => opensMs(arrivedAtMs) > endOfDayMs(newestDay)),
  );
  return mostFilled(known, tried, apart, arrivedAtMs) < known.length;
}

/** What of what was taken counts for a duty. */
interface Counts {
  readonly result: (test: ResultEvidence) => boolean;
  /** Whether samples do of which the result isn't there. */
  readonly samplings: boolean;
}

const isNegative = ({ result }: ResultEvidence): boolean => result === 'negative';
const isNotPositive = ({ result }: ResultEvidence): boolean => result !== 'positive';

/** What it is done by: no positive is. */
const DOES: Readonly<Record<DutyTestsText['takes'], Counts>> = {
  negatives: { result: isNegative, samplings: false },
  results: { result: isNotPositive, samplings: false },
  samplings: { result: isNotPositive, samplings: true },
};

/** What nobody missed who did it. */
const TRIES: Readonly<Record<DutyTestsText['takes'], Counts>> = {
  negatives: { result: isNegative, samplings: true },
  results: { result: () => true, samplings: true },
  samplings: { result: () => true, samplings: true },
};

/** When what counts was taken since the arrival, in its order. */
function takenSince(
  arrivedAtMs: number,
  counts: Counts,
  isLandingLeftOut: boolean,
  { tests, samplings }: Sifted,
): readonly number[] {
  const taken: number[] = [];
  let landedMs = Number.POSITIVE_INFINITY;
  for (const test of tests) {
    const ms = takenAtMs(test);
    if (ms < arrivedAtMs) continue;
    landedMs = Math.min(landedMs, ms);
    if (counts.result(test)) addOnce(taken, ms);
  }
  for (const sampling of samplings) {
    const { sampledAtMs } = sampling;
    if (sampledAtMs < arrivedAtMs || !(counts.samplings || isLandingLeftOut)) continue;
    if (tests.some((test) => isOfSameSample(test, sampling))) continue;
    landedMs = Math.min(landedMs, sampledAtMs);
    if (counts.samplings) addOnce(taken, sampledAtMs);
  }
  const counted = isLandingLeftOut ? taken.filter((ms) => ms !== landedMs) : taken;
  return counted.length < 2 ? counted : counted.sort((a, b) => a - b);
}

/** Those of one instant, as one shown that is on record too, are one. */
function addOnce(taken: number[], ms: number): void {
  if (!taken.includes(ms)) taken.push(ms);
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
  const { datedTestsCuts, undatedTestsCuts, samplingsCuts } = view;
  if (datedTestsCuts.some(({ newestDay }) => newestDay !== null && newestDay >= day)) return true;
  if (undatedTestsCuts.some(({ issuedAtMaxMs }) => issuedAtMaxMs >= arrivedAtMs)) return true;
  return takes === 'samplings' && samplingsCuts.some(({ newestDay }) => newestDay >= day);
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
