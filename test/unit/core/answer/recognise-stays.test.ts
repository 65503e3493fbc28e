/**
 * Stays in risk areas, stated and on record: a rule that asks for none is met only where it's sure that there was none.
 */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { HOUR_MS, shanghaiDayOf } from '#core/field/time.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import { exposureRecorded } from '#exercises/town/events.ts';
import { ask, freshness, inForce, NOW_MS, ruleText, snapshot, viewOf } from '#test/support/lookup.ts';
import { answer, issued, result } from './occasion-answer.ts';

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
      { visits: [{ place: '510100', level: 'high', cameAtMs: null, leftAtMs: NOW_MS - 7 * 24 * HOUR_MS }] },
    );
    expect(refused).toMatchObject({ outcome: 'not_recognised', reason: 'condition_not_met', statementsMissing: [] });
    expect(
      answer(
        view,
        { clauses },
        { visits: [{ place: '510100', level: 'high', cameAtMs: null, leftAtMs: NOW_MS - 8 * 24 * HOUR_MS }] },
      ).outcome,
    ).toBe('recognised');
    expect(
      answer(view, { clauses }, { visits: [{ place: '510100', level: 'low', cameAtMs: null, leftAtMs: null }] })
        .outcome,
    ).toBe('recognised');
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
        { visits: [{ place: '620100', level: 'high', cameAtMs: null, leftAtMs: daysAgo(1) }] },
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
    const cut = { ...viewOf(issued(5)), exposuresCuts: [{ province: null, newestDay: shanghaiDayOf(daysAgo(60)) }] };
    it('because they were cut: nothing that turns on whether the person is still there is plain', () => {
      expect(answer(cut, { clauses }, { visits: [] })).toMatchObject({
        outcome: 'undetermined',
        reason: 'history_cut',
      });
      expect(answer({ ...staying({}), exposuresCuts: cut.exposuresCuts }, { clauses }, { visits: [] }).outcome).toBe(
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
