/**
 * The floor of 29 July 2022: what a rule in force from then on may not say, wherever in its clauses it says it.
 */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import { ruleText } from '#test/support/lookup.ts';
import {
  all,
  before,
  dose,
  either,
  exempt,
  faults,
  hour,
  noVisit,
  result,
  rule,
  sampling,
  tests,
  window,
} from './rules-at-notice.ts';

describe('after the notice a rule may have', () => {
  it.each([
    ['results counted from report issue, of all', [result]],
    ['a sampling record of the own province beside them', [result, sampling]],
    ['several tests', [tests]],
    ['several tests so far apart as the window is long', [{ ...tests, apart: { atLeastHours: 48 } }]],
    ['as many in as many hours', [{ ...tests, count: 5, window: { ...window, length: 4 } }]],
    ['stays in risk areas that turn away', [all(result, noVisit)]],
    [
      'a longer window for residents',
      [result, { ...result, id: 'own', for: { residence: 'resident' }, window: { ...window, length: 72 } }],
    ],
    [
      'a longer window with three doses',
      [result, all({ ...result, id: 'long', window: { ...window, length: 72 } }, dose)],
    ],
    [
      'a longer window with a local sampling record',
      [result, all({ ...result, id: 'long', window: { ...window, length: 72 } }, sampling)],
    ],
    ['exemptions', [result, exempt({ ageYears: { under: 3 } })]],
    [
      'a result within groups, for which something else stands in',
      [either(dose, all(noVisit, either(sampling, result)))],
    ],
    ['nothing asked of anybody', [{ id: 'e', kind: 'exempt' }]],
  ] as [string, ClauseText[]][])('%s', (_name, clauses) => {
    expect(faults(rule(clauses))).toEqual([]);
  });
});

