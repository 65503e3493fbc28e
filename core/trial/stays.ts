/**
 * The stays in risk areas that a condition of a rule looks at: those on record together with those that the caller
 * states. Nothing needs to be stated that is on record; but no record proves that there were no other stays, and what a
 * record leaves open (an area that is only named, a list that was cut) is never taken for a no.
 */

import { AREA_CODE, RISK_LEVELS } from '#core/field/place.ts';
import { HOUR_MS } from '#core/field/time.ts';
import { isWithinAny, type Visit } from '#core/question/occasion.ts';
import type { VisitText } from '#core/terms/for-text.ts';
import type { ExposureRegister, PersonView } from '#core/view/view.ts';
import { changesAt, endsAt, type Known, type Notes } from './trial.ts';
import { compileWindow, endsAfter, type Window } from './window.ts';

/** In their order: the weaker of place and level decides. */
const FIT = { no: 0, unclear: 1, yes: 2 } as const;
type Fit = (typeof FIT)[keyof typeof FIT];

const KNOWN_LEVELS: readonly string[] = RISK_LEVELS;
const NONE: readonly ExposureRegister[] = [];
const NO_VISITS: readonly Visit[] = [];

/** Each of these also notes when it may come out otherwise. */
export interface Stays {
  /** Until when a stay counts, on record or stated; null when none does. Infinity: one isn't over. */
  readonly untilMs: (known: Known, notes: Notes) => number | null;
  /** When the next one begins, on record or stated, that counts, or may; Infinity without one. */
  readonly nextMs: (known: Known, notes: Notes) => number;
  /** Whether one may count of which that can't be told. */
  readonly mayBeHidden: (known: Known, notes: Notes) => boolean;
}

export function compileStays(text: VisitText): Stays {
  const window = compileWindow(text.window);
  return {
    untilMs: (known, notes) =>
      later(statedUntilMs(text, window, known, notes), recordedUntilMs(text, window, known, notes)),
    nextMs: (known, notes) => {
      let nextMs = Number.POSITIVE_INFINITY;
      for (const exposure of known.view?.exposures ?? NONE) {
        const fromMs = countsFromMs(text, exposure.fromMs, exposure.toMs);
        if (fromMs > known.atMs && fromMs < nextMs && fitOf(text, exposure) !== FIT.no) nextMs = fromMs;
      }
      for (const visit of known.occasion.visits ?? NO_VISITS) {
        const fromMs = statedFromMs(text, visit);
        if (fromMs > known.atMs && fromMs < nextMs) nextMs = fromMs;
      }
      changesAt(known, notes, nextMs);
      return nextMs;
    },
    mayBeHidden: (known, notes) => {
      let hidden = staysWereCut(known.view);
      for (const exposure of known.view?.exposures ?? NONE) {
        if (
          countsFromMs(text, exposure.fromMs, exposure.toMs) <= known.atMs &&
          fitOf(text, exposure) === FIT.unclear &&
          endMsOf(window, exposure.toMs, known, notes) !== null
        )
          hidden = true;
      }
      return hidden;
    },
  };
}

/** Whether records of a person's stays are there that the view no longer holds: how they ended isn't known. */
export function staysWereCut(view: PersonView | null): boolean {
  return view !== null && view.exposuresCuts.length > 0;
}

function statedUntilMs(text: VisitText, window: Window, known: Known, notes: Notes): number | null {
  let untilMs: number | null = null;
  for (const visit of known.occasion.visits ?? NO_VISITS) {
    const fromMs = statedFromMs(text, visit);
    changesAt(known, notes, fromMs);
    if (fromMs > known.atMs) continue;
    untilMs = later(untilMs, endMsOf(window, visit.leftAtMs, known, notes));
  }
  return untilMs;
}

/** From when on a stay that the caller states is one that is asked for. Infinity: it never is. */
function statedFromMs(text: VisitText, { place, level, cameAtMs, leftAtMs }: Visit): number {
  const { places, levels } = text;
  if (places !== undefined && !isWithinAny(places, place)) return Number.POSITIVE_INFINITY;
  if (levels !== undefined && !levels.includes(level)) return Number.POSITIVE_INFINITY;
  return cameAtMs === null ? Number.NEGATIVE_INFINITY : countsFromMs(text, cameAtMs, leftAtMs);
}

function recordedUntilMs(text: VisitText, window: Window, known: Known, notes: Notes): number | null {
  let untilMs: number | null = null;
  for (const exposure of known.view?.exposures ?? NONE) {
    if (countsFromMs(text, exposure.fromMs, exposure.toMs) > known.atMs || fitOf(text, exposure) !== FIT.yes) continue;
    untilMs = later(untilMs, endMsOf(window, exposure.toMs, known, notes));
  }
  return untilMs;
}

/**
 * From when on a stay is one that is asked for: from its beginning, or once it has lasted longer than so many hours.
 * Infinity: it never does.
 */
function countsFromMs({ longerThanHours }: VisitText, fromMs: number, toMs: number | null): number {
  if (longerThanHours === undefined) return fromMs;
  const lastsMs = fromMs + longerThanHours * HOUR_MS;
  return toMs !== null && toMs <= lastsMs ? Number.POSITIVE_INFINITY : lastsMs + 1;
}

/** From when on a stay no longer counts, if it still does; one that has no end on record isn't over. */
function endMsOf(window: Window, leftAtMs: number | null, known: Known, notes: Notes): number | null {
  if (leftAtMs === null) return Number.POSITIVE_INFINITY;
  const endMs = window.endMs(leftAtMs);
  if (!endsAfter(endMs, window.endInclusive, known.atMs)) return null;
  endsAt(known, notes, endMs, window.endInclusive);
  return window.endInclusive ? endMs + 1 : endMs;
}

function later(a: number | null, b: number | null): number | null {
  return a === null || (b !== null && b > a) ? b : a;
}

/** Areas and levels are open texts on record: what isn't known by its code or name may be what the rule asks for. */
function fitOf({ places, levels }: VisitText, { status, riskArea, level }: ExposureRegister): Fit {
  if (status === 'retracted') return FIT.no;
  const byLevel =
    levels === undefined || (levels as readonly string[]).includes(level)
      ? FIT.yes
      : KNOWN_LEVELS.includes(level)
        ? FIT.no
        : FIT.unclear;
  if (places === undefined || byLevel === FIT.no || isWithinAny(places, riskArea)) return byLevel;
  const mayBeThere = !AREA_CODE.test(riskArea) || places.some((place) => place.startsWith(riskArea));
  return mayBeThere ? FIT.unclear : FIT.no;
}
