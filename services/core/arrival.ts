/**
 * Clauses that look at the stated arrival: only at what was taken since, or as of it. Without a stated arrival they can't
 * be judged. Evidence alone is chosen here; what it is worth the clause itself says.
 */
import type { Judge } from './clause.ts';
import type { ResultEvidence, SamplingEvidence } from './evidence.ts';
import { startOfDayOfStayMs } from './stay-days.ts';
import { takenAtMs } from './tests-chain.ts';
import { misses, type NotHeld, type Trial, UNKNOWN } from './trial.ts';

/** Of what was taken since the arrival, on that day of the stay or later; the day of arrival is day 1. */
export function sinceDayOfStay(day: number, judge: Judge): Judge {
  return (trial) => {
    const { arrivedAtMs } = trial.occasion;
    if (arrivedAtMs === null) return notStated(trial);
    const fromMs = startOfDayOfStayMs(arrivedAtMs, day);
    const since = only(trial, (result) => takenAtMs(result) >= fromMs, ({ sampledAtMs }) => sampledAtMs >= fromMs);
    const verdict = judge(since);
    trial.nextMs = Math.min(trial.nextMs, since.nextMs);
    return verdict;
  };
}

/** As it was judged at the arrival, by what was there then. Nothing of it changes by the clock. */
export function asOfArrival(judge: Judge): Judge {
  return (trial) => {
    const { arrivedAtMs } = trial.occasion;
    if (arrivedAtMs === null) return notStated(trial);
    const then = only(trial, ({ issuedAtMs }) => issuedAtMs <= arrivedAtMs, ({ sampledAtMs }) => sampledAtMs <= arrivedAtMs);
    return judge({ ...then, atMs: arrivedAtMs, positiveMs: trial.positiveMs <= arrivedAtMs ? trial.positiveMs : Number.NEGATIVE_INFINITY });
  };
}

function notStated(trial: Trial): NotHeld {
  misses(trial, 'arrivedAtMs');
  return UNKNOWN;
}

function only(trial: Trial, takesResult: (result: ResultEvidence) => boolean, takesSampling: (sampling: SamplingEvidence) => boolean): Trial {
  const { negatives, samplings } = trial.sifted;
  return { ...trial, delayMs: 0, claimableDelayMs: 0, sifted: { ...trial.sifted, negatives: negatives.filter(takesResult), samplings: samplings.filter(takesSampling) } };
}
