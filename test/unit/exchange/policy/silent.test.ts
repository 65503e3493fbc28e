/** What the provinces' files say is not known, held against the rules: no gap stays silent, and none is invented. */

import { describe, expect, it } from 'vitest';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { instantMs } from '#core/field/time.ts';
import { PURPOSES, type Scope } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { ProvinceText } from '#exchange/policy/schema/province.ts';
import { gapsWithoutRule, placesToAsk, silentOf, TOLD } from '#exchange/policy/silent.ts';
import { ruleText } from '#test/support/lookup.ts';
import { shippedBook, shippedPolicies } from '#test/support/policies.ts';

const said = { zh: '文', en: 'text' };
const kinds = { public_place: { bar: { zh: '酒吧', en: 'bars' }, gym: { zh: '健身房', en: 'gyms' } } };
const day = (date: string): string => `${date}T00:00+08:00`;
const own = (from: string, until: string | null, given: Partial<RuleText> = {}): RuleText =>
  ruleText({
    id: '43/own',
    province: '43',
    purposes: ['entry'],
    inForce: { from: day(from), until: until === null ? null : day(until) },
    ...given,
  });
/** The first and the last day that must be told of. */
const [FIRST, END] = ['2021-12-01', '2023-01-08'];
const none = (scope: Scope, from: string, until: string): ProvinceText['noneKnown'][number] => ({
  for: [scope],
  from: day(from),
  until: day(until),
  searched: [],
});

/** Of all purposes but those that a test is about nothing is known, and said so. */
function faults(
  rules: readonly RuleText[],
  purposes: readonly string[],
  ...noneKnown: ProvinceText['noneKnown']
): string[] {
  const others = PURPOSES.filter((one) => !purposes.includes(one)).map((one) => none(one, FIRST, END));
  const hunan: ProvinceText = { province: '43', searches: {}, noneKnown: [...noneKnown, ...others], note: said };
  return silentOf(hunan, rules, compilePolicyBook(rules, { kinds })).map(
    ({ pointer, detail }) => `${pointer} ${detail}`,
  );
}

describe('a gap', () => {
  const rules = [own('2022-03-01', '2022-09-01')];
  it('before the first own rule and after the last must be told', () => {
    expect(faults(rules, ['entry'])).toEqual([
      '/noneKnown says nothing of entry from 2021-12-01T00:00:00+08:00 until 2022-03-01T00:00:00+08:00, for which no ' +
        'rule is known',
      '/noneKnown says nothing of entry from 2022-09-01T00:00:00+08:00 until 2023-01-08T00:00:00+08:00, for which no ' +
        'rule is known',
    ]);
    const told = [none('entry', FIRST, '2022-03-01'), none('entry', '2022-09-01', END)];
    expect(faults(rules, ['entry'], ...told)).toEqual([]);
  });
  it('of a day between two versions was silent: a mistyped end was not seen', () => {
    const two = [own('2021-01-01', '2022-05-31'), own('2022-06-01', null, { version: 2 })];
    expect(faults(two, ['entry'])).toEqual([
      expect.stringContaining('from 2022-05-31T00:00:00+08:00 until 2022-06-01'),
    ]);
  });
  it('is none where a national rule stands in, though the province’s file may say that it has none', () => {
    const national = own('2021-01-01', null, { id: '00/national', province: '00' });
    expect(faults([national], ['entry'])).toEqual([]);
    expect(faults([national], ['entry'], none('entry', FIRST, END))).toEqual([]);
  });
  it('of a kind of place alone must be told for it', () => {
    const places = own('2021-01-01', null, { purposes: ['public_place'], except: ['public_place/bar'] });
    expect(faults([places], ['public_place'])).toEqual([expect.stringContaining('says nothing of public_place/bar')]);
    expect(faults([places], ['public_place'], none('public_place/bar', FIRST, END))).toEqual([]);
  });
  it('of the rest is told by its purpose, whatever a kind has', () => {
    const bars = own('2021-01-01', null, { purposes: ['public_place/bar'] });
    expect(faults([bars], ['public_place'], none('public_place', FIRST, END))).toEqual([]);
  });
});

