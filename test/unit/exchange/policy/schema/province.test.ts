/** What a province's file may not say otherwise than its rules do. */

import { describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import type { KindTable } from '#core/rules/kinds-text.ts';
import { PURPOSES } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { provinceFaults, type ProvinceText } from '#exchange/policy/schema/province.ts';
import { ruleText } from '#test/support/lookup.ts';

const KINDS: KindTable = { public_place: { bar: { zh: '酒吧', en: 'bars' } } };
const said = { zh: '文', en: 'text' };
const about = { from: '2022-01-01', to: '2022-11-30' };
const SEARCHES = {
  year: { where: said, when: '2026-11', about },
  words: { where: said, when: '2026-11', words: ['词'] },
};
const rule = (given: Partial<RuleText>): RuleText => ruleText({ id: '44/test', province: '44', ...given });
type NoneKnown = ProvinceText['noneKnown'][number];
const none = (given: Partial<NoneKnown> = {}): NoneKnown => ({
  for: ['entry'],
  from: '2022-01-01T00:00+08:00',
  until: '2022-12-01T00:00+08:00',
  searched: ['year', 'words'],
  ...given,
});

/** The faults of Guangdong's file alone, all others being there. */
function faults(given: Partial<ProvinceText>, ...rules: readonly RuleText[]): string[] {
  const provinces = PROVINCE_CODES.map((province) => ({
    file: `${province}-name/province.json`,
    value: { province, searches: SEARCHES, noneKnown: [], note: said, ...(province === '44' ? given : {}) },
  }));
  return provinceFaults(provinces, rules, KINDS).map(({ pointer }) => pointer);
}

describe('what no rule is known for', () => {
  const of = (...entries: readonly Partial<NoneKnown>[]): string[] => faults({ noneKnown: entries.map(none) });
  it('is told for days, each once', () => {
    expect(of({}, { from: '2022-12-01T00:00+08:00', until: '2023-01-01T00:00+08:00', searched: ['words'] })).toEqual(
      [],
    );
    expect(of({}, { for: ['hotel', 'entry'], from: '2022-11-30T23:59+08:00' })).toEqual(['/noneKnown/1']);
    expect(of({}, { for: ['hotel'] })).toEqual([]);
  });
  it.each([
    ['before its beginning', '2022-01-01T00:00+08:00'],
    ['on no day of the calendar', '2022-02-30T00:00+08:00'],
  ])('does not end %s', (_when, until) => {
    expect(of({ until })).toEqual(['/noneKnown/0/until']);
  });
  it('names kinds that the table has, and searches that the file has', () => {
    expect(of({ for: ['public_place/bar'] })).toEqual([]);
    expect(of({ for: ['entry', 'public_place/casino'] })).toEqual(['/noneKnown/0/for/1']);
    expect(of({ searched: ['words', 'year', 'another'] })).toEqual(['/noneKnown/0/searched/2']);
  });
  it('rests on no search that was not about all of its days; on none at all it may', () => {
    expect(of({ until: '2022-12-01T00:01+08:00' })).toEqual(['/noneKnown/0/searched/0']);
    expect(of({ from: '2021-12-31T23:59+08:00' })).toEqual(['/noneKnown/0/searched/0']);
    expect(of({ until: '2022-12-01T00:01+08:00', searched: ['words'] })).toEqual([]);
    expect(of({ until: '2022-12-01T00:01+08:00', searched: [] })).toEqual([]);
  });
  it('is told by a search of days that are in the calendar', () => {
    const searches = { ...SEARCHES, year: { ...SEARCHES.year, about: { from: '2022-02-30', to: '2022-11-30' } } };
    expect(faults({ searches, noneKnown: [none()] })).toEqual(['/noneKnown/0/searched/0']);
  });
});

describe('the city that stands for a province', () => {
  const city = (code: string): RuleText => rule({ id: `44/${code}`, purposes: PURPOSES, place: [code] });
  it('need not be named where there is one', () => {
    expect(faults({}, city('4403'))).toEqual([]);
  });
  it('must be named where there are several', () => {
    expect(faults({}, city('4403'), city('4401'))).toEqual(['/standsFor']);
    expect(faults({ standsFor: '4403' }, city('4403'), city('4401'))).toEqual([]);
  });
  it('may be several, in order', () => {
    expect(faults({ standsFor: ['4403', '4401'] }, city('4403'), city('4401'))).toEqual([]);
    expect(faults({ standsFor: ['4403', '4406'] }, city('4403'))).toEqual(['/standsFor/1']);
  });
  it('has a rule', () => {
    expect(faults({ standsFor: '4406' }, city('4403'))).toEqual(['/standsFor']);
  });
});
