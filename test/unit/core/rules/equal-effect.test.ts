/** That a result shown otherwise has equal effect: said where it is true, and nowhere else. */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import { at } from '#exercises/town/events.ts';
import { ask, inForce, ruleText, viewOf } from '#test/support/lookup.ts';
import { issued } from '#test/unit/core/answer/issued.ts';

describe('that what is shown otherwise has equal effect', () => {
  const RESULT = ruleText().clauses;
  const SAMPLING = {
    id: 'sampling',
    kind: 'sampling',
    from: 'all',
    window: { length: 24, unit: 'hours', end: 'inclusive' },
  } as const;
  const TESTS = {
    id: 'tests',
    kind: 'tests',
    methods: ['nucleic_acid'],
    from: 'all',
    countFrom: ['report_issued'],
    count: 2,
    window: { length: 48, unit: 'hours', end: 'inclusive' },
  } as const;
  const NO_VISIT = {
    id: 'no_visit',
    kind: 'no_visit',
    levels: ['high'],
    window: { length: 7, unit: 'calendar_days', end: 'inclusive' },
  } as const;
  const by = (...clauses: ClauseText[]) => inForce(ruleText({ clauses }));

  it.each([
    ['nothing on record', null, undefined],
    ['too old', viewOf(issued(60)), undefined],
    ['withdrawn', viewOf(issued(5, { status: 'retracted' })), undefined],
    ['one test of two', viewOf(issued(5)), by(TESTS)],
  ])('is said: %s', (_name, view, policy) => {
    const { equalEffect, sentence } = ask(view, policy === undefined ? {} : { policy });
    expect(equalEffect?.en).toContain('equal effect');
    expect(sentence.en).toContain(equalEffect?.en);
    expect(sentence.zh).toContain('具有同等效力');
  });
  it.each([
    ['a positive outweighs an earlier one, however it is shown', viewOf(issued(5, { result: 'positive' })), {}],
    [
      'another condition isn’t met',
      viewOf(issued(5)),
      {
        policy: by({ id: 'both', kind: 'all_of', of: [...RESULT, NO_VISIT] }),
        occasion: { ...NOTHING_STATED, visits: [{ place: '44', level: 'high', cameAtMs: null, leftAtMs: null }] },
      },
    ],
    ['the rule takes no results', viewOf(issued(60)), { policy: by({ id: 'doses', kind: 'vaccination', doses: 2 }) }],
    ['recognised', viewOf(issued(5)), {}],
  ] as const)('isn’t said where it is false: %s', (_name, view, given) => {
    const { equalEffect, sentence } = ask(view, given);
    expect(equalEffect).toBeNull();
    expect(sentence.zh).not.toContain('同等效力');
  });
  it('isn’t said of a moment before the notice', () => {
    const noticeMs = at('2022-07-29T00:00:00+08:00');
    expect(ask(null, { atMs: noticeMs }).equalEffect).not.toBeNull();
    expect(ask(null, { atMs: noticeMs - 1 }).equalEffect).toBeNull();
  });
  it('names the windows of results alone', () => {
    const policy = by({
      id: 'group',
      kind: 'all_of',
      of: [
        {
          id: 'either',
          kind: 'any_of',
          of: [...RESULT, SAMPLING, { id: 'under_3', kind: 'exempt', for: { ageYears: { under: 3 } } }],
        },
        NO_VISIT,
      ],
    });
    const { zh } = ask(null, { policy, occasion: { ...NOTHING_STATED, ageYears: 30, visits: [] } }).equalEffect ?? {
      zh: '',
    };
    expect(zh).toBe('通过其他渠道或以纸质方式出示的结果，符合以下时效的具有同等效力：自出具报告起48小时内的阴性结果。');
  });
});
