/**
 * Clauses that look at the stated arrival: only at what was taken since, or as of it. Without a stated arrival they
 * can't be judged. Only what is looked at is chosen here; what it is worth the clause itself says.
 */

import type { OfArrivalText } from '#core/terms/evidence-text.ts';
import { startOfDayOfStayMs } from '#core/terms/spans.ts';
import { emptyNotes, type Judge, misses, type NotHeld, type Notes, UNKNOWN } from './trial.ts';

/** A clause's judge, made to look at the arrival where its text says so. */
export function ofArrival({ sinceDayOfStay: day, atArrival }: OfArrivalText, judge: Judge): Judge {
  const judged = day === undefined ? judge : sinceDayOfStay(day, judge);
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
 * As it was judged at the arrival, by what was there then. Nothing of it changes by the clock, and no other statement
 * would change it: what the judge notes of that instant is dropped.
 */
function asOfArrival(judge: Judge): Judge {
  return (known, notes) => {
    const { arrivedAtMs } = known.occasion;
    if (arrivedAtMs === null) return notStated(notes);
    const { sifted, positiveMs } = known;
    const knownThen = {
      ...known,
      atMs: arrivedAtMs,
      positiveMs: positiveMs <= arrivedAtMs ? positiveMs : Number.NEGATIVE_INFINITY,
      delayMs: 0,
      claimableDelayMs: 0,
      sifted: {
        ...sifted,
        negatives: sifted.negatives.filter(({ issuedAtMs }) => issuedAtMs <= arrivedAtMs),
        samplings: sifted.samplings.filter(({ sampledAtMs }) => sampledAtMs <= arrivedAtMs),
      },
    };
    return judge(knownThen, emptyNotes());
  };
}

function notStated(notes: Notes): NotHeld {
  misses(notes, 'arrivedAtMs');
  return UNKNOWN;
}
