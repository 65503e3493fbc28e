/**
 * Windows and what they are counted from, compiled to closures over milliseconds. Days are days of Asia/Shanghai.
 * Nothing here knows who asks or what is recognised.
 */

import { addMonths, DAY_MS, HOUR_MS, shanghaiDayOf, startOfShanghaiDayMs } from '#core/field/time.ts';
import type { ResultTimes } from '#core/question/evidence.ts';
import type { Anchor, AnchorText, WindowText } from '#core/terms/window-text.ts';

export interface Window {
  /** When what is counted from `anchorMs` stops counting. */
  readonly endMs: (anchorMs: number) => number;
  /** Whether it still counts at exactly its end. */
  readonly endInclusive: boolean;
  /** The earliest anchor that may still count at an instant; what lies before it can't. */
  readonly earliestAnchorMs: (atMs: number) => number;
}

export function compileWindow({ length, unit, end }: WindowText): Window {
  const inclusive = end === 'inclusive';
  if (unit === 'hours') {
    const lengthMs = length * HOUR_MS;
    return {
      endMs: (anchorMs) => anchorMs + lengthMs,
      endInclusive: inclusive,
      earliestAnchorMs: (atMs) => atMs - lengthMs,
    };
  }
  if (unit === 'calendar_months') {
    // Of a shorter month the last day stands for those that it hasn't; three days more leave none of them out.
    const sparedDays = 3;
    return {
      endMs: (anchorMs) => startOfShanghaiDayMs(addMonths(shanghaiDayOf(anchorMs), length) + (inclusive ? 1 : 0)),
      endInclusive: false,
      earliestAnchorMs: (atMs) => startOfShanghaiDayMs(addMonths(shanghaiDayOf(atMs), -length) - sparedDays),
    };
  }
  // The anchor's day is day 0. Inclusive: the whole of day `length` still counts; exclusive: day `length - 1` is the
  // last.
  const lastDay = inclusive ? length : length - 1;
  return {
    endMs: (anchorMs) => startOfShanghaiDayMs(shanghaiDayOf(anchorMs) + lastDay + 1),
    endInclusive: false,
    earliestAnchorMs: (atMs) => startOfShanghaiDayMs(shanghaiDayOf(atMs) - lastDay),
  };
}

/** Whether something that ends then counts at an instant. */
export function endsAfter(endMs: number, endInclusive: boolean, atMs: number): boolean {
  return endInclusive ? atMs <= endMs : atMs < endMs;
}

const NIGHT_MS = 6 * HOUR_MS;

const ANCHOR_OF: Readonly<Record<Anchor, (result: ResultTimes) => number | null>> = {
  report_issued: ({ issuedAtMs }) => issuedAtMs,
  sampled: ({ sampledAtMs }) => sampledAtMs,
  tested: ({ testedAtMs }) => testedAtMs,
  day_before_night_report: ({ issuedAtMs }) => {
    const midnightMs = startOfShanghaiDayMs(shanghaiDayOf(issuedAtMs));
    return issuedAtMs - midnightMs < NIGHT_MS ? midnightMs - DAY_MS : null;
  },
};

function compileAnchor(text: AnchorText): (result: ResultTimes) => number | null {
  if (typeof text === 'string') return ANCHOR_OF[text];
  const anchor = ANCHOR_OF[text.anchor];
  const beforeMs = text.minusHours * HOUR_MS;
  return (result) => {
    const anchorMs = anchor(result);
    return anchorMs === null ? null : anchorMs - beforeMs;
  };
}

/** The first anchor of the list that the result has; null when it has none. */
export function compileAnchors(names: readonly AnchorText[]): (result: ResultTimes) => number | null {
  const anchors = names.map(compileAnchor);
  const [only] = anchors;
  if (only !== undefined && anchors.length === 1) return only;
  return (result) => {
    for (const anchor of anchors) {
      const anchorMs = anchor(result);
      if (anchorMs !== null) return anchorMs;
    }
    return null;
  };
}

/** The last millisecond of a day. */
export function endOfDayMs(day: number): number {
  return startOfShanghaiDayMs(day + 1) - 1;
}
