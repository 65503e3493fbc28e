/**
 * Rules as of a stated day, moved by whole days to the day of their publication: for a demonstration or a test that
 * wants a rule of the past in force. What was in force then has no end; what came later is left out. It never judges a
 * rule: the floor and all faults are judged before, by the original dates.
 */

import { DAY_MS, formatTime, instantMs } from '#core/field/time.ts';
import type { RuleText } from './rule-text.ts';

/** Said in every answer. */
export interface Redated {
  /** The day as of which the rules are, such as 2022-09-15. */
  readonly asOf: string;
  readonly shiftedByDays: number;
}

export interface Redating {
  readonly redated: Redated;
  /** The instant that stands for the same time of day on the stated day. */
  readonly publishedAtMs: number;
}

/** @param publishedAtMs as of a `Redating` */
export function redate(texts: readonly RuleText[], { shiftedByDays }: Redated, publishedAtMs: number): RuleText[] {
  const shiftMs = shiftedByDays * DAY_MS;
  const thenMs = publishedAtMs - shiftMs;
  const moved = (instant: string): string => formatTime(instantMs(instant) + shiftMs);
  return texts.flatMap((text) => {
    const { from, until, enforcedFrom } = text.inForce;
    if (instantMs(from) > thenMs) return [];
    const isOver = until !== null && instantMs(until) <= thenMs;
    const inForce = {
      from: moved(from),
      until: isOver ? moved(until) : null,
      ...(enforcedFrom === undefined ? {} : { enforcedFrom: moved(enforcedFrom) }),
    };
    if (text.transition === undefined) return [{ ...text, inForce }];
    const reportsIssued = text.transition.reportsIssued.map((span) => ({
      from: moved(span.from),
      until: moved(span.until),
    }));
    return [{ ...text, inForce, transition: { ...text.transition, reportsIssued } }];
  });
}
