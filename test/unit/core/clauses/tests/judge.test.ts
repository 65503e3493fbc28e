/** The clause `tests`: which negatives count among several, and until when they count together. */

import { describe, expect, it } from 'vitest';
import type { Answer } from '#core/answer/recognise.ts';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { formatTime, HOUR_MS } from '#core/field/time.ts';
import type { Occasion } from '#core/question/occasion.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { PersonView } from '#core/view/view.ts';
import { NOW_MS, viewOf } from '#test/support/lookup.ts';
import { answer, issued } from '../../answer/occasion-answer.ts';

type Tests = Extract<ClauseText, { kind: 'tests' }>;

const two = (given: Partial<Tests> = {}): Tests => ({
  id: 't',
  kind: 'tests',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
  count: 2,
  window: { length: 48, unit: 'hours', end: 'inclusive' },
  ...given,
});
const asked = (
  view: PersonView,
  clause: Partial<Tests> = {},
  occasion: Partial<Occasion> = {},
  rule: Partial<RuleText> = {},
): Answer => answer(view, { clauses: [two(clause)], freshnessBoundSeconds: 3_600_000, ...rule }, occasion);
const hoursAgo = (hours: number): number => NOW_MS - hours * HOUR_MS;

describe('two tests', () => {
  it('count together until the older one’s window ends', () => {
    expect(asked(viewOf(issued(40), issued(5)))).toMatchObject({
      outcome: 'recognised',
      reason: 'tests_done',
      validUntil: formatTime(NOW_MS + 8 * HOUR_MS),
      validUntilInclusive: true,
    });
  });
  it('of which one is from before a positive are one', () => {
    const before = viewOf(issued(40), issued(30, { result: 'positive' }), issued(20));
    expect(asked(before)).toMatchObject({ outcome: 'not_recognised', reason: 'tests_missing' });
    const after = viewOf(issued(40, { result: 'positive' }), issued(30), issued(20));
    expect(asked(after).outcome).toBe('recognised');
  });
  it('of which one was issued at the very instant of the positive are one', () => {
    const view = viewOf(issued(40, { sampleId: 'P', result: 'positive' }), issued(40, { sampleId: 'N' }), issued(20));
    expect(asked(view).outcome).toBe('not_recognised');
  });
  it('are not sure where a positive may have been cut after the first of them', () => {
    const view = viewOf(issued(40), issued(20));
    const cutAt = (hours: number): PersonView => ({
      ...view,
      datedTestsCuts: [{ province: null, newestDay: 0, issuedAtMaxMs: hoursAgo(hours) }],
    });
    expect(asked(cutAt(41)).outcome).toBe('recognised');
    for (const hours of [40, 30])
      expect(asked(cutAt(hours))).toMatchObject({ outcome: 'undetermined', reason: 'history_cut' });
  });
});

describe('where the landing test isn’t counted', () => {
  const arrivedAtMs = hoursAgo(36);
  const taken = (hours: number, sampleId: string) => issued(hours - 1, { sampleId, sampledAtMs: hoursAgo(hours) });
  const landing = { landing: 'excluded' } as const;
  it('the first that was taken since the arrival is that one, whenever it was issued', () => {
    const view = viewOf(taken(30, 'A'), taken(20, 'B'), taken(40, 'C'));
    expect(asked(view, landing, { arrivedAtMs })).toMatchObject({
      outcome: 'recognised',
      evidence: [{ sampledAt: formatTime(hoursAgo(40)) }, { sampledAt: formatTime(hoursAgo(20)) }],
    });
    expect(asked(viewOf(taken(30, 'A'), taken(20, 'B')), landing, { arrivedAtMs })).toMatchObject({
      outcome: 'not_recognised',
      reason: 'tests_missing',
    });
  });
  it('one taken at the very arrival is the landing test', () => {
    const view = viewOf(taken(36, 'A'), taken(20, 'B'));
    expect(asked(view, landing, { arrivedAtMs }).outcome).toBe('not_recognised');
    expect(asked(view, landing, { arrivedAtMs: arrivedAtMs + 1 }).outcome).toBe('not_recognised');
    expect(asked(viewOf(taken(36, 'A'), taken(30, 'B'), taken(20, 'C')), landing, { arrivedAtMs }).outcome).toBe(
      'recognised',
    );
  });
  it('the arrival must be stated, but only where there are tests enough', () => {
    expect(asked(viewOf(taken(30, 'A'), taken(20, 'B')), landing)).toMatchObject({
      outcome: 'undetermined',
      reason: 'statement_missing',
      statementsMissing: ['arrivedAt'],
    });
    expect(asked(viewOf(taken(30, 'A')), landing)).toMatchObject({ outcome: 'not_recognised', statementsMissing: [] });
    expect(asked(viewOf(taken(30, 'A'), taken(20, 'B'))).outcome).toBe('recognised');
  });
});
