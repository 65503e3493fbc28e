/**
 * What of a rule's duties can never hold: their names, their order, and whether their spans can be filled.
 */

import type { SpanText } from '#core/terms/duty-tests.ts';
import type { ApartText } from '#core/terms/evidence-text.ts';
import type { Fault } from '#core/terms/fault.ts';
import { forFaults, gapFaults, hoursOfTests } from '#core/terms/part-faults.ts';
import { apartWords } from '#core/terms/phrases.ts';
import type { RuleOwner } from '#core/terms/source.ts';
import { isNoEarlier } from '#core/terms/spans.ts';
import { TESTS_KEPT_DAYS } from '#core/view/retention.ts';
import type { DutyText } from './rule-text.ts';

/** Of all duties together: their names, their order, and whether their spans can be filled. */
export function dutyFaults(duties: readonly DutyText[], owner: RuleOwner): Fault[] {
  const faults: Fault[] = [];
  for (const [at, { id, for: who, tests, supersedes = [] }] of duties.entries()) {
    if (who !== undefined) faults.push(...forFaults(who, `/duties/${at}/for`, owner));
    const above = duties.slice(0, at).map((one) => one.id);
    if (above.includes(id))
      faults.push({
        pointer: `/duties/${at}/id`,
        detail: 'is the id of another duty too',
        mend: 'give each duty an id of its own',
      });
    supersedes.forEach((name, index) => {
      if (!above.includes(name))
        faults.push({
          pointer: `/duties/${at}/supersedes/${index}`,
          detail: 'names no duty above this one',
          mend: 'put the stricter duty below those that it supersedes',
        });
    });
    if (tests === undefined) continue;
    faults.push(...gapFaults(tests.apart, `/duties/${at}/tests/apart`));
    tests.spans.forEach((span, index) => {
      const pointer = `/duties/${at}/tests/spans/${index}`;
      const before = tests.spans[index - 1];
      const days = span.unit === 'hours' ? span.to / 24 : span.to;
      if (span.from > span.to || (span.unit === 'hours' ? span.from === span.to : span.from === 0))
        faults.push({
          pointer,
          detail: 'is no span of time',
          mend: 'count hours from 0 and days of the stay from 1, and end it after it begins',
        });
      else if (days > TESTS_KEPT_DAYS)
        faults.push({
          pointer: `${pointer}/to`,
          detail: `lies beyond the tests that are kept (${TESTS_KEPT_DAYS} days)`,
          mend: `use at most ${TESTS_KEPT_DAYS} days`,
        });
      else if (isTooShort(span, tests.apart))
        faults.push({
          pointer,
          detail: `is too short for ${span.count} tests${apartWords(tests.apart).en}`,
          mend: 'lengthen it, or ask for less',
        });
      else if (before !== undefined && !isNoEarlier(span, before))
        faults.push({
          pointer,
          detail: 'may begin or end before the span above it',
          mend: 'put the spans in the order in which the tests are due',
        });
    });
  }
  return faults;
}

/** Whether so many tests, so far apart, don't fit into it. */
function isTooShort(span: SpanText, apart: ApartText | undefined): boolean {
  const days = span.unit === 'days_of_stay' && apart?.onConsecutiveDays === true ? span.to - span.from + 1 : null;
  return hoursOfTests(span.count, apart) > hoursOf(span) || (days !== null && span.count > days);
}

function hoursOf({ unit, from, to }: SpanText): number {
  return unit === 'hours' ? to - from : (to - from + 1) * 24;
}
