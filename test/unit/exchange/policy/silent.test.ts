/** What the provinces' files say is not known, held against the rules: no gap stays silent, and none is invented. */

import { describe, expect, it } from 'vitest';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import { PURPOSES, type Scope } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { ProvinceText } from '#exchange/policy/schema/province.ts';
import { gapsWithoutRule, silentIn } from '#exchange/policy/silent.ts';
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
  const others = PURPOSES.filter((one) => !purposes.includes(one)).map((one) => none(one, '2022-01-01', '2023-01-01'));
  const hunan: ProvinceText = { province: '43', searches: {}, noneKnown: [...noneKnown, ...others], note: said };
  return silentIn([hunan], compilePolicyBook(rules, { kinds })).map(({ pointer, detail }) => `${pointer} ${detail}`);
}

describe('a gap', () => {
  const rules = [own('2022-03-01', '2022-09-01')];
  it('before the first own rule and after the last must be told', () => {
    expect(faults(rules, ['entry'])).toEqual([
      '/noneKnown says nothing of entry from 2022-01-01T00:00:00+08:00 until 2022-03-01T00:00:00+08:00, for which no ' +
        'rule is known',
      '/noneKnown says nothing of entry from 2022-09-01T00:00:00+08:00 until 2023-01-01T00:00:00+08:00, for which no ' +
        'rule is known',
    ]);
    const told = [none('entry', '2022-01-01', '2022-03-01'), none('entry', '2022-09-01', '2023-01-01')];
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
    expect(faults([national], ['entry'], none('entry', '2022-01-01', '2023-01-01'))).toEqual([]);
  });
  it('of a kind of place alone must be told for it', () => {
    const places = own('2021-01-01', null, { purposes: ['public_place'], except: ['public_place/bar'] });
    expect(faults([places], ['public_place'])).toEqual([expect.stringContaining('says nothing of public_place/bar')]);
    expect(faults([places], ['public_place'], none('public_place/bar', '2022-01-01', '2023-01-01'))).toEqual([]);
  });
  it('of the rest is told by its purpose, whatever a kind has', () => {
    const bars = own('2021-01-01', null, { purposes: ['public_place/bar'] });
    expect(faults([bars], ['public_place'], none('public_place', '2022-01-01', '2023-01-01'))).toEqual([]);
  });
});

describe('what is said not to be known', () => {
  it('is judged by no own rule', () => {
    expect(faults([own('2022-03-01', null)], ['entry'], none('entry', '2022-01-01', '2022-03-02'))).toEqual([
      '/noneKnown/0 says that none is known for entry, and 43/own version 1 judges it from 2022-03-01T00:00:00+08:00 ' +
        'until 2022-03-02T00:00:00+08:00',
    ]);
  });
  it('is judged by none for the kind that it names', () => {
    const places = own('2021-01-01', null, { purposes: ['public_place'], except: ['public_place/bar'] });
    const told = [
      none('public_place/bar', '2022-01-01', '2023-01-01'),
      none('public_place/gym', '2022-01-01', '2022-02-01'),
    ];
    expect(faults([places], ['public_place'], ...told)).toEqual([expect.stringContaining('/noneKnown/1 ')]);
  });
  it('may rest on an unconfirmed rule', () => {
    const unconfirmed = own('2021-01-01', null, { confirmed: false });
    expect(faults([unconfirmed], ['entry'], none('entry', '2022-01-01', '2023-01-01'))).toEqual([]);
  });
});

it('in the rules that ship each day of 2022 is judged, or told: gaps of 107 purposes were silent', async () => {
  const book = await shippedBook();
  const { provinces } = await shippedPolicies();
  for (const { value } of provinces)
    for (const { scope, fromMs, untilMs } of gapsWithoutRule(book, value.province)) {
      const [purpose, kind] = scope.split('/') as [(typeof PURPOSES)[number], string | undefined];
      for (const atMs of [fromMs, untilMs - 1]) {
        const found = book.searched.at(value.province, purpose, kind ?? null, atMs);
        expect([value.province, scope, found === null]).toEqual([value.province, scope, false]);
      }
    }
});
