/**
 * *Honest about what it can't know*: data that is behind, unreadable or cut never lets a plain "no" stand, and a "yes"
 * only where nothing known speaks against it.
 */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import type { PersonEvent, TestReported } from '#core/events/events.ts';
import { HOUR_MS, shanghaiDayOf } from '#core/field/time.ts';
import type { PersonView } from '#core/view/view.ts';
import { samplingRecorded, testReported } from '#exercises/town/events.ts';
import { ask, freshness, inForce, NOW_MS, ruleText, snapshot, viewOf } from '#test/support/lookup.ts';

let count = 0;
function issued(hoursAgo: number, given: Partial<TestReported> = {}): TestReported {
  count += 1;
  return testReported({
    sampleId: `S${count}`,
    sampledAtMs: NOW_MS - (hoursAgo + 6) * HOUR_MS,
    reportIssuedAtMs: NOW_MS - hoursAgo * HOUR_MS,
    ...given,
  });
}

/** The answer while the data of Tibet is so old. */
const askBehind = (view: PersonView | null, throughMs: number | null, clauses?: readonly ClauseText[]) =>
  ask(view, {
    snapshot: snapshot(view, { freshness: freshness({ '54': throughMs }) }),
    ...(clauses === undefined ? {} : { policy: inForce(ruleText({ clauses })) }),
  });

const SAMPLING_DELTA: ClauseText = {
  id: 's',
  kind: 'sampling',
  from: ['31', '33'],
  window: { length: 24, unit: 'hours', end: 'inclusive' },
};

describe('a province that is behind', () => {
  it.each([
    ['exactly at the bound', NOW_MS - 30_000, 'no_evidence'],
    ['a second past it', NOW_MS - 31_000, 'undetermined'],
    ['never heard of', null, 'undetermined'],
    ['registered, and not begun', 0, 'undetermined'],
  ] as const)('%s', (_name, throughMs, outcome) => {
    expect(askBehind(null, throughMs).outcome).toBe(outcome);
  });
  it('is named with its age', () => {
    expect(askBehind(null, NOW_MS - 40 * 60_000)).toMatchObject({
      reason: 'province_behind',
      finding: 'nothing_on_record',
      provincesBehind: [
        {
          province: '54',
          name: { zh: '西藏自治区', en: 'Tibet' },
          watermark: '2026-03-02T11:20:00+08:00',
          behindBySeconds: 2_400,
        },
      ],
      dataAsOf: '2026-03-02T11:59:59+08:00',
      exchangeBehind: false,
    });
    expect(askBehind(null, null).provincesBehind).toMatchObject([{ watermark: null, behindBySeconds: null }]);
  });
  it.each([
    ['too old', [issued(60)], 'too_old'],
    ['positive', [issued(5, { result: 'positive' })], 'newest_result_positive'],
    ['indeterminate', [issued(5, { result: 'indeterminate' })], 'no_negative_result'],
  ] as const)('makes "%s" undetermined, with the evidence', (_name, events, finding) => {
    const answer = askBehind(viewOf(...events), null);
    expect(answer).toMatchObject({ outcome: 'undetermined', reason: 'province_behind', finding, validUntil: null });
    expect(answer.evidence).toHaveLength(1);
    expect(answer.equalEffect === null).toBe(finding !== 'too_old');
    expect(answer.sentence.en).toContain('data of Tibet is behind');
  });
  it('leaves recognised as it is, and is listed', () => {
    expect(askBehind(viewOf(issued(5)), null)).toMatchObject({
      outcome: 'recognised',
      provincesBehind: [{ province: '54' }],
    });
  });
  it('doesn’t matter where no clause takes its records', () => {
    expect(askBehind(null, null, [SAMPLING_DELTA]).outcome).toBe('no_evidence');
    const zhejiang = snapshot(null, { freshness: freshness({ '33': null }) });
    expect(ask(null, { snapshot: zhejiang, policy: inForce(ruleText({ clauses: [SAMPLING_DELTA] })) }).outcome).toBe(
      'undetermined',
    );
  });
  it('matters to a positive from anywhere', () => {
    expect(askBehind(viewOf(issued(5, { result: 'positive' })), null, [SAMPLING_DELTA]).outcome).toBe('undetermined');
  });
  it('is as far as its slowest instance', () => {
    const two = {
      ...freshness(),
      watermarks: [...freshness().watermarks, { province: '54', instance: '54-b', throughMs: NOW_MS - 60_000 }],
    } as const;
    expect(ask(null, { snapshot: snapshot(null, { freshness: two }) }).provincesBehind).toMatchObject([
      { province: '54', behindBySeconds: 60 },
    ]);
  });
});

