/**
 * The floor of 29 July 2022: what a rule in force from then on may not say, wherever in its clauses it says it.
 */

import { describe, expect, it } from 'vitest';
import { faultsOfBook } from '#core/book-faults.ts';
import type { ClauseText, ForText } from '#core/policy-clauses.ts';
import type { DutyText, RuleText } from '#core/policy.ts';
import { ruleText } from '#test/support/lookup.ts';

const window = { length: 48, unit: 'hours', end: 'inclusive' } as const;
const result: ClauseText = {
  id: 'r',
  kind: 'result',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
  window,
};
const sampling: ClauseText = { id: 's', kind: 'sampling', from: ['43'], window };
const tests: ClauseText = {
  id: 't',
  kind: 'tests',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
  count: 2,
  window,
};
const after = { from: '2022-07-29T00:00+08:00', until: null };
const before = { from: '2022-07-01T00:00+08:00', until: '2022-07-29T00:00+08:00' };

const rule = (clauses: readonly ClauseText[], given: Partial<RuleText> = {}): RuleText =>
  ruleText({ id: '43/entry', province: '43', purposes: ['entry'], inForce: after, clauses, ...given });
const faults = (...rules: readonly RuleText[]) =>
  faultsOfBook([ruleText(), ...rules]).map(({ index, pointer }) => [index, pointer]);

const idsOf = (clauses: readonly ClauseText[]): string => clauses.map(({ id }) => id).join('_');
const all = (...of: readonly ClauseText[]): ClauseText => ({ id: `all_${idsOf(of)}`, kind: 'all_of', of });
const either = (...of: readonly ClauseText[]): ClauseText => ({ id: `any_${idsOf(of)}`, kind: 'any_of', of });
const dose: ClauseText = { id: 'v', kind: 'vaccination', doses: 3 };
const exempt = (who: ForText, id = 'e'): ClauseText => ({ id, kind: 'exempt', for: who });
const noVisit: ClauseText = {
  id: 'n',
  kind: 'no_visit',
  levels: ['high'],
  window: { length: 7, unit: 'calendar_days', end: 'inclusive' },
};
const hour = { length: 1, unit: 'hours', end: 'exclusive' } as const;

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