describe('a gap in a place', () => {
  const city = own('2021-01-01', null, { place: ['4301'] });
  const told = (place: 'elsewhere' | string[], until = END): ProvinceText['noneKnown'][number] => ({
    ...none('entry', FIRST, until),
    place,
  });
  it('elsewhere than in the city that stands for the province was silent', () => {
    expect(faults([city], ['entry'])).toEqual([
      '/noneKnown says nothing of entry in 4399 from 2021-12-01T00:00:00+08:00 until 2023-01-08T00:00:00+08:00, for ' +
        'which no rule is known',
    ]);
    expect(faults([city], ['entry'], told('elsewhere'))).toEqual([]);
  });
  it('of a city beside the one that stands for it must be told for that city', () => {
    const other = own('2022-03-01', null, { id: '43/other', place: ['4302'] });
    const gaps = faults([city, other], ['entry'], told('elsewhere'));
    expect(gaps).toContainEqual(expect.stringContaining('says nothing of entry in 4302 from 2021-12-01'));
    const rest = [none('entry', FIRST, '2022-03-01')];
    expect(faults([other], ['entry'], ...rest, told('elsewhere'))).toEqual([]);
  });
  it('is told by what is said of the whole province', () => {
    const later = own('2022-03-01', null, { place: ['4301'] });
    expect(faults([later], ['entry'], none('entry', FIRST, '2022-03-01'), told('elsewhere'))).toEqual([]);
  });
  it('may not be told of a place that a rule judges', () => {
    expect(faults([city], ['entry'], told('elsewhere'), told(['4301'], '2022-02-01'))).toEqual([
      expect.stringContaining('/noneKnown/1 says that none is known for entry, and 43/own version 1 judges it'),
    ]);
  });
});

describe('what is said not to be known', () => {
  it('is judged by no own rule', () => {
    expect(faults([own('2022-03-01', null)], ['entry'], none('entry', FIRST, '2022-03-02'))).toEqual([
      '/noneKnown/0 says that none is known for entry, and 43/own version 1 judges it from 2022-03-01T00:00:00+08:00 ' +
        'until 2022-03-02T00:00:00+08:00',
    ]);
  });
  it('is judged by none for the kind that it names', () => {
    const places = own('2021-01-01', null, { purposes: ['public_place'], except: ['public_place/bar'] });
    const told = [none('public_place/bar', FIRST, END), none('public_place/gym', FIRST, '2022-02-01')];
    expect(faults([places], ['public_place'], ...told)).toEqual([expect.stringContaining('/noneKnown/1 ')]);
  });
  it('may rest on an unconfirmed rule', () => {
    const unconfirmed = own('2021-01-01', null, { confirmed: false });
    expect(faults([unconfirmed], ['entry'], none('entry', FIRST, END))).toEqual([]);
  });
});

it('in the rules that ship each day is judged, or told, wherever: gaps of 107 purposes were silent', async () => {
  const book = await shippedBook();
  const { provinces, rules } = await shippedPolicies();
  for (const { value } of provinces) {
    const own = rules.map(({ rule }) => rule).filter(({ province }) => province === value.province);
    for (const place of [null, ...placesToAsk(value.province, own)])
      for (const { scope, fromMs, untilMs } of gapsWithoutRule(book, value.province, place, TOLD)) {
        const [purpose, kind] = scope.split('/') as [(typeof PURPOSES)[number], string | undefined];
        for (const atMs of [fromMs, untilMs - 1]) {
          const found = book.searched.at(value.province, purpose, kind ?? null, atMs, place);
          expect([value.province, place, scope, found === null]).toEqual([value.province, place, scope, false]);
        }
      }
  }
});

it('of days before those that were searched nothing is on record: answers say so by themselves', async () => {
  const book = await shippedBook();
  for (const province of PROVINCE_CODES)
    for (const purpose of PURPOSES)
      for (const day of ['2020-03-01', '2020-12-31', '2021-06-10', '2021-11-30'])
        expect(book.searched.at(province, purpose, null, instantMs(`${day}T12:00+08:00`))).toBeNull();
});

it('from the end of the measures on nothing is without a rule, wherever it is', async () => {
  const book = await shippedBook();
  const after = { fromMs: TOLD.untilMs, untilMs: instantMs('2030-01-01T00:00+08:00') };
  for (const province of PROVINCE_CODES) expect(gapsWithoutRule(book, province, null, after)).toEqual([]);
});