describe('an exchange that is behind', () => {
  const all = Object.fromEntries(freshness().watermarks.map(({ province }) => [province, NOW_MS - 31_000]));
  it.each([
    ['all watermarks are old', { freshness: freshness(all) }],
    ['no position', { position: null }],
    [
      'nothing at all',
      {
        position: null,
        freshness: { watermarks: [], incompleteProvinces: [], withdrawals: [], acceptedUpToMs: 0, leaks: [] },
      },
    ],
  ])('%s: nothing is plainly recognised', (_name, given) => {
    const view = viewOf(issued(5));
    expect(ask(view, { snapshot: snapshot(view, given) })).toMatchObject({
      outcome: 'undetermined',
      reason: 'exchange_behind',
      finding: 'negative_result',
      validUntil: null,
      exchangeBehind: true,
      evidence: [{ result: 'negative' }],
    });
    expect(ask(null, { snapshot: snapshot(null, given) })).toMatchObject({
      outcome: 'undetermined',
      reason: 'exchange_behind',
    });
  });
});

describe('records that could not be read', () => {
  const unreadable = { ...viewOf(issued(60)), unreadable: [{ topic: 'tests', offset: 4, isSettled: false }] };
  it('of the person', () => {
    expect(ask(unreadable)).toMatchObject({
      outcome: 'undetermined',
      reason: 'record_incomplete',
      incomplete: { person: true },
    });
    const recognised = { ...viewOf(issued(5)), unreadable: unreadable.unreadable };
    const answer = ask(recognised);
    expect(answer).toMatchObject({ outcome: 'recognised', incomplete: { person: true } });
    expect(answer.sentence.en).toContain('could not be read');
  });
  it('of the person, cut from the list of those', () => {
    const cut = { ...viewOf(issued(60)), unreadableBounds: [{ topic: 'tests', settledThrough: -1, cutThrough: 3 }] };
    expect(ask(cut)).toMatchObject({
      outcome: 'undetermined',
      reason: 'record_incomplete',
      incomplete: { person: true },
    });
  });
  it('of the person, and are settled: the answer is plain again', () => {
    const settled = {
      ...viewOf(issued(60)),
      unreadable: [{ topic: 'tests', offset: 4, isSettled: true }],
      unreadableBounds: [{ topic: 'tests', settledThrough: 3, cutThrough: -1 }],
    };
    expect(ask(settled)).toMatchObject({ outcome: 'not_recognised', incomplete: { person: false } });
  });
  it.each([
    [['54'], { person: false, provinces: ['54'], unknownProvince: false }],
    [[null, '54'], { person: false, provinces: ['54'], unknownProvince: true }],
  ] as const)('of %j', (incompleteProvinces, incomplete) => {
    const given = { freshness: { ...freshness(), incompleteProvinces } };
    expect(ask(null, { snapshot: snapshot(null, given) })).toMatchObject({
      outcome: 'undetermined',
      reason: 'record_incomplete',
      incomplete,
    });
    const view = viewOf(issued(5));
    expect(ask(view, { snapshot: snapshot(view, given) })).toMatchObject({ outcome: 'recognised', incomplete });
  });
});

