/**
 * What announcements ask for and the first format couldn't say, each at one second before, at and after its boundaries,
 * against the second implementation; and what of it the national notice forbids.
 */

import { describe, expect, it } from 'vitest';
import { compileRule } from '#core/book/rule.ts';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { decide } from '#core/decision/decide.ts';
import type { PersonEvent } from '#core/events/events.ts';
import { NOTHING_STATED, type Occasion } from '#core/question/occasion.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { freshSnapshot } from '#exchange/policy/cases.ts';
import { at as instant, samplingRecorded, testReported, vaccinationAdministered } from '#exercises/town/events.ts';
import { probesOf, STARTS } from '#test/support/boundaries.ts';
import { ruleText } from '#test/support/lookup.ts';
import { naivelyRecognised } from '#test/support/naive-rule.ts';
import { boundaryOf, type Civil, isInside, later } from '#test/support/naive-time.ts';

const ms = (civil: Civil): number => instant(`${civil.replace(' ', 'T')}+08:00`);

function decided(
  rule: RuleText,
  events: readonly PersonEvent[],
  at: Civil,
  stated: Partial<Occasion> = {},
  older: readonly RuleText[] = [],
) {
  const atMs = ms(at);
  return decide({
    policy: { rule: compileRule(rule, older), untilMs: Number.POSITIVE_INFINITY },
    snapshot: freshSnapshot(events.reduce(merge, EMPTY_VIEW), atMs),
    presented: [],
    occasion: { ...NOTHING_STATED, ...stated },
    atMs,
    nowMs: atMs,
  });
}

const result = (given: Partial<Extract<ClauseText, { kind: 'result' }>>): ClauseText => ({
  id: 'r',
  kind: 'result',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
  window: { length: 24, unit: 'hours', end: 'inclusive' },
  ...given,
});
const sampled48 = { countFrom: ['sampled'] as const, window: { length: 48, unit: 'hours', end: 'inclusive' } as const };
const CLAUSES: readonly (readonly [string, ClauseText])[] = [
  ['a report of 24 hours, sampled within 48', result({ alsoWithin: [sampled48] })],
  [
    'sampled within 28 hours, reported within 24',
    result({ alsoWithin: [{ ...sampled48, window: { length: 28, unit: 'hours', end: 'exclusive' } }] }),
  ],
  [
    'sampled on the day before at the earliest',
    result({ alsoWithin: [{ ...sampled48, window: { length: 1, unit: 'calendar_days', end: 'inclusive' } }] }),
  ],
  [
    'sampled, else six hours before the report',
    result({ countFrom: ['sampled', { anchor: 'report_issued', minusHours: 6 }] }),
  ],
  [
    'both',
    result({ alsoWithin: [{ ...sampled48, countFrom: ['sampled', { anchor: 'report_issued', minusHours: 6 }] }] }),
  ],
  [
    'two tests, each within two windows',
    {
      ...result({ alsoWithin: [sampled48] }),
      kind: 'tests',
      count: 2,
      window: { length: 36, unit: 'hours', end: 'inclusive' },
    } as ClauseText,
  ],
  [
    'two tests on consecutive days',
    {
      ...result({}),
      kind: 'tests',
      count: 2,
      window: { length: 3, unit: 'calendar_days', end: 'inclusive' },
      apart: { onConsecutiveDays: true },
    } as ClauseText,
  ],
  [
    'three of them, ten hours apart',
    {
      ...result({}),
      kind: 'tests',
      count: 3,
      window: { length: 4, unit: 'calendar_days', end: 'inclusive' },
      apart: { onConsecutiveDays: true, atLeastHours: 10 },
    } as ClauseText,
  ],
];

describe('each at its boundaries', () => {
  it.each(CLAUSES)('%s', (_name, clause) => {
    const rule = ruleText({ clauses: [clause] });
    const seen = new Set<boolean>();
    for (const { history, at } of probesOf(clause)) {
      const expected = naivelyRecognised(rule, history, at);
      seen.add(expected);
      const events = history.results.map((one, index) =>
        testReported({
          sampleId: `T${index}`,
          reportIssuedAtMs: ms(one.issued),
          sampledAtMs: one.sampled === null ? null : ms(one.sampled),
          sampledAtPrecision: one.sampled === null ? null : 'second',
        }),
      );
      if ((decided(rule, events, at).outcome === 'recognised') !== expected)
        expect.fail(`at ${at}: expected ${expected ? '' : 'not '}recognised of ${JSON.stringify(history)}`);
    }
    expect(seen.size).toBe(2);
  });
});

const report = (sampled: string, issued: string, given: Partial<Parameters<typeof testReported>[0]> = {}) =>
  testReported({
    sampleId: sampled,
    sampledAtMs: ms(`${sampled}:00`),
    reportIssuedAtMs: ms(`${issued}:00`),
    ...given,
  });

describe('two windows on one certificate', () => {
  const rule = ruleText({ clauses: [result({ alsoWithin: [sampled48] })] });
  it('aren’t met by two papers, each good for one of them', () => {
    const at = '2022-06-10 12:00:00';
    const lateReport = report('2022-06-08 00:00', '2022-06-10 02:00');
    const earlyReport = report('2022-06-08 20:00', '2022-06-09 06:00');
    expect(decided(rule, [lateReport, earlyReport], at)).toMatchObject({
      outcome: 'not_recognised',
      reason: 'too_old',
    });
    const good = report('2022-06-09 20:00', '2022-06-10 02:00');
    expect(decided(rule, [lateReport, earlyReport, good], at).outcome).toBe('recognised');
  });
});

