/** Two windows on one result, moved anchors and consecutive days, a second before, at and after each boundary. */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import { testReported } from '#exercises/town/events.ts';
import { probesOf } from '#test/support/boundaries.ts';
import { decided, ms, report, result, sampled48 } from '#test/support/decided-at.ts';
import { ruleText } from '#test/support/lookup.ts';
import { naivelyRecognised } from '#test/support/naive-rule.ts';

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
