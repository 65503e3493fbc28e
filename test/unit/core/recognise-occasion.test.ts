/**
 * What the caller states, and what isn't stated: privileges are granted only to who claims them, what concerns
 * everybody must be stated, and the answer says which.
 */

import { describe, expect, it } from 'vitest';
import { NOTHING_STATED, type Occasion } from '#core/occasion.ts';
import type { ClauseText } from '#core/policy-clauses.ts';
import type { RuleText } from '#core/policy.ts';
import type { Answer } from '#core/recognise.ts';
import { HOUR_MS, shanghaiDayOf } from '#core/time.ts';
import type { PersonView } from '#core/view.ts';
import { exposureRecorded, testReported } from '#test/support/events.ts';
import { ask, freshness, inForce, NOW_MS, ruleText, snapshot, viewOf } from '#test/support/lookup.ts';

const window = { length: 48, unit: 'hours', end: 'inclusive' } as const;
const result: ClauseText = {
  id: 'r',
  kind: 'result',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
  window,
};
const issued = (hoursAgo: number, given: Parameters<typeof testReported>[0] = {}) =>
  testReported({
    sampleId: `S${hoursAgo}`,
    sampledAtMs: NOW_MS - (hoursAgo + 6) * HOUR_MS,
    reportIssuedAtMs: NOW_MS - hoursAgo * HOUR_MS,
    ...given,
  });

function answer(view: PersonView | null, rule: Partial<RuleText>, occasion: Partial<Occasion> = {}): Answer {
  return ask(view, {
    policy: inForce(ruleText({ clauses: [result], ...rule })),
    occasion: { ...NOTHING_STATED, ...occasion },
  });
}

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

describe('stays in risk areas, asked of everybody', () => {
  const clauses: ClauseText[] = [
    {
      id: 'both',
      kind: 'all_of',
      of: [
        result,
        {
          id: 'n',
          kind: 'no_visit',
          levels: ['high', 'medium'],
          window: { length: 7, unit: 'calendar_days', end: 'inclusive' },
        },
      ],
    },
  ];
  const view = viewOf(issued(5));
  it('not stated: not settled, and says what to state', () => {
    expect(answer(view, { clauses })).toMatchObject({
      outcome: 'undetermined',
      reason: 'statement_missing',
      statementsMissing: ['visits'],
    });
  });
  it('none: recognised by both', () => {
    expect(answer(view, { clauses }, { visits: [] })).toMatchObject({
      outcome: 'recognised',
      rule: { clause: 'both' },
    });
  });
  it('too recent: refused until it is long enough ago', () => {
    const refused = answer(
      view,
      { clauses },
      { visits: [{ place: '510100', level: 'high', leftAtMs: NOW_MS - 7 * 24 * HOUR_MS }] },
    );
    expect(refused).toMatchObject({ outcome: 'not_recognised', reason: 'condition_not_met', statementsMissing: [] });
    expect(
      answer(view, { clauses }, { visits: [{ place: '510100', level: 'high', leftAtMs: NOW_MS - 8 * 24 * HOUR_MS }] })
        .outcome,
    ).toBe('recognised');
    expect(answer(view, { clauses }, { visits: [{ place: '510100', level: 'low', leftAtMs: null }] }).outcome).toBe(
      'recognised',
    );
  });
  it('nothing stated and no result either: plainly no', () => {
    expect(answer(null, { clauses }).outcome).toBe('no_evidence');
  });
});

