/**
 * Days of a stay: the day of arrival, in Asia/Shanghai, is day 1. And the spans of a stay in which tests are due.
 */

import { DAY_MS, HOUR_MS, shanghaiDayOf, startOfShanghaiDayMs } from '#core/field/time.ts';
import type { SpanText } from './duty-tests.ts';

/** Of the first day: the arrival itself. */
export function startOfDayOfStayMs(arrivedAtMs: number, day: number): number {
  return day === 1 ? arrivedAtMs : startOfShanghaiDayMs(shanghaiDayOf(arrivedAtMs) + day - 1);
}

/** A span in which one test is due. */
export interface Slot {
  readonly opensMs: (arrivedAtMs: number) => number;
  readonly closesMs: (arrivedAtMs: number) => number;
  /** Whether it is open still at exactly its close. */
  readonly closesInclusive: boolean;
}

/** One for each test of a span. */
export function compileSpan({ count, unit, from, to }: SpanText): readonly Slot[] {
  const slot: Slot =
    unit === 'hours'
      ? {
          opensMs: (arrivedAtMs) => arrivedAtMs + from * HOUR_MS,
          closesMs: (arrivedAtMs) => arrivedAtMs + to * HOUR_MS,
          closesInclusive: true,
        }
      : {
          opensMs: (arrivedAtMs) => startOfDayOfStayMs(arrivedAtMs, from),
          closesMs: (arrivedAtMs) => startOfDayOfStayMs(arrivedAtMs, to + 1),
          closesInclusive: false,
        };
  return Array.from({ length: count }, () => slot);
}

/** Whether the one opens and closes no earlier than the other, whenever on a day the person arrives. */
export function isNoEarlier(span: SpanText, before: SpanText): boolean {
  if (span.unit === before.unit) return span.from >= before.from && span.to >= before.to;
  return (
    extremes(span).opensMs[0] >= extremes(before).opensMs[1] &&
    extremes(span).closesMs[0] >= extremes(before).closesMs[1]
  );
}

/** After an arrival in the first and in the last instant of a day. */
function extremes({ unit, from, to }: SpanText): {
  readonly opensMs: readonly [number, number];
  readonly closesMs: readonly [number, number];
} {
  if (unit === 'hours') return { opensMs: [from * HOUR_MS, from * HOUR_MS], closesMs: [to * HOUR_MS, to * HOUR_MS] };
  return {
    opensMs: from === 1 ? [0, 0] : [(from - 2) * DAY_MS, (from - 1) * DAY_MS],
    closesMs: [(to - 1) * DAY_MS, to * DAY_MS],
  };
}
