/** What a province's file may not say otherwise than its rules do. */

import { describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import type { KindTable } from '#core/rules/kinds-text.ts';
import { PURPOSES } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { provinceFaults, type ProvinceText } from '#exchange/policy/schema/province.ts';
import { ruleText } from '#test/support/lookup.ts';

const KINDS: KindTable = { public_place: { bar: { zh: '酒吧', en: 'bars' }, gym: { zh: '健身房', en: 'gyms' } } };
const said = { zh: '文', en: 'text' };
const searched = { searched: said };
const rule = (given: Partial<RuleText>): RuleText => ruleText({ id: '44/test', province: '44', ...given });

/** The faults of Guangdong's file alone, all others being there with nothing known. */
function faults(given: Partial<ProvinceText>, ...rules: readonly RuleText[]): string[] {
  const all = Object.fromEntries(PURPOSES.map((purpose) => [purpose, searched]));
  const provinces = PROVINCE_CODES.map((province) => ({
    file: `${province}-name/province.json`,
    value: { province, noneKnown: all, note: said, ...(province === '44' ? given : {}) },
  }));
  return provinceFaults(provinces, rules, KINDS).map(({ pointer }) => pointer);
}
const without = (...purposes: readonly string[]): NonNullable<ProvinceText['noneKnown']> =>
  Object.fromEntries(PURPOSES.filter((one) => !purposes.includes(one)).map((one) => [one, searched]));

describe('what no rule is known for', () => {
  it('is each purpose that no rule of the province names', () => {
    expect(faults({ noneKnown: without('entry') }, rule({ purposes: ['entry'] }))).toEqual([]);
    expect(faults({ noneKnown: without('entry', 'hotel') }, rule({ purposes: ['entry'] }))).toEqual(['/noneKnown']);
  });
  it('is not what a rule names, whenever that is in force', () => {
    const past = { from: '2021-01-01T00:00+08:00', until: '2021-02-01T00:00+08:00' };
    expect(faults({ noneKnown: without() }, rule({ purposes: ['entry'], inForce: past }))).toEqual([
      '/noneKnown/entry',
    ]);
  });
  it('is also what rests on an unconfirmed rule alone', () => {
    expect(faults({ noneKnown: without() }, rule({ purposes: ['entry'], confirmed: false }))).toEqual([]);
  });
  it('is the rest of a purpose of which a rule names a kind', () => {
    const bars = rule({ purposes: ['public_place/bar'] });
    expect(faults({ noneKnown: without() }, bars)).toEqual([]);
    expect(faults({ noneKnown: without('public_place') }, bars)).toEqual(['/noneKnown']);
  });
  it('may be a kind that a rule leaves to others, and none that the table doesn’t name', () => {
    const places = rule({ purposes: ['public_place'], except: ['public_place/bar'] });
    const named = (kind: string) => ({ noneKnown: { ...without('public_place'), [`public_place/${kind}`]: searched } });
    expect(faults(named('bar'), places)).toEqual([]);
    expect(faults(named('gym'), places)).toEqual(['/noneKnown/public_place~1gym']);
    expect(faults(named('casino'), places)).toContain('/noneKnown/public_place~1casino');
  });
});

describe('the city that stands for a province', () => {
  const every = { purposes: PURPOSES, noneKnown: {} };
  const city = (code: string): RuleText => rule({ id: `44/${code}`, purposes: PURPOSES, place: [code] });
  it('need not be named where there is one', () => {
    expect(faults({ noneKnown: every.noneKnown }, city('4403'))).toEqual([]);
  });
  it('must be named where there are several', () => {
    expect(faults({ noneKnown: {} }, city('4403'), city('4401'))).toEqual(['/standsFor']);
    expect(faults({ noneKnown: {}, standsFor: '4403' }, city('4403'), city('4401'))).toEqual([]);
  });
  it('may be several, in order', () => {
    expect(faults({ noneKnown: {}, standsFor: ['4403', '4401'] }, city('4403'), city('4401'))).toEqual([]);
    expect(faults({ noneKnown: {}, standsFor: ['4403', '4406'] }, city('4403'))).toEqual(['/standsFor/1']);
  });
  it('has a rule', () => {
    expect(faults({ noneKnown: {}, standsFor: '4406' }, city('4403'))).toEqual(['/standsFor']);
  });
});