describe('doses and recovery', () => {
  it('recovered at most 180 days ago isn’t six months', () => {
    const clause: ClauseText = { id: 'e', kind: 'exempt', for: { recoveredWithinDays: 180 } };
    const stated = { recoveredOnDay: Math.floor((ms('2022-01-01 00:00:00') + 8 * 3_600_000) / 86_400_000) };
    const at = (civil: Civil) => decided(ruleText({ clauses: [clause] }), [], civil, stated).outcome;
    expect([at('2022-06-30 23:59:59'), at('2022-07-01 00:00:00')]).toEqual(['recognised', 'no_evidence']);
  });
  it.each(STARTS)('a dose counts from and for months, from %s', (given) => {
    for (const end of ['inclusive', 'exclusive'] as const) {
      const window = { length: 6, unit: 'calendar_months', end } as const;
      const clause: ClauseText = { id: 'v', kind: 'vaccination', doses: 1, window };
      const dose = vaccinationAdministered({ doseNumber: 1, givenAtMs: ms(given) });
      for (const seconds of [-1, 0, 1]) {
        const at = later(boundaryOf(window, given), seconds);
        expect(decided(ruleText({ clauses: [clause] }), [dose], at).outcome === 'recognised').toBe(
          isInside(window, given, at),
        );
      }
    }
    const window = { length: 6, unit: 'calendar_months', end: 'exclusive' } as const;
    const since: ClauseText = { id: 'v', kind: 'vaccination', doses: 1, atLeastMonthsAgo: 6 };
    const dose = vaccinationAdministered({ doseNumber: 1, givenAtMs: ms(given) });
    for (const seconds of [-1, 0, 1]) {
      const at = later(boundaryOf(window, given), seconds);
      expect(decided(ruleText({ clauses: [since] }), [dose], at).outcome === 'recognised').toBe(
        !isInside(window, given, at),
      );
    }
  });
});

describe('lorry drivers, as the Ministry of Transport announced on 18 April 2022', () => {
  const driver = { class: 'lorry_driver' };
  const rule = ruleText({
    classes: { lorry_driver: { zh: '货车司机', en: 'lorry drivers' } },
    clauses: [
      result({ id: 'hours_48', for: driver, window: { length: 48, unit: 'hours', end: 'inclusive' } }),
      {
        id: 'beyond',
        for: driver,
        kind: 'all_of',
        of: [
          { id: 'sample', kind: 'sampling', from: 'all', window: { length: 24, unit: 'hours', end: 'inclusive' } },
          result({ id: 'antigen', methods: ['antigen'] }),
        ],
      },
    ],
  });
  const at = '2022-04-20 12:00:00';
  const old = report('2022-04-18 04:00', '2022-04-18 11:59');
  const sample = samplingRecorded({ sampleId: 'S', sampledAtMs: ms('2022-04-20 11:30:00') });
  const antigen = report('2022-04-20 11:30', '2022-04-20 11:45', { method: 'antigen' });
  const ask = (events: readonly PersonEvent[], classes: Occasion['classes']) => decided(rule, events, at, { classes });
  it('pass by 48 hours, and beyond them by a sample and an antigen negative together', () => {
    expect(ask([report('2022-04-18 04:00', '2022-04-18 12:00')], ['lorry_driver']).clauseId).toBe('hours_48');
    expect(ask([old], ['lorry_driver']).outcome).toBe('not_recognised');
    expect(ask([old, sample], ['lorry_driver']).outcome).toBe('not_recognised');
    expect(ask([old, antigen], ['lorry_driver']).outcome).toBe('not_recognised');
    expect(ask([old, sample, antigen], ['pupil', 'lorry_driver']).clauseId).toBe('beyond');
  });
  it('have to claim it, and nobody else can', () => {
    expect(ask([sample, antigen], null)).toMatchObject({ outcome: 'not_recognised', missing: ['classes'] });
    expect(ask([sample, antigen], ['pupil'])).toMatchObject({ outcome: 'not_recognised', missing: [] });
    expect(ask([sample, antigen], []).outcome).toBe('not_recognised');
  });
  it('are called by the name that the rule gives', () => {
    expect(compileRule(rule).words).toMatchObject({
      zh: expect.stringContaining('属货车司机者：'),
      en: expect.stringContaining('for lorry drivers: '),
    });
  });
  it('must be named by the rule, and a name asked for', () => {
    const { classes: _, ...unnamed } = rule;
    const pointers = (text: RuleText) => faultsOfBook([text]).map(({ pointer }) => pointer);
    expect(pointers(unnamed)).toEqual(['/clauses/0/for/class', '/clauses/1/for/class']);
    expect(pointers({ ...rule, clauses: [result({ id: 'all' })] })).toEqual(['/classes/lorry_driver']);
  });
});

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

describe('what the notice of 29 July 2022 forbids', () => {
  const after = (clauses: readonly ClauseText[]) =>
    faultsOfBook([ruleText({ clauses: [...clauses], inForce: { from: '2022-07-29T00:00+08:00', until: null } })]).map(
      ({ pointer }) => pointer,
    );
  it('a second window from the sampling, and a substitute for report issue, wherever they stand', () => {
    const plain = result({ id: 'all' });
    expect(after([plain, result({ alsoWithin: [sampled48] })])).toEqual(['/clauses/1/alsoWithin/0/countFrom']);
    expect(after([plain, result({ countFrom: [{ anchor: 'report_issued', minusHours: 6 }] })])).toEqual([
      '/clauses/1/countFrom',
    ]);
    expect(after([result({ alsoWithin: [{ ...sampled48, countFrom: ['report_issued'] }] })])).not.toContain(
      '/clauses/0/alsoWithin',
    );
  });
  it('a class of person alone', () => {
    expect(after([result({ for: { class: 'lorry_driver' } })])).toContain('/clauses/0/for/class');
  });
});
