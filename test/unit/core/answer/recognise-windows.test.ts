/**
 * The windows as the announcements have them: the worked examples, and one second before, at and after each end.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, recognise } from '#core/answer/recognise.ts';
import type { PolicyBook } from '#core/book/policy-book.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import { PURPOSES, type Purpose } from '#core/rules/purpose.ts';
import type { WindowText } from '#core/terms/window-text.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { at, samplingRecorded, testReported } from '#exercises/town/events.ts';
import { ask, inForce, NOW_MS, ruleText, snapshot, viewOf } from '#test/support/lookup.ts';
import { shippedBook } from '#test/support/policies.ts';

let policies: PolicyBook;

beforeAll(async () => {
  policies = await shippedBook();
});

/** The answer by the rules that ship, on everything fresh. */
function answer(view: PersonView, destination: ProvinceCode, purpose: Purpose, atText: string): Answer {
  const atMs = at(atText);
  const policy = policies.select({ destination, purpose, kind: null, place: null }, atMs);
  return recognise({
    destination,
    purpose,
    codeBook: policies.codeBook,
    policy,
    snapshot: snapshot(view),
    presented: [],
    occasion: NOTHING_STATED,
    atMs,
    nowMs: NOW_MS,
  });
}

const result = (sampled: string | null, issued: string, tested: string | null = null) =>
  viewOf(
    testReported({
      sampledAtMs: sampled === null ? null : at(sampled),
      sampledAtPrecision: sampled === null ? null : 'minute',
      testedAtMs: tested === null ? null : at(tested),
      reportIssuedAtMs: at(issued),
    }),
  );

describe('Beijing, entry, winter 2021-22: 48 hours from the report', () => {
  const view = result('2021-11-19T09:00+08:00', '2021-11-19T21:00+08:00');
  it.each([
    ['2021-11-19T20:59:59+08:00', 'no_evidence'],
    ['2021-11-19T21:00:00+08:00', 'recognised'],
    ['2021-11-21T20:59:59+08:00', 'recognised'],
    ['2021-11-21T21:00:00+08:00', 'recognised'],
    ['2021-11-21T21:00:01+08:00', 'not_recognised'],
  ] as const)('at %s: %s', (time, outcome) => {
    expect(answer(view, '11', 'entry', time).outcome).toBe(outcome);
  });
  it('says until when', () => {
    expect(answer(view, '11', 'entry', '2021-11-20T12:00+08:00')).toMatchObject({
      validUntil: '2021-11-21T21:00:00+08:00',
      validUntilInclusive: true,
      rule: { id: '11/entry', clause: 'report_48h' },
    });
  });
});

describe('Beijing, public places, July 2022: calendar days from the sampling day', () => {
  it.each([
    [
      'sampled in the evening, reported before 06:00: the day before',
      '2022-07-09T22:00+08:00',
      '2022-07-10T03:00+08:00',
      '2022-07-10T12:00+08:00',
      1,
    ],
    [
      'sampled and reported before 06:00: taken as sampled the day before',
      '2022-07-10T01:00+08:00',
      '2022-07-10T05:59:59+08:00',
      '2022-07-10T12:00+08:00',
      1,
    ],
    [
      'reported at 06:00: the sampling day',
      '2022-07-10T01:00+08:00',
      '2022-07-10T06:00+08:00',
      '2022-07-10T12:00+08:00',
      0,
    ],
    [
      'the next day begins at midnight',
      '2022-07-10T08:00+08:00',
      '2022-07-10T20:00+08:00',
      '2022-07-11T00:00+08:00',
      1,
    ],
  ])('%s', (_name, sampled, issued, time, days) => {
    expect(answer(result(sampled, issued), '11', 'public_place', time).daysSinceTest).toBe(days);
  });
  it.each([
    [
      '2022-07-13T23:59:59+08:00',
      { outcome: 'recognised', validUntil: '2022-07-14T00:00:00+08:00', validUntilInclusive: false },
    ],
    ['2022-07-14T00:00:00+08:00', { outcome: 'not_recognised', validUntil: null }],
  ] as const)('sampled on the 10th, at %s', (time, expected) => {
    expect(
      answer(result('2022-07-10T08:00+08:00', '2022-07-11T09:00+08:00'), '11', 'public_place', time),
    ).toMatchObject(expected);
  });
});

describe('Shanghai, September 2022: 72 hours from the report, or a sampling record of the last 24', () => {
  it.each([
    ['2022-09-04T08:00:00+08:00', 'recognised'],
    ['2022-09-04T08:00:01+08:00', 'not_recognised'],
  ] as const)('a report of the 1st at 08:00, at %s: %s', (time, outcome) => {
    expect(answer(result('2022-08-30T08:00+08:00', '2022-09-01T08:00+08:00'), '31', 'public_place', time).outcome).toBe(
      outcome,
    );
  });
  it.each([
    ['33', '2022-09-02T08:00:00+08:00', 'recognised', 'sampling_record'],
    ['33', '2022-09-02T08:00:01+08:00', 'not_recognised', 'too_old'],
    ['43', '2022-09-01T09:00:00+08:00', 'not_recognised', 'not_accepted_here'],
  ] as const)('a sampling record of %s of the 1st at 08:00, at %s: %s', (province, time, outcome, reason) => {
    const view = viewOf(samplingRecorded({ province, sampledAtMs: at('2022-09-01T08:00+08:00') }));
    expect(answer(view, '31', 'public_place', time)).toMatchObject({ outcome, reason });
  });
});

