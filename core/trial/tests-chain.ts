/**
 * "n tests in m days, so far apart": whether enough of the valid tests can be chosen, and which choice
 * lasts longest. Pure arithmetic over a handful of tests.
 */

import { HOUR_MS, shanghaiDayOf } from '#core/field/time.ts';
import type { ResultEvidence, ResultTimes } from '#core/question/evidence.ts';
import type { ApartText } from '#core/terms/evidence-text.ts';

export interface ValidTest {
  readonly evidence: ResultEvidence;
  readonly endMs: number;
}

export interface Apart {
  readonly atLeastMs: number;
  readonly atMostMs: number;
  /** Whether each must be taken on the day after that of the one before. */
  readonly onConsecutiveDays: boolean;
}

export function compileApart(text: ApartText | undefined): Apart {
  return {
    atLeastMs: (text?.atLeastHours ?? 0) * HOUR_MS,
    atMostMs: text?.atMostHours === undefined ? Number.POSITIVE_INFINITY : text.atMostHours * HOUR_MS,
    onConsecutiveDays: text?.onConsecutiveDays === true,
  };
}

/** Whether a test is as far from the one before it as asked. */
export function isApart({ atLeastMs, atMostMs, onConsecutiveDays }: Apart, beforeMs: number, takenMs: number): boolean {
  const gapMs = takenMs - beforeMs;
  if (gapMs < atLeastMs || gapMs > atMostMs) return false;
  return !onConsecutiveDays || shanghaiDayOf(takenMs) === shanghaiDayOf(beforeMs) + 1;
}

/** When a test was taken, as nearly as it is known. */
export function takenAtMs({ sampledAtMs, testedAtMs, issuedAtMs }: ResultTimes): number {
  return sampledAtMs ?? testedAtMs ?? issuedAtMs;
}

interface Link {
  readonly test: ValidTest;
  /** When the first of the chain up to here ends. */
  readonly endMs: number;
  readonly before: Link | null;
}

/**
 * So many tests, each as far from the one before as asked; of all choices the one that lasts longest. Null: there is
 * none.
 */
export function chooseTests(tests: readonly ValidTest[], count: number, apart: Apart): readonly ValidTest[] | null {
  if (tests.length < count) return null;
  const sorted = [...tests].sort((a, b) => takenAtMs(a.evidence) - takenAtMs(b.evidence));
  let links: readonly (Link | null)[] = sorted.map((test) => ({ test, endMs: test.endMs, before: null }));
  for (let length = 2; length <= count; length += 1) {
    const shorter = links;
    links = sorted.map((test, index) => {
      let best: Link | null = null;
      for (const before of shorter.slice(0, index)) {
        if (before === null) continue;
        if (!isApart(apart, takenAtMs(before.test.evidence), takenAtMs(test.evidence))) continue;
        const endMs = Math.min(test.endMs, before.endMs);
        if (best === null || endMs > best.endMs) best = { test, endMs, before };
      }
      return best;
    });
  }
  let best: Link | null = null;
  for (const link of links) if (link !== null && (best === null || link.endMs > best.endMs)) best = link;
  if (best === null) return null;
  const chosen: ValidTest[] = [];
  for (let link: Link | null = best; link !== null; link = link.before) chosen.push(link.test);
  return chosen.reverse();
}
