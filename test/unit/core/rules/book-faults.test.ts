/** What a set of rules may not say whenever it is in force: clauses that can never hold, and other contradictions. */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { faultsRuleByRule } from '#core/rules/book-faults.ts';
import { NO_KINDS } from '#core/rules/kinds-text.ts';
import type { DutyText, RuleText } from '#core/rules/rule-text.ts';
import type { ForText } from '#core/terms/for-text.ts';
import {
  after,
  dose,
  either,
  exempt,
  faults,
  noVisit,
  result,
  rule,
  sampling,
  tests,
  window,
} from './rules-at-notice.ts';

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

it('the faults of all rules in one piece would keep others waiting: each step looks at one rule', () => {
  const right = [rule([result]), rule([result], { id: '43/entry-other', confirmed: false })];
  expect([...faultsRuleByRule(right, NO_KINDS)]).toHaveLength(3 * right.length);
  const wrong = [...right, rule([exempt({ ageYears: { from: 10, under: 3 } })])];
  const looking = faultsRuleByRule(wrong, NO_KINDS);
  let step = looking.next();
  while (step.done !== true) step = looking.next();
  expect(step.value.map(({ index }) => index)).toContain(2);
});
