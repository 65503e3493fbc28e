/**
 * What clears a state must keep what its duty asks for: who tests three times in a day has not done what was to be done
 * on three days, neither in time nor afterwards. Which duty a state turns on is read off its conditions, never guessed
 * where one is named.
 */

import { type ClauseText, clausesIn } from '#core/clauses/clause-text.ts';
import type { ApartText } from '#core/terms/evidence-text.ts';
import type { Fault } from '#core/terms/fault.ts';
import { apartWords } from '#core/terms/phrases.ts';
import type { DutyText, StateText } from './rule-text.ts';

/** Of clauses that clear a state by several tests, nearer to each other than its duty asks. */
export function clearingFaults(states: readonly StateText[], duties: readonly DutyText[]): Fault[] {
  return states.flatMap(({ when, unless }, at) => {
    if (unless === undefined) return [];
    const named = [...(when === undefined ? [] : clausesIn(when)), ...clausesIn(unless)].flatMap(({ clause }) =>
      clause.kind === 'duty' ? [clause.duty] : [],
    );
    return [...clausesIn(unless, `/states/${at}/unless`)].flatMap(({ clause, pointer }) => {
      if (clause.kind !== 'tests') return [];
      const duty = duties.find((one) => isClearedBy(one, named, clause) && isNearer(clause.apart, one.tests?.apart));
      return duty === undefined
        ? []
        : [
            {
              pointer: `${pointer}/apart`,
              detail: `clears by tests nearer to each other than ${duty.id} asks${apartWords(duty.tests?.apart).en}`,
              mend: 'write the same `apart` as the duty’s',
            },
          ];
    });
  });
}

/** The duties that the state names; where it names none, those that ask for as many tests. */
function isClearedBy({ id, tests }: DutyText, named: readonly string[], { count }: TestsClause): boolean {
  if (tests === undefined) return false;
  return named.length > 0 ? named.includes(id) : tests.spans.reduce((sum, span) => sum + span.count, 0) === count;
}

type TestsClause = Extract<ClauseText, { kind: 'tests' }>;

function isNearer(clause: ApartText | undefined, duty: ApartText | undefined): boolean {
  return (
    (clause?.atLeastHours ?? 0) < (duty?.atLeastHours ?? 0) ||
    (duty?.onConsecutiveDays === true && clause?.onConsecutiveDays !== true)
  );
}
