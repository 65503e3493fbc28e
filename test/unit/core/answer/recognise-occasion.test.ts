/**
 * What the caller states, and what isn't stated: privileges are granted only to who claims them, what concerns
 * everybody must be stated, and the answer says which.
 */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { HOUR_MS, shanghaiDayOf } from '#core/field/time.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { PersonView } from '#core/view/view.ts';
import { ask, freshness, NOW_MS, snapshot, viewOf } from '#test/support/lookup.ts';
import { answer, issued, result, window } from './occasion-answer.ts';

describe('a privilege', () => {
  const clauses: ClauseText[] = [
    result,
    { ...result, id: 'resident', for: { residence: 'resident' }, window: { ...window, length: 168 } },
  ];
  const old = viewOf(issued(100));
  it('is granted to who claims it', () => {
    expect(answer(old, { clauses }, { residence: 'resident' })).toMatchObject({
      outcome: 'recognised',
      rule: { clause: 'resident' },
      statementsMissing: [],
    });
  });
  it('isn’t granted to who claims otherwise', () => {
    expect(answer(old, { clauses }, { residence: 'visitor' })).toMatchObject({
      outcome: 'not_recognised',
      statementsMissing: [],
    });
  });
  it('that isn’t claimed is not granted, and named', () => {
    const { outcome, reason, statementsMissing, sentence } = answer(old, { clauses });
    expect([outcome, reason, statementsMissing]).toEqual(['not_recognised', 'too_old', ['residence']]);
    expect(sentence.en).toContain('Nothing was stated about residence');
    expect(sentence.zh).toContain('未说明是否本地居民');
  });
  it('isn’t named where it would change nothing', () => {
    expect(answer(viewOf(issued(200)), { clauses }).statementsMissing).toEqual([]);
    expect(answer(viewOf(issued(5)), { clauses })).toMatchObject({ outcome: 'recognised', statementsMissing: [] });
  });
});

describe('under three, and three and under', () => {
  const rule = (ageYears: { under?: number; upTo?: number }): Partial<RuleText> => ({
    clauses: [result, { id: 'e', kind: 'exempt', for: { ageYears } }],
  });
  it.each([
    [{ under: 3 }, 2, 'recognised'],
    [{ under: 3 }, 3, 'no_evidence'],
    [{ upTo: 3 }, 3, 'recognised'],
    [{ upTo: 3 }, 4, 'no_evidence'],
  ] as const)('%j, aged %i: %s', (ageYears, years, outcome) => {
    expect(answer(null, rule(ageYears), { ageYears: years }).outcome).toBe(outcome);
  });
  it('a newer positive refuses a child too', () => {
    expect(answer(viewOf(issued(5, { result: 'positive' })), rule({ under: 3 }), { ageYears: 2 }).reason).toBe(
      'newest_result_positive',
    );
  });
});

describe('registered elsewhere, and in transit', () => {
  const rule: Partial<RuleText> = {
    clauses: [result, { id: 'e', kind: 'exempt', for: { registeredOutside: ['4401', '4406'] } }],
  };
  it.each([
    [null, 'no_evidence', ['registeredIn']],
    ['44', 'no_evidence', ['registeredIn']],
    ['4401', 'no_evidence', []],
    ['440103', 'no_evidence', []],
    ['4408', 'recognised', []],
    ['43', 'recognised', []],
  ] as const)('an identity card from %s: %s', (registeredIn, outcome, statementsMissing) => {
    expect(answer(null, rule, { registeredIn })).toMatchObject({ outcome, statementsMissing });
  });
  it('a day trip is no transfer', () => {
    const transfer: Partial<RuleText> = {
      clauses: [result, { id: 'e', kind: 'exempt', for: { transferHoursAtMost: 24 } }],
    };
    expect(answer(null, transfer, { stayHours: 20 })).toMatchObject({
      outcome: 'no_evidence',
      statementsMissing: ['transferHours'],
    });
    expect(answer(null, transfer, { transferHours: 24 }).outcome).toBe('recognised');
    expect(answer(null, transfer, { transferHours: 25 }).outcome).toBe('no_evidence');
  });
});

describe('positives, indeterminates, recovery', () => {
  it('an indeterminate result refuses where the rule says so', () => {
    const view = viewOf(issued(20), issued(5, { result: 'indeterminate' }));
    expect(answer(view, {}).outcome).toBe('recognised');
    expect(answer(view, { indeterminate: 'refuses_until_later_negative' })).toMatchObject({
      outcome: 'not_recognised',
      reason: 'newest_result_indeterminate',
    });
  });
  it('a recovery lifts the positives until then, where the rule says so', () => {
    const view = viewOf(issued(40), issued(30, { result: 'positive' }));
    const recoveredOnDay = shanghaiDayOf(NOW_MS - 24 * HOUR_MS);
    expect(answer(view, {}, { recoveredOnDay }).reason).toBe('newest_result_positive');
    expect(answer(view, { recovery: 'lifts_earlier_positives' }, { recoveredOnDay }).outcome).toBe('recognised');
    expect(
      answer(viewOf(issued(5, { result: 'positive' })), { recovery: 'lifts_earlier_positives' }, { recoveredOnDay })
        .reason,
    ).toBe('newest_result_positive');
  });
});

describe('how long an answer may be relied on', () => {
  it('is what the rule says, and never past its next change', () => {
    expect(answer(viewOf(issued(5)), { freshnessBoundSeconds: 3_600 })).toMatchObject({
      askAgainBy: '2026-03-02T12:01:00+08:00',
      validUntil: '2026-03-04T07:00:00+08:00',
    });
    expect(answer(viewOf(issued(5)), {})).toMatchObject({
      nextChangeAt: '2026-03-02T12:00:29.001+08:00',
      askAgainBy: '2026-03-02T12:00:29.001+08:00',
    });
  });
  it('a source that passes its freshness bound may change a refusal, and only the last one a recognition', () => {
    const uneven = freshness({ '54': NOW_MS - 20_000 });
    const at = (view: PersonView | null): string | null =>
      ask(view, { snapshot: snapshot(view, { freshness: uneven }) }).nextChangeAt;
    expect(at(null)).toBe('2026-03-02T12:00:10.001+08:00');
    expect(at(viewOf(issued(5)))).toBe('2026-03-02T12:00:29.001+08:00');
  });
});
