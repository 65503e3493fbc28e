/**
 * For whom a clause is, compiled to one function. A condition that isn't stated doesn't hold: nobody is granted what he
 * doesn't claim, and the answer names what could be claimed. Stays alone are looked up too: see stays.ts.
 */

import { isWithin } from '#core/field/place.ts';
import { addMonths, shanghaiDayOf, startOfShanghaiDayMs } from '#core/field/time.ts';
import { isWithinAny, type Occasion, type Statement } from '#core/question/occasion.ts';
import type { ForText, VisitText } from '#core/terms/for-text.ts';
import type { WindowText } from '#core/terms/window-text.ts';
import { compileStays, type Stays } from './stays.ts';
import { changesAt, endsAt, type Known, misses, type Notes } from './trial.ts';
import { compileWindow, endsAfter } from './window.ts';

/** Until which instant it holds, or one of these two. */
export type HeldUntil = number;
export const DOES_NOT_HOLD = -1;
export const NOT_STATED = -2;

export type Condition = (known: Known, notes: Notes) => HeldUntil;

export function compileCondition(text: ForText): Condition {
  const parts = partsOf(text);
  return (known, notes) => {
    let untilMs = Number.POSITIVE_INFINITY;
    let unstated = false;
    for (const { statement, holds } of parts) {
      const heldUntil = holds(known, notes);
      if (heldUntil === DOES_NOT_HOLD) return DOES_NOT_HOLD;
      if (heldUntil === NOT_STATED) {
        unstated = true;
        misses(notes, statement);
      } else {
        untilMs = Math.min(untilMs, heldUntil);
      }
    }
    return unstated ? NOT_STATED : untilMs;
  };
}

interface Part {
  readonly statement: Statement;
  readonly holds: Condition;
}

function partsOf(text: ForText): readonly Part[] {
  const parts: Part[] = [];
  const stated = <S extends Statement>(statement: S, test: (value: NonNullable<Occasion[S]>) => boolean): void => {
    parts.push({
      statement,
      holds: ({ occasion }) => {
        const value = occasion[statement];
        if (value === null) return NOT_STATED;
        return test(value as NonNullable<Occasion[S]>) ? Number.POSITIVE_INFINITY : DOES_NOT_HOLD;
      },
    });
  };
  const {
    residence,
    entry,
    ageYears,
    accompanyingAdult,
    recoveredWithinMonths,
    recoveredWithinDays,
    class: named,
    commuter,
    stayHoursAtMost,
    stayHoursMoreThan,
    transferHoursAtMost,
    arrivedWithin,
    place,
    registeredIn,
    registeredOutside,
    visited,
    notVisited,
  } = text;
  if (residence !== undefined) stated('residence', (value) => value === residence);
  if (entry !== undefined) stated('entry', (value) => value === entry);
  if (ageYears !== undefined) {
    const { from = 0, under = Number.POSITIVE_INFINITY, upTo = Number.POSITIVE_INFINITY } = ageYears;
    stated('ageYears', (years) => years >= from && years < under && years <= upTo);
  }
  if (accompanyingAdult !== undefined) stated('accompanyingAdult', (value) => value === accompanyingAdult);
  if (commuter !== undefined) stated('commuter', (value) => value === commuter);
  if (stayHoursAtMost !== undefined) stated('stayHours', (hours) => hours <= stayHoursAtMost);
  if (stayHoursMoreThan !== undefined) stated('stayHours', (hours) => hours > stayHoursMoreThan);
  if (transferHoursAtMost !== undefined) stated('transferHours', (hours) => hours <= transferHoursAtMost);
  if (arrivedWithin !== undefined) parts.push({ statement: 'arrivedAtMs', holds: compileArrivedWithin(arrivedWithin) });
  if (place !== undefined) stated('place', (code) => isWithinAny(place, code));
  if (registeredIn !== undefined) stated('registeredIn', (code) => isWithinAny(registeredIn, code));
  if (registeredOutside !== undefined)
    parts.push({ statement: 'registeredIn', holds: compileRegisteredOutside(registeredOutside) });
  if (recoveredWithinMonths !== undefined)
    parts.push({
      statement: 'recoveredOnDay',
      holds: recoveredUntil((day) => addMonths(day, recoveredWithinMonths)),
    });
  if (recoveredWithinDays !== undefined)
    parts.push({ statement: 'recoveredOnDay', holds: recoveredUntil((day) => day + recoveredWithinDays) });
  if (named !== undefined) stated('classes', (classes) => classes.includes(named));
  if (visited !== undefined) parts.push({ statement: 'visits', holds: compileVisited(visited) });
  if (notVisited !== undefined) parts.push({ statement: 'visits', holds: compileNotVisited(compileStays(notVisited)) });
  return parts;
}

/** From the day of recovery to the end of the last day on which it counts. */
function recoveredUntil(lastDayOf: (day: number) => number): Condition {
  return (known, notes) => {
    const day = known.occasion.recoveredOnDay;
    if (day === null) return NOT_STATED;
    const untilMs = startOfShanghaiDayMs(lastDayOf(day) + 1);
    changesAt(known, notes, startOfShanghaiDayMs(day));
    changesAt(known, notes, untilMs);
    return shanghaiDayOf(known.atMs) >= day && known.atMs < untilMs ? untilMs : DOES_NOT_HOLD;
  };
}

function compileArrivedWithin(text: WindowText): Condition {
  const window = compileWindow(text);
  return (known, notes) => {
    const { arrivedAtMs } = known.occasion;
    if (arrivedAtMs === null) return NOT_STATED;
    const endMs = window.endMs(arrivedAtMs);
    changesAt(known, notes, arrivedAtMs);
    endsAt(known, notes, endMs, window.endInclusive);
    const holds = known.atMs >= arrivedAtMs && endsAfter(endMs, window.endInclusive, known.atMs);
    return holds ? (window.endInclusive ? endMs + 1 : endMs) : DOES_NOT_HOLD;
  };
}

/** A province’s code doesn’t say from which of its parts a document is: what is asked of a part isn’t stated by it. */
function compileRegisteredOutside(places: readonly string[]): Condition {
  return ({ occasion: { registeredIn } }) => {
    if (
      registeredIn === null ||
      places.some((place) => isWithin(registeredIn, place) && !isWithin(place, registeredIn))
    )
      return NOT_STATED;
    return isWithinAny(places, registeredIn) ? DOES_NOT_HOLD : Number.POSITIVE_INFINITY;
  };
}

function compileVisited(text: VisitText): Condition {
  const stays = compileStays(text);
  return (known, notes) => {
    const untilMs = stays.untilMs(known, notes);
    if (untilMs !== null) return untilMs;
    stays.nextMs(known, notes);
    return known.occasion.visits === null ? NOT_STATED : DOES_NOT_HOLD;
  };
}

/** A stay on record refutes it without a statement; that there was none has to be stated. */
export function compileNotVisited(stays: Stays): Condition {
  return (known, notes) => {
    if (stays.untilMs(known, notes) !== null) return DOES_NOT_HOLD;
    const nextMs = stays.nextMs(known, notes);
    return known.occasion.visits === null ? NOT_STATED : nextMs;
  };
}
