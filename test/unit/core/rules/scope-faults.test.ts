/** What a rule may not say of its scope: kinds, exceptions, places, and whose place it takes. */

import { describe, expect, it } from 'vitest';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import type { KindTable } from '#core/rules/kinds-text.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { ruleText } from '#test/support/lookup.ts';

const KINDS: KindTable = { public_place: { bar: { zh: '酒吧', en: 'bars' }, gym: { zh: '健身房', en: 'gyms' } } };
const own = (given: Partial<RuleText>): RuleText =>
  ruleText({ id: '44/places', province: '44', purposes: ['public_place'], ...given });
const pointersOf = (...texts: readonly RuleText[]): string[] =>
  faultsOfBook(texts, KINDS).map(({ pointer, index }) => `${index}${pointer}`);

describe('the scope of a rule', () => {
  it.each([
    ['a kind', { purposes: ['public_place/bar'] }],
    ['all kinds but one', { except: ['public_place/bar'] }],
    ['a city and a county', { place: ['4403', '440106'] }],
    [
      'what a state bars from',
      { states: [{ state: 'label', title: { zh: '标', en: 'label' }, bars: ['public_place/gym'] }] },
    ],
  ] as [string, Partial<RuleText>][])('may be %s', (_name, given) => {
    expect(pointersOf(own(given))).toEqual([]);
  });
  it.each([
    ['a kind that isn’t in the table', { purposes: ['public_place/casino'] }, '/purposes/0'],
    ['one that is another purpose’s', { purposes: ['hotel/bar'] }, '/purposes/0'],
    ['a name that every object has', { purposes: ['public_place/constructor'] }, '/purposes/0'],
    ['an exception that the table doesn’t name', { except: ['public_place/casino'] }, '/except/0'],
    ['an exception from nothing', { purposes: ['public_place/bar'], except: ['public_place/gym'] }, '/except/0'],
    ['what it leaves to others itself', { except: ['public_place'] }, '/purposes/0'],
    ['the whole province as its part', { place: ['44'] }, '/place/0'],
    ['a place elsewhere', { place: ['4301'] }, '/place/0'],
    ['whose place a province’s rule takes', { takesPlaceOf: 'provinces' }, '/takesPlaceOf'],
    ['what a province’s rule stands alongside', { standsAlongside: 'provinces' }, '/standsAlongside'],
    [
      'a state that bars from an unknown kind',
      { states: [{ state: 'label', title: { zh: '标', en: 'label' }, bars: ['public_place/casino'] }] },
      '/states/0/bars/0',
    ],
  ] as [string, Partial<RuleText>, string][])('may not be %s', (_name, given, pointer) => {
    expect(pointersOf(own(given))).toContain(`0${pointer}`);
  });
  it.each([
    ['for everybody', {}, '/clauses/0'],
    ['in the place of others too', { takesPlaceOf: 'provinces' }, '/standsAlongside'],
    ['with a state', { states: [{ state: 'star', title: { zh: '星', en: 'star' } }] }, '/standsAlongside'],
  ] as [string, Partial<RuleText>, string][])('may not stand alongside %s', (_name, given, pointer) => {
    const national = ruleText({ purposes: ['public_place'], standsAlongside: 'provinces', ...given });
    expect(pointersOf(national)).toContain(`0${pointer}`);
  });
  it('of a rule that stands alongside may be another national rule’s too, and its classes need no floor', () => {
    const [clause] = ruleText().clauses;
    const alongside = ruleText({
      id: '00/drivers',
      standsAlongside: 'provinces',
      classes: { driver: { zh: '司机', en: 'drivers' } },
      clauses: [{ ...(clause as RuleText['clauses'][number]), for: { class: 'driver' } }],
    });
    expect(pointersOf(ruleText(), alongside)).toEqual([]);
  });
  it('says which kinds there are, and where to add one', () => {
    expect(faultsOfBook([own({ purposes: ['public_place/casino'] })], KINDS)).toMatchObject([
      { mend: 'add it to 00-national/kinds.json, or use bar, gym' },
    ]);
  });
});

describe('two rules in force at once', () => {
  const other = (given: Partial<RuleText>): RuleText => own({ id: '44/others', ...given });
  it.each([
    ['one names a kind', {}, { purposes: ['public_place/bar'] }],
    ['one leaves out what the other names', { except: ['public_place/bar'] }, { purposes: ['public_place/bar'] }],
    ['one is a city’s', {}, { place: ['4403'] }],
    ['they are two cities’', { place: ['4401'] }, { place: ['4403'] }],
    ['one is a county’s of the other’s city', { place: ['4403'] }, { place: ['440303'] }],
  ] as [string, Partial<RuleText>, Partial<RuleText>][])('don’t clash where %s', (_name, a, b) => {
    expect(pointersOf(own(a), other(b))).toEqual([]);
  });
  it.each([
    ['both name the purpose', {}, {}],
    ['both name the same kind', { purposes: ['public_place/bar'] }, { purposes: ['hotel', 'public_place/bar'] }],
    ['both are the same city’s', { place: ['4403'] }, { place: ['4401', '4403'] }],
  ] as [string, Partial<RuleText>, Partial<RuleText>][])('clash where %s', (_name, a, b) => {
    expect(pointersOf(own(a), other(b))).toEqual(['1/inForce']);
  });
});