describe('after the notice a rule may not', () => {
  it.each([
    ['count from sampling', [{ ...result, countFrom: ['sampled'] }], '/clauses/0/countFrom'],
    [
      'count from sampling, failing that from the report',
      [{ ...result, countFrom: ['sampled', 'report_issued'] }],
      '/clauses/0/countFrom',
    ],
    [
      'count from the day before a night report',
      [{ ...result, countFrom: ['day_before_night_report', 'report_issued'] }],
      '/clauses/0/countFrom',
    ],
    ['take own results only', [{ ...result, from: ['43'] }], '/clauses/0/from'],
    ['take own results only, within a group', [all({ ...tests, from: ['43'] }, result)], '/clauses/0/of/0/from'],
    [
      'give own results a longer window',
      [result, { ...result, id: 'own', from: ['43'], window: { ...window, length: 72 } }],
      '/clauses/1/from',
    ],
    ['ask for a local sampling record beside the result', [all(result, sampling)], '/clauses/0/of/1'],
    ['ask for a sampling record alone', [sampling], '/clauses/0'],
    ['recognise residents alone', [{ ...result, for: { residence: 'resident' } }], '/clauses/0/for'],
    // Each of these five passed once.
    [
      'exempt own residents of a result beside it, and so turn everybody else away',
      [all(result, exempt({ registeredIn: ['43'] }))],
      '/clauses/0/of/1/for',
    ],
    [
      'do so for two regions',
      [all(result, either(exempt({ registeredIn: ['43'] }), exempt({ registeredIn: ['44'] }, 'e2')))],
      '/clauses/0/of/1/of/0/for',
    ],
    ['do so by the arrival', [all(result, exempt({ arrivedWithin: hour }))], '/clauses/0/of/1/for'],
    ['exempt from results and ask for doses', [all({ id: 'e', kind: 'exempt' }, dose)], '/clauses/0/of/0/for'],
    ['take a method that nobody has', [{ ...result, methods: ['lhasa_pcr'] }], '/clauses/0/methods'],
    ['ask for doses beside the result', [all(result, dose)], '/clauses/0/of/1'],
    [
      'ask for tests that no window can hold',
      [{ ...tests, count: 5, window: hour, apart: { atLeastHours: 336 } }],
      '/clauses/0/window',
    ],
    // More of the kind.
    [
      'ask for tests that the window holds only late in the day',
      [{ ...tests, apart: { atLeastHours: 23 }, window: { length: 1, unit: 'calendar_days', end: 'exclusive' } }],
      '/clauses/0/window',
    ],
    [
      'ask for tests just too far apart',
      [{ ...tests, apart: { atLeastHours: 48 }, window: { ...window, end: 'exclusive' } }],
      '/clauses/0/window',
    ],
    [
      'ask for more tests than anybody is sampled for',
      [{ ...tests, count: 5, window: { ...hour, length: 4 } }],
      '/clauses/0/window',
    ],
    [
      'not count the landing test, and so ask for the arrival',
      [{ ...tests, landing: 'excluded' }],
      '/clauses/0/landing',
    ],
    ['take antigen results alone', [{ ...result, methods: ['antigen'] }], '/clauses/0/methods'],
    [
      'split everybody into groups that somebody who says nothing is in none of',
      [
        { ...result, for: { residence: 'resident' } },
        { ...result, id: 'v', for: { residence: 'visitor' } },
      ],
      '/clauses/0/for',
    ],
    ['ask for an age of at least nothing', [{ ...result, for: { ageYears: { from: 0 } } }], '/clauses/0/for'],
    [
      'ask that stays are ruled out by a statement',
      [{ ...result, for: { notVisited: { window: hour } } }],
      '/clauses/0/for',
    ],
    ['put the condition on the group', [{ ...all(result, noVisit), for: { commuter: true } }], '/clauses/0/for'],
    [
      'put it on the group of alternatives',
      [{ ...either(result, sampling), for: { commuter: true } }],
      '/clauses/0/for',
    ],
    ['put it on the stays', [all(result, { ...noVisit, for: { registeredIn: ['43'] } })], '/clauses/0/of/1/for'],
    [
      'hide doses beside stays',
      [all(result, either(all(noVisit, dose), exempt({ ageYears: { upTo: 150 } })))],
      '/clauses/0/of/1/of/0/of/1',
    ],
    ['exempt children, and recognise nobody else', [exempt({ ageYears: { under: 3 } })], '/clauses/0/for'],
    ['ask for doses alone', [dose], '/clauses/0'],
    [
      'ask for a field that the format doesn’t have yet',
      [{ ...result, takenSinceArrival: true } as ClauseText],
      '/clauses/0/takenSinceArrival',
    ],
  ] as [string, ClauseText[], string][])('%s', (_name, clauses, pointer) => {
    expect(faults(rule(clauses))).toContainEqual([1, pointer]);
  });
  it('and says what to mend in the alternative that is nearest to it', () => {
    const [fault] = faultsOfBook([
      ruleText(),
      rule([all({ ...sampling, id: 's2' }, dose), all(result, { ...dose, id: 'v2' })]),
    ]);
    expect(fault).toEqual({
      index: 1,
      pointer: '/clauses/1/of/1',
      detail:
        'asks for doses, and so turns away where none is found, and no alternative recognises everyone ' +
        'who holds a nucleic-acid negative, as the national notice of 29 July 2022 asks',
      mend: 'make it an alternative, and let a result clause without it recognise everybody',
    });
  });
});

describe('after the notice', () => {
  it('a rule that began before and lasts is held to it too', () => {
    expect(
      faults(rule([{ ...result, from: ['43'] }], { inForce: { ...before, until: '2022-07-29T00:00:01+08:00' } })),
    ).toEqual([[1, '/clauses/0/from']]);
  });
  it('nor may a transition keep what it forbids', () => {
    const old = rule([{ ...result, countFrom: ['sampled'] }], { inForce: before });
    const newer = rule([result], {
      version: 2,
      transition: { version: 1, reportsIssued: [{ from: '2022-07-28T00:00+08:00', until: '2022-07-29T00:00+08:00' }] },
    });
    expect(faults(old, newer)).toEqual([[2, '/transition']]);
  });
});

describe('before it', () => {
  it('all of that is history', () => {
    expect(faults(rule([{ ...result, countFrom: ['sampled'], from: ['43'] }], { inForce: before }))).toEqual([]);
  });
});
