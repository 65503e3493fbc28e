/** Transitions that keep what an older version counts from, and nothing else of it. */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import type { PersonEvent } from '#core/events/events.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { samplingRecorded } from '#exercises/town/events.ts';
import { decided, ms, report, result } from '#test/support/decided-at.ts';
import { ruleText } from '#test/support/lookup.ts';
import { type Civil } from '#test/support/naive-time.ts';

describe('a transition that keeps the count', () => {
  const days3 = { length: 3, unit: 'calendar_days', end: 'inclusive' } as const;
  const older = ruleText({
    id: '00/test',
    version: 1,
    inForce: { from: '2022-06-06T00:00+08:00', until: '2022-07-04T00:00+08:00' },
    clauses: [result({ id: 'days_3', window: days3 })],
    daysSinceTest: { countFrom: ['report_issued'] },
  });
  const newer = (keeps: 'count' | undefined): RuleText => ({
    ...older,
    version: 2,
    inForce: { from: '2022-07-04T00:00+08:00', until: '2022-07-29T00:00+08:00' },
    clauses: [
      result({ id: 'days_3', window: days3, countFrom: ['day_before_night_report', 'sampled'] }),
      { id: 'carried_over', kind: 'sampling', from: 'all', carriesOver: true, window: { ...days3, length: 2 } },
    ],
    daysSinceTest: { countFrom: ['day_before_night_report', 'sampled'] },
    transition: {
      version: 1,
      ...(keeps === undefined ? {} : { keeps }),
      reportsIssued: [{ from: '2022-06-30T00:00+08:00', until: '2022-06-30T06:00+08:00' }],
    },
  });
  const night = report('2022-06-29 23:00', '2022-06-30 05:00');
  const sample = samplingRecorded({ sampleId: 'S', sampledAtMs: ms('2022-07-03 16:00:00') });
  const ask = (rule: RuleText, events: readonly PersonEvent[], at: Civil) => decided(rule, events, at, {}, [older]);
  it('has the newer version carry over what the older count says', () => {
    expect(ask(newer('count'), [night, sample], '2022-07-04 12:00:00')).toMatchObject({
      outcome: 'recognised',
      reason: 'carried_over',
      daysSinceTest: 3,
      rule: { version: 2 },
    });
    expect(ask(newer(undefined), [night, sample], '2022-07-04 12:00:00').outcome).toBe('not_recognised');
  });
  it('ends with a newer result', () => {
    const day = report('2022-07-01 09:00', '2022-07-01 15:00');
    expect(ask(newer('count'), [night, day], '2022-07-04 12:00:00')).toMatchObject({
      outcome: 'recognised',
      daysSinceTest: 3,
    });
    expect(ask(newer('count'), [night, day], '2022-07-05 00:00:00').outcome).toBe('not_recognised');
  });
  it('needs a clause that the older version has too', () => {
    const {
      clauses: [first, ...rest],
    } = newer('count');
    const other = { ...newer('count'), clauses: [{ ...(first as ClauseText), id: 'other' }, ...rest] };
    expect(faultsOfBook([older, other]).map(({ pointer }) => pointer)).toEqual(['/transition/keeps']);
  });
  it('of what the notice forbids is refused from then on', () => {
    const legal = {
      ...newer('count'),
      clauses: [result({ id: 'days_3', window: days3 })],
      inForce: { from: '2022-07-29T00:00+08:00', until: null },
    };
    const bySampling = { ...older, clauses: [result({ id: 'days_3', window: days3, countFrom: ['sampled'] })] };
    expect(faultsOfBook([bySampling, legal]).map(({ pointer }) => pointer)).toEqual(['/transition']);
  });
});