describe('Guangdong, June 2022: from the test time that the code shows', () => {
  it.each([
    ['the test time', '2022-06-25T01:00+08:00', '2022-06-25T06:00+08:00', '2022-06-27T06:00:00+08:00'],
    ['the sampling, without a test time', '2022-06-25T01:00+08:00', null, '2022-06-27T01:00:00+08:00'],
    ['the report, without either', null, null, '2022-06-27T12:00:00+08:00'],
  ])('%s', (_name, sampled, tested, until) => {
    const view = result(sampled, '2022-06-25T12:00+08:00', tested);
    expect(answer(view, '44', 'public_place', '2022-06-25T13:00+08:00').validUntil).toBe(until);
  });
});

describe('after the national notice', () => {
  it('a test done elsewhere counts from the report everywhere', () => {
    const view = result('2022-10-05T08:00+08:00', '2022-10-14T20:00+08:00');
    const asked = [
      ...(['11', '31', '44', '54', '66'] as const).flatMap((province) =>
        (['entry', 'air'] as const).map((purpose) => [province, purpose] as const),
      ),
      ...(['11', '31', '44'] as const).flatMap((province) =>
        (['public_place', 'transport'] as const).map((purpose) => [province, purpose] as const),
      ),
    ];
    for (const [destination, purpose] of asked)
      expect(answer(view, destination, purpose, '2022-10-15T12:00+08:00')).toMatchObject({
        outcome: 'recognised',
        reason: 'negative_result',
        evidence: [{ province: '43' }],
      });
  });
  it('nothing is asked any more, of nobody and nowhere, since 8 January 2023', () => {
    for (const time of ['2023-01-08T00:00+08:00', '2026-03-02T12:00+08:00'])
      for (const destination of PROVINCE_CODES)
        for (const purpose of PURPOSES)
          expect(answer(EMPTY_VIEW, destination, purpose, time)).toMatchObject({
            outcome: 'recognised',
            reason: 'nothing_asked',
            mayGoIn: true,
            rule: { id: '00/nothing-asked', version: 2 },
          });
  });
  it('an answer holds no longer than its rule', () => {
    const view = result('2022-07-28T08:00+08:00', '2022-07-28T12:00+08:00');
    expect(answer(view, '31', 'public_place', '2022-07-28T13:00+08:00')).toMatchObject({
      outcome: 'recognised',
      validUntil: '2022-07-29T00:00:00+08:00',
      validUntilInclusive: false,
    });
  });
});

describe('ends', () => {
  const issuedAt = '2026-02-28T12:00:00+08:00';
  const windows: readonly (readonly [string, WindowText, string, string])[] = [
    ['48 hours inclusive', { length: 48, unit: 'hours', end: 'inclusive' }, '2026-03-02T12:00:00+08:00', 'recognised'],
    [
      '48 hours exclusive',
      { length: 48, unit: 'hours', end: 'exclusive' },
      '2026-03-02T12:00:00+08:00',
      'not_recognised',
    ],
    [
      '1 day inclusive, over the end of February',
      { length: 1, unit: 'calendar_days', end: 'inclusive' },
      '2026-03-02T00:00:00+08:00',
      'not_recognised',
    ],
    [
      '2 days exclusive, over the end of February',
      { length: 2, unit: 'calendar_days', end: 'exclusive' },
      '2026-03-02T00:00:00+08:00',
      'not_recognised',
    ],
  ];
  it.each(windows)('%s', (_name, window, end, outcome) => {
    const text = ruleText({
      clauses: [
        { id: 'a', kind: 'result', methods: ['nucleic_acid'], from: 'all', countFrom: ['report_issued'], window },
      ],
    });
    const view = viewOf(testReported({ sampledAtMs: at('2026-02-28T08:00+08:00'), reportIssuedAtMs: at(issuedAt) }));
    const outcomeAt = (atMs: number) => ask(view, { policy: inForce(text), atMs }).outcome;
    expect([outcomeAt(at(end) - 1_000), outcomeAt(at(end)), outcomeAt(at(end) + 1_000)]).toEqual([
      'recognised',
      outcome,
      'not_recognised',
    ]);
  });
  it('a date without a time counts from 00:00', () => {
    const text = ruleText({
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
    });
    const view = viewOf(
      testReported({
        sampledAtMs: at('2026-03-01'),
        sampledAtPrecision: 'day',
        reportIssuedAtMs: at('2026-03-01T20:00+08:00'),
      }),
    );
    expect(ask(view, { policy: inForce(text) })).toMatchObject({
      validUntil: '2026-03-03T00:00:00+08:00',
      evidence: [{ sampledAt: '2026-03-01' }],
    });
  });
});