describe('a view that was cut', () => {
  const old = viewOf(issued(60));
  const cut = (issuedAtMaxMs: number, newestDay: number | null = 0) => [{ province: null, newestDay, issuedAtMaxMs }];
  it.each([
    ['before the window', { ...old, datedTestsCuts: cut(NOW_MS - 48 * HOUR_MS - 1_000) }, 'not_recognised'],
    ['at its start', { ...old, datedTestsCuts: cut(NOW_MS - 48 * HOUR_MS) }, 'undetermined'],
    ['inside it', { ...old, datedTestsCuts: cut(NOW_MS - HOUR_MS) }, 'undetermined'],
    [
      'among those without a day, before the window',
      { ...old, undatedTestsCuts: cut(NOW_MS - 49 * HOUR_MS, null) },
      'not_recognised',
    ],
    ['among those without a day, inside it', { ...old, undatedTestsCuts: cut(NOW_MS - HOUR_MS, null) }, 'undetermined'],
    [
      'among samplings, which this rule doesn’t count',
      { ...old, samplingsCuts: [{ province: null, newestDay: shanghaiDayOf(NOW_MS) }] },
      'not_recognised',
    ],
  ] as const)('%s: %s', (_name, view, outcome) => {
    expect(ask(view)).toMatchObject({ outcome, reason: outcome === 'undetermined' ? 'history_cut' : 'too_old' });
  });
  it('by the sampling day, where the rule counts from sampling', () => {
    const policy = inForce(
      ruleText({
        clauses: [
          {
            id: 'a',
            kind: 'result',
            methods: ['nucleic_acid'],
            from: 'all',
            countFrom: ['sampled'],
            window: { length: 48, unit: 'hours', end: 'inclusive' },
          },
        ],
      }),
    );
    const today = shanghaiDayOf(NOW_MS);
    expect(ask({ ...old, datedTestsCuts: cut(NOW_MS - HOUR_MS, today - 3) }, { policy }).outcome).toBe(
      'not_recognised',
    );
    expect(ask({ ...old, datedTestsCuts: cut(NOW_MS - HOUR_MS, today - 2) }, { policy }).outcome).toBe('undetermined');
    expect(ask({ ...old, undatedTestsCuts: cut(NOW_MS - HOUR_MS, null) }, { policy }).outcome).toBe('not_recognised');
  });
  it('among samplings, where the rule counts them', () => {
    const policy = inForce(ruleText({ clauses: [SAMPLING_DELTA] }));
    const today = shanghaiDayOf(NOW_MS);
    expect(ask({ ...old, samplingsCuts: [{ province: null, newestDay: today - 2 }] }, { policy }).outcome).toBe(
      'not_recognised',
    );
    expect(ask({ ...old, samplingsCuts: [{ province: null, newestDay: today - 1 }] }, { policy }).outcome).toBe(
      'undetermined',
    );
  });
  it('of what may hold a later negative than the positive', () => {
    const view = viewOf(issued(5, { result: 'positive' }));
    expect(ask({ ...view, datedTestsCuts: cut(NOW_MS - 5 * HOUR_MS) }).outcome).toBe('not_recognised');
    expect(ask({ ...view, datedTestsCuts: cut(NOW_MS - 4 * HOUR_MS) }).outcome).toBe('undetermined');
  });
  it('of what may hold a later positive than the negative', () => {
    const view = viewOf(issued(5));
    expect(ask({ ...view, datedTestsCuts: cut(NOW_MS - 6 * HOUR_MS) }).outcome).toBe('recognised');
    expect(ask({ ...view, undatedTestsCuts: cut(NOW_MS - 4 * HOUR_MS, null) })).toMatchObject({
      outcome: 'undetermined',
      reason: 'history_cut',
      finding: 'negative_result',
    });
    expect(
      ask(
        { ...view, datedTestsCuts: cut(NOW_MS - 4 * HOUR_MS) },
        { policy: inForce(ruleText({ positive: 'no_effect' })) },
      ).outcome,
    ).toBe('recognised');
  });
  it('by the merge itself, after more tests than are kept', () => {
    const daily: PersonEvent[] = Array.from({ length: 12 }, (_, day) => issued(60 + day * 24));
    expect(ask(viewOf(...daily)).outcome).toBe('not_recognised');
    expect(ask(viewOf(...daily), { atMs: NOW_MS - 11 * 24 * HOUR_MS })).toMatchObject({
      outcome: 'undetermined',
      reason: 'history_cut',
    });
    expect(
      ask(viewOf(...daily, samplingRecorded({ sampledAtMs: NOW_MS - HOUR_MS })), {
        policy: inForce(ruleText({ clauses: [{ ...SAMPLING_DELTA, from: 'all' }] })),
      }).outcome,
    ).toBe('recognised');
  });
});