describe('stays on record', () => {
  const high = { levels: ['high', 'medium'], window: { length: 7, unit: 'calendar_days', end: 'inclusive' } } as const;
  const none: ClauseText = { id: 'n', kind: 'no_visit', ...high };
  const clauses: ClauseText[] = [{ id: 'both', kind: 'all_of', of: [result, none] }];
  const daysAgo = (days: number): number => NOW_MS - days * 24 * HOUR_MS;
  const stay = (given: Parameters<typeof exposureRecorded>[0] = {}) =>
    exposureRecorded({ fromMs: daysAgo(4), toMs: daysAgo(3), riskArea: '510107', ...given });
  const staying = (...stays: readonly Parameters<typeof stay>[0][]) =>
    viewOf(issued(5), ...stays.map((one, index) => stay({ exposureId: `E${index}`, ...one })));

  it('refuse without any statement, and against one', () => {
    for (const occasion of [{}, { visits: [] }])
      expect(answer(staying({}), { clauses }, occasion)).toMatchObject({
        outcome: 'not_recognised',
        reason: 'condition_not_met',
        statementsMissing: [],
      });
  });
  it('that don’t match prove nothing of others: that there were none must still be stated', () => {
    for (const other of [
      { level: 'low' },
      { fromMs: daysAgo(9), toMs: daysAgo(8) },
      { status: 'retracted' as const },
    ]) {
      expect(answer(staying(other), { clauses })).toMatchObject({
        outcome: 'undetermined',
        reason: 'statement_missing',
        statementsMissing: ['visits'],
      });
      expect(answer(staying(other), { clauses }, { visits: [] }).outcome).toBe('recognised');
    }
  });
  it('are looked at beside those that are stated', () => {
    expect(
      answer(
        staying({ level: 'low' }),
        { clauses },
        { visits: [{ place: '620100', level: 'high', leftAtMs: daysAgo(1) }] },
      ).outcome,
    ).toBe('not_recognised');
  });
  it('refuse to the last second, counted from leaving; without an end for as long as none is recorded', () => {
    const view = staying({});
    const freed = '2026-03-07T00:00:00+08:00';
    expect(answer(view, { clauses, freshnessBoundSeconds: 3_600_000 }).nextChangeAt).toBe(
      '2026-03-04T07:00:00.001+08:00',
    );
    expect(answer(viewOf(stay({}), issued(-24 * 4)), { clauses: [none] }, { visits: [] }).outcome).toBe('no_evidence');
    const policy = inForce(ruleText({ clauses: [none], freshnessBoundSeconds: 3_600_000 }));
    const asked = (atMs: number, given: Parameters<typeof stay>[0] = {}) =>
      ask(viewOf(stay(given)), { policy, occasion: { ...NOTHING_STATED, visits: [] }, atMs });
    expect(asked(NOW_MS).nextChangeAt).toBe(freed);
    expect(asked(Date.parse(freed) - 1).outcome).toBe('no_evidence');
    expect(asked(Date.parse(freed))).toMatchObject({ outcome: 'recognised', reason: 'condition_met' });
    expect(asked(daysAgo(-300), { toMs: null }).outcome).toBe('no_evidence');
  });
  it('that begin after the instant end a recognition about the past', () => {
    const beforeMs = daysAgo(5);
    expect(
      ask(viewOf(stay()), {
        policy: inForce(ruleText({ clauses: [none] })),
        occasion: { ...NOTHING_STATED, visits: [] },
        atMs: beforeMs,
      }),
    ).toMatchObject({
      outcome: 'recognised',
      validUntil: '2026-02-26T12:00:00+08:00',
      nextChangeAt: '2026-02-26T12:00:00+08:00',
    });
  });
  it('grant what is for people who were there, without a statement', () => {
    expect(answer(staying({}), { clauses: [{ id: 'e', kind: 'exempt', for: { visited: high } }] })).toMatchObject({
      outcome: 'recognised',
      rule: { clause: 'e' },
    });
  });
  it('bring duties along', () => {
    const duties = [{ id: 'd', title: { zh: '检', en: 'test' }, for: { visited: high } }];
    expect(answer(staying({}), { duties }).duties).toMatchObject([{ id: 'd', certain: true }]);
    expect(answer(staying({ level: 'low' }), { duties }).duties).toMatchObject([{ id: 'd', certain: false }]);
  });

  describe('whose area or level a rule doesn’t know', () => {
    const inGuangdong: ClauseText[] = [
      { id: 'both', kind: 'all_of', of: [result, { ...none, places: ['4401', '4406'] }] },
    ];
    it.each([
      ['a street in it', '440103001', 'high', 'not_recognised'],
      ['another prefecture', '440300', 'high', 'recognised'],
      ['the province around it', '44', 'high', 'undetermined'],
      ['a name', '广州南站', 'high', 'undetermined'],
      ['a name, of a level that isn’t asked for', '广州南站', 'low', 'recognised'],
      ['a level of another name', '440103', 'locked_down', 'undetermined'],
    ] as const)('%s (%s, %s): %s', (_what, riskArea, level, outcome) => {
      const told = answer(staying({ riskArea, level }), { clauses: inGuangdong }, { visits: [] });
      expect(told.outcome).toBe(outcome);
      if (outcome === 'undetermined')
        expect([told.reason, told.sentence.en]).toEqual([
          'stay_unclear',
          expect.stringContaining('whose place or level can’t be held against this rule'),
        ]);
    });
    it('leaves the better clause unsure, and another one sure', () => {
      const both: ClauseText[] = [
        { id: 'e', kind: 'exempt', for: { notVisited: { ...high, places: ['4401'] } } },
        result,
      ];
      expect(answer(staying({ riskArea: '广州南站' }), { clauses: both }, { visits: [] })).toMatchObject({
        outcome: 'recognised',
        rule: { clause: 'r' },
      });
    });
    it('could grant something: no plain no', () => {
      expect(
        answer(viewOf(stay({ riskArea: '广州南站' })), {
          clauses: [{ id: 'e', kind: 'exempt', for: { visited: { ...high, places: ['4401'] } } }],
        }),
      ).toMatchObject({ outcome: 'undetermined', reason: 'stay_unclear' });
    });
  });

  describe('that can’t be seen', () => {
    const cut = { ...viewOf(issued(5)), exposuresCut: { newestDay: shanghaiDayOf(daysAgo(60)) } };
    it('because they were cut: nothing that turns on whether the person is still there is plain', () => {
      expect(answer(cut, { clauses }, { visits: [] })).toMatchObject({
        outcome: 'undetermined',
        reason: 'history_cut',
      });
      expect(answer({ ...staying({}), exposuresCut: cut.exposuresCut }, { clauses }, { visits: [] }).outcome).toBe(
        'not_recognised',
      );
      expect(answer(cut, {}).outcome).toBe('recognised');
      expect(answer(cut, { clauses: [{ id: 'e', kind: 'exempt', for: { visited: high } }] })).toMatchObject({
        outcome: 'undetermined',
        reason: 'history_cut',
      });
    });
    it('because a province is behind: as a positive there, they don’t take a recognition away', () => {
      const behind = snapshot(viewOf(issued(5)), { freshness: freshness({ '63': null }) });
      expect(
        ask(null, {
          snapshot: behind,
          policy: inForce(ruleText({ clauses })),
          occasion: { ...NOTHING_STATED, visits: [] },
        }),
      ).toMatchObject({ outcome: 'recognised', provincesBehind: [{ province: '63' }] });
    });
    it('or whose retraction can’t be seen: no plain no while who recorded them is behind', () => {
      const only43: ClauseText[] = [{ id: 'both', kind: 'all_of', of: [{ ...result, from: ['43'] }, none] }];
      const asked = (province: '51' | '52') =>
        ask(null, {
          snapshot: snapshot(staying({ province: '51' }), { freshness: freshness({ [province]: null }) }),
          policy: inForce(ruleText({ clauses: only43 })),
        });
      expect(asked('51')).toMatchObject({ outcome: 'undetermined', reason: 'province_behind' });
      expect(asked('52').outcome).toBe('not_recognised');
    });
    it('or that would grant something: no plain no while anybody is behind', () => {
      const granting: ClauseText[] = [
        { ...result, from: ['43'] },
        { id: 'e', kind: 'exempt', for: { visited: high } },
      ];
      const asked = (clause: ClauseText[]) =>
        ask(null, {
          snapshot: snapshot(null, { freshness: freshness({ '52': null }) }),
          policy: inForce(ruleText({ clauses: clause })),
        }).outcome;
      expect([asked(granting), asked(granting.slice(0, 1))]).toEqual(['undetermined', 'no_evidence']);
    });
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