describe('what can never hold', () => {
  const long = { length: 60, unit: 'calendar_days', end: 'inclusive' } as const;
  const days = (length: number) => ({ length, unit: 'calendar_days', end: 'inclusive' }) as const;
  it.each([
    ['no age of anybody', { ageYears: { from: 10, under: 3 } }, '/ageYears'],
    ['the age that another begins with', { ageYears: { from: 3, under: 3 } }, '/ageYears'],
    ['at least so old, and at most younger', { ageYears: { from: 60, upTo: 59 } }, '/ageYears'],
    ['a stay longer than at most', { stayHoursAtMost: 24, stayHoursMoreThan: 24 }, '/stayHoursMoreThan'],
    ['a place in no province', { place: ['999999'] }, '/place/0'],
    ['a place elsewhere, where the occasion never is', { place: ['4301', '4401'] }, '/place/1'],
    ['an identity document from nowhere', { registeredIn: ['43', '20'] }, '/registeredIn/1'],
    ['stays beyond the history kept', { visited: { window: long } }, '/visited/window/length'],
    ['stays that must be longer ago than history', { notVisited: { window: long } }, '/notVisited/window/length'],
    ['a stay in no province', { visited: { places: ['0101'], window: days(7) } }, '/visited/places/0'],
  ] as [string, ForText, string][])('for whom: %s', (_name, who, pointer) => {
    expect(faults(rule([result, exempt(who)]))).toContainEqual([1, `/clauses/1/for${pointer}`]);
    expect(faults(rule([result], { duties: [{ id: 'd', title: { zh: '检', en: 'test' }, for: who }] }))).toContainEqual(
      [1, `/duties/0/for${pointer}`],
    );
  });
  it.each([
    ['the youngest and oldest that there are', { ageYears: { from: 3, upTo: 3 } }],
    ['a place of the province', { place: ['43', '430103'] }],
    ['a document from Taiwan, Hong Kong, Macao, the Corps', { registeredIn: ['71', '81', '82', '66'] }],
    ['a stay of between two lengths', { stayHoursAtMost: 24, stayHoursMoreThan: 12 }],
    ['the whole history kept', { visited: { window: days(14) } }],
  ] as [string, ForText][])('can hold, for whom: %s', (_name, who) => {
    expect(faults(rule([result, exempt(who)]))).toEqual([]);
  });
  it.each([
    ['stays beyond the history kept', { ...noVisit, window: long }, '/window/length'],
    ['stays in no province', { ...noVisit, places: ['9999'] }, '/places/0'],
    ['a dose longer ago than its window', { ...dose, window: days(14), atLeastDaysAgo: 14 }, '/atLeastDaysAgo'],
    [
      'an exemption of everybody among others',
      either({ id: 'e', kind: 'exempt' }, { ...result, id: 'r2' }),
      '/of/0/for',
    ],
  ] as [string, ClauseText, string][])('a clause: %s', (_name, clause, pointer) => {
    expect(faults(rule([result, clause]))).toContainEqual([1, `/clauses/1${pointer}`]);
  });
  it('the Corps’ places are Xinjiang’s by their codes', () => {
    expect(faults(rule([result, exempt({ place: ['6590', '66'] })], { id: '66/entry', province: '66' }))).toEqual([]);
  });
  it.each([
    [
      'a year',
      { takes: 'results', landing: 'counted', spans: [{ count: 1, unit: 'days_of_stay', from: 1, to: 365 }] },
      '/spans/0/to',
    ],
    [
      'a span that ends before it begins',
      { takes: 'results', landing: 'counted', spans: [{ count: 1, unit: 'hours', from: 48, to: 24 }] },
      '/spans/0',
    ],
    [
      'tests too far apart',
      {
        takes: 'results',
        landing: 'counted',
        spans: [{ count: 3, unit: 'days_of_stay', from: 1, to: 3 }],
        apart: { atLeastHours: 48 },
      },
      '/spans/0',
    ],
    [
      'apart by more at least than at most',
      {
        takes: 'results',
        landing: 'counted',
        spans: [{ count: 2, unit: 'days_of_stay', from: 1, to: 3 }],
        apart: { atLeastHours: 24, atMostHours: 12 },
      },
      '/apart',
    ],
  ] as [string, NonNullable<DutyText['tests']>, string][])('a duty: %s', (_name, asked, pointer) => {
    expect(faults(rule([result], { duties: [{ id: 'd', title: { zh: '检', en: 'test' }, tests: asked }] }))).toEqual([
      [1, `/duties/0/tests${pointer}`],
    ]);
  });
});

describe('other faults', () => {
  it.each([
    [
      'a window longer than the history kept, in hours',
      [{ ...result, window: { ...window, length: 337 } }],
      {},
      '/clauses/0/window/length',
    ],
    [
      'in days',
      [{ ...result, window: { length: 15, unit: 'calendar_days', end: 'inclusive' } }],
      {},
      '/clauses/0/window/length',
    ],
    ['everybody exempt, and more asked', [result, { id: 'e', kind: 'exempt' }], {}, '/clauses/1/for'],
    ['a carry-over of nothing', [{ ...sampling, carriesOver: true }, tests], {}, '/clauses/0/carriesOver'],
    [
      'apart by more at least than at most',
      [{ ...tests, apart: { atLeastHours: 24, atMostHours: 12 } }],
      {},
      '/clauses/0/apart',
    ],
    ['unconfirmed sources alone', [result], { sources: [{ title: 'x', url: null, reliability: 'C' }] }, '/confirmed'],
    [
      'enforced before it begins',
      [result],
      { inForce: { ...after, enforcedFrom: '2022-07-29T00:00+08:00' } },
      '/inForce/enforcedFrom',
    ],
    ['a transition to nowhere', [result], { transition: { version: 1, reportsIssued: [] } }, '/transition/version'],
    [
      'a clause id that a state uses too',
      [result],
      { states: [{ state: 'yellow', title: { zh: '黄', en: 'yellow' }, unless: result }] },
      '/states/0/unless/id',
    ],
  ] as [string, ClauseText[], Partial<RuleText>, string][])('%s', (_name, clauses, given, pointer) => {
    expect(faults(rule(clauses, given))).toContainEqual([1, pointer]);
  });
  it('an unconfirmed rule is never in force, and clashes with nothing', () => {
    expect(faults(rule([result]), rule([result], { id: '43/entry-other', confirmed: false }))).toEqual([]);
  });
});
