/**
 * Clauses that look at the stated arrival: only at what was taken since, or as of it. Without a stated arrival they
 * can't be judged. Only what is looked at is chosen here; what it is worth the clause itself says.
 */

import type { OfArrivalText } from '#core/terms/evidence-text.ts';
import { startOfDayOfStayMs } from '#core/terms/spans.ts';
import {
  emptyNotes,
  type Held,
  type Judge,
  type Known,
  misses,
  missesAll,
  type NotHeld,
  type Notes,
  TRUTH,
  UNKNOWN,
} from './trial.ts';
import { isBefore } from './validity.ts';

/**
 * A clause's judge, made to look at the arrival where its text says so. @param clears whether it takes something away,
 * as in `unless`
 */
export function ofArrival(
  { sinceDayOfStay: day, atArrival }: OfArrivalText,
  judge: Judge,
  { clears }: { readonly clears: boolean },
): Judge {
  const judged = day === undefined ? judge : sinceDayOfStay(day, clears ? forGood(judge) : judge);
  return atArrival === true ? asOfArrival(judged) : judged;
}

/** Of what was taken since the arrival, on that day of the stay or later; the day of arrival is day 1. */
function sinceDayOfStay(day: number, judge: Judge): Judge {
  return (known, notes) => {
    const { arrivedAtMs } = known.occasion;
    if (arrivedAtMs === null) return notStated(notes);
    return judge({ ...known, sinceMs: startOfDayOfStayMs(arrivedAtMs, day) }, notes);
  };
}

/**
 * What has held once holds on: a state that was cleared doesn't come back because days pass. What a window looks at is
 * what was there when the last of it came. A later positive outweighs it still. A delay prolongs what the journey was
 * begun with, and nothing that was taken since the arrival: what held by it alone would not hold on.
 */
function forGood(judge: Judge): Judge {
  return (knownLate, notes) => {
    const known = { ...knownLate, delayMs: 0, claimableDelayMs: 0 };
    // Nothing new comes by the clock alone: what it notes of its windows changes nothing.
    const none = emptyNotes();
    const now = judge(known, none);
    if (now.truth === TRUTH.yes) return lasting(now);
    missesAll(notes, none.missing);
    const { negatives, samplings } = known.sifted;
    for (const evidence of negatives) {
      if (isBefore(known, evidence)) continue;
      const { issuedAtMs, sampledAtMs } = evidence;
      // What is shown may name a sampling after its report: it may have held at either of the two.
      const then =
        heldAt(judge, known, issuedAtMs, none) ??
        (sampledAtMs === null || sampledAtMs <= issuedAtMs ? null : heldAt(judge, known, sampledAtMs, none));
      if (then !== null) return then;
    }
    for (const { sampledAtMs } of samplings) {
      const then = sampledAtMs < known.sinceMs ? null : heldAt(judge, known, sampledAtMs, none);
      if (then !== null) return then;
    }
    return now;
  };
}

/** What held at an instant that is over; null: nothing did. */
function heldAt(judge: Judge, known: Known, ms: number, notes: Notes): Held | null {
  if (ms >= known.atMs) return null;
  const then = judge(knownAt(known, ms), notes);
  return then.truth === TRUTH.yes ? lasting(then) : null;
}

function lasting(held: Held): Held {
  return { ...held, endMs: Number.POSITIVE_INFINITY, endInclusive: false };
}

/**
 * As it was judged at the arrival, by what was there then. Nothing of it changes by the clock, and no other statement
 * would change it: what the judge notes of that instant is dropped.
 */
function asOfArrival(judge: Judge): Judge {
  return (known, notes) => {
    const { arrivedAtMs } = known.occasion;
    if (arrivedAtMs === null) return notStated(notes);
    const then = knownAt(known, arrivedAtMs);
    return judge({ ...then, positiveMs: positiveMsAt(known, arrivedAtMs) }, emptyNotes());
  };
}

/** Up to where results were outweighed then. */
function positiveMsAt({ positiveMs, sifted }: Known, atMs: number): number {
  if (positiveMs <= atMs) return positiveMs;
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const { issuedAtMs } of sifted.positives) if (issuedAtMs <= atMs) newestMs = Math.max(newestMs, issuedAtMs);
  return newestMs;
}

/** By what was there at an earlier instant; of a positive it stays what is known now. */
function knownAt(known: Known, atMs: number): Known {
  const { sifted } = known;
  return {
    ...known,
    atMs,
    delayMs: 0,
    claimableDelayMs: 0,
    sifted: {
      ...sifted,
      negatives: sifted.negatives.filter(({ issuedAtMs }) => issuedAtMs <= atMs),
      samplings: sifted.samplings.filter(({ sampledAtMs }) => sampledAtMs <= atMs),
    },
  };
}

function notStated(notes: Notes): NotHeld {
  misses(notes, 'arrivedAtMs');
  return UNKNOWN;
}
