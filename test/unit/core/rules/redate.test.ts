/** Rules of a stated day put in force on another: moved by whole days, without an end, judged by their own dates. */

import { describe, expect, it } from 'vitest';
import { recognise } from '#core/answer/recognise.ts';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import { redate } from '#core/rules/redate.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { at, exposureRecorded, testReported } from '#exercises/town/events.ts';
import { freshness, ruleAt, ruleText, snapshot, viewOf } from '#test/support/lookup.ts';

const DAY_MS = 86_400_000;
const PUBLISHED_MS = at('2026-11-29T12:00:00+08:00');
const daysFrom = (day: string): number => (at('2026-11-29T00:00:00+08:00') - at(`${day}T00:00:00+08:00`)) / DAY_MS;
const own = (version: number, from: string, until: string | null, given: Partial<RuleText> = {}): RuleText =>
  ruleText({ id: '44/entry', province: '44', version, inForce: { from: `${from}T00:00+08:00`, until }, ...given });
const all = [
  own(1, '2022-06-01', '2022-09-01T00:00+08:00'),
  own(2, '2022-09-01', '2022-10-01T00:00+08:00'),
  own(3, '2022-10-01', null),
];
const asOf = (day: string) => ({ asOf: day, shiftedByDays: daysFrom(day) });

describe('rules as of a day', () => {
  const redated = asOf('2022-09-15');
  const book = compilePolicyBook(redate(all, redated, PUBLISHED_MS), { redated });
  it('are those that were in force then, and end with the next publication alone', () => {
    expect(ruleAt(book, '44', 'entry', PUBLISHED_MS)?.rule.version).toBe(2);
    expect(ruleAt(book, '44', 'entry', PUBLISHED_MS + 400 * DAY_MS)?.rule.version).toBe(2);
    expect(book.rules.map(({ version }) => version)).toEqual([1, 2]);
  });
  it('move all their instants by the same whole number of days', () => {
    const inForce = { from: '2022-09-14T06:00+08:00', until: null, enforcedFrom: '2022-09-16T06:00+08:00' };
    const reportsIssued = [{ from: '2022-09-13T00:00+08:00', until: '2022-09-13T06:00+08:00' }];
    const [, moved] = redate(
      [
        own(1, '2022-09-01', '2022-09-14T06:00+08:00'),
        own(2, '2022-09-14', null, { inForce, transition: { version: 1, reportsIssued } }),
      ],
      redated,
      PUBLISHED_MS,
    );
    expect(moved).toMatchObject({
      inForce: { from: '2026-11-28T06:00:00+08:00', until: null, enforcedFrom: '2026-11-30T06:00:00+08:00' },
      transition: { reportsIssued: [{ from: '2026-11-27T00:00:00+08:00', until: '2026-11-27T06:00:00+08:00' }] },
    });
  });
  it('are said to be re-dated in every answer, also where none is known', () => {
    for (const destination of ['44', '43'] as const) {
      const policy = book.select({ destination, purpose: 'entry', kind: null, place: null }, PUBLISHED_MS);
      const answer = recognise({
        destination,
        purpose: 'entry',
        codeBook: book.codeBook,
        policy,
        snapshot: snapshot(null, { freshness: freshness({}, PUBLISHED_MS) }),
        presented: [],
        occasion: NOTHING_STATED,
        atMs: PUBLISHED_MS,
        nowMs: PUBLISHED_MS,
        rulesSeen: { publishedAtMs: PUBLISHED_MS, outOfSightSinceMs: null, redated: book.redated },
      });
      expect(answer.sentence.en).toContain('The rules are those of 2022-09-15, re-dated.');
      expect(answer.rules.redated).toEqual(redated);
      if (answer.rule !== null) expect(answer.rule.redated).toEqual(redated);
    }
  });
});

describe('the national notice of 29 July 2022', () => {
  const window = { length: 7, unit: 'calendar_days', end: 'inclusive' } as const;
  const barring = own(1, '2022-06-01', null, {
    states: [
      {
        state: 'blue',
        title: { zh: '蓝码', en: 'blue' },
        bars: ['entry'],
        when: { id: 'there', kind: 'exempt', for: { visited: { levels: ['high'], window } } },
        // A state that turns on stays alone refuses at any date.
        unless: {
          id: 'tested_there',
          kind: 'result',
          methods: ['nucleic_acid'],
          from: ['65'],
          countFrom: ['report_issued'],
          window,
        },
      },
    ],
  });
  const view = viewOf(
    testReported({ reportIssuedAtMs: PUBLISHED_MS - 3_600_000, sampledAtMs: null }),
    exposureRecorded({
      riskArea: '460203',
      level: 'high',
      fromMs: PUBLISHED_MS - DAY_MS,
      toMs: PUBLISHED_MS - 7_200_000,
    }),
  );
  it.each([
    ['2022-07-28', 'not_recognised'],
    ['2022-07-29', 'recognised'],
  ])('is held against the original dates: as of %s, %s', (day, outcome) => {
    const redated = asOf(day);
    const book = compilePolicyBook(redate([barring], redated, PUBLISHED_MS), { redated });
    const answer = recognise({
      destination: '44',
      purpose: 'entry',
      codeBook: book.codeBook,
      policy: book.select({ destination: '44', purpose: 'entry', kind: null, place: null }, PUBLISHED_MS),
      snapshot: snapshot(view, { freshness: freshness({}, PUBLISHED_MS) }),
      presented: [],
      occasion: NOTHING_STATED,
      atMs: PUBLISHED_MS,
      nowMs: PUBLISHED_MS,
    });
    expect(answer).toMatchObject({ outcome, mayGoIn: false });
  });
});
