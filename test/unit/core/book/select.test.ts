/** What judges a question: by kind of place, place, owner and instant the one rule that is nearest, or none. */

import { describe, expect, it } from 'vitest';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import { type Selected, rulesIn } from '#core/book/selected.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { at } from '#exercises/town/events.ts';
import { ruleText } from '#test/support/lookup.ts';

const KINDS = {
  public_place: { bar: { zh: '酒吧', en: 'bars' }, gym: { zh: '健身房', en: 'gyms' } },
  key_place: { nursing_home: { zh: '养老院', en: 'nursing homes' } },
  entry: { abroad: { zh: '自境外入境', en: 'from abroad', apart: true } },
};
const always = { from: '2022-01-01T00:00+08:00', until: null };
const own = (name: string, given: Partial<RuleText> = {}): RuleText =>
  ruleText({ id: `44/${name}`, province: '44', purposes: ['public_place'], inForce: always, ...given });
const national = (name: string, given: Partial<RuleText> = {}): RuleText =>
  own(name, { id: `00/${name}`, province: '00', ...given });

interface Stated {
  readonly kind?: string;
  readonly place?: string;
  readonly when?: string;
  readonly purpose?: Purpose;
  readonly destination?: ProvinceCode;
}
const NOON = '2022-10-01T12:00:00+08:00';

function select(texts: readonly RuleText[], stated: Stated = {}, ...standsFor: readonly string[]): Selected {
  const { kind = null, place = null, when = NOON, purpose = 'public_place', destination = '44' } = stated;
  const book = compilePolicyBook(texts, {
    kinds: KINDS,
    standsFor: new Map(standsFor.length === 0 ? [] : [['44', standsFor]]),
  });
  return book.select({ destination, purpose, kind, place }, at(when));
}
const namesOf = (...given: Parameters<typeof select>): string => {
  const selected = select(...given);
  if (selected.kinds !== undefined)
    return selected.kinds.map(({ kind, policy }) => `${kind ?? 'rest'} ${policy.rule?.id ?? 'none'}`).join(', ');
  return selected.rule?.id ?? 'none';
};

describe('of a province’s own rules', () => {
  const all = [
    own('bare'),
    own('bars', { purposes: ['public_place/bar'] }),
    own('city', { place: ['4403'] }),
    own('city-bars', { purposes: ['public_place/bar'], place: ['4403'] }),
    own('county', { place: ['440303'] }),
  ];
  it.each([
    [{ kind: 'bar', place: '4403' }, '44/city-bars'],
    [{ kind: 'gym', place: '4403' }, '44/city'],
    [{ kind: 'gym', place: '440303' }, '44/county'],
    [{ kind: 'gym', place: '440305' }, '44/city'],
    [{ kind: 'bar', place: '4401' }, '44/bars'],
    [{ kind: 'gym', place: '4401' }, '44/bare'],
  ])('%j: %s', (stated, id) => {
    expect(namesOf(all, stated, '4403')).toBe(id);
  });
  it('a kind comes before a place', () => {
    expect(
      namesOf([own('bars', { purposes: ['public_place/bar'] }), own('city', { place: ['4403'] })], { kind: 'bar' }),
    ).toBe('44/bars');
  });
});

describe('the place', () => {
  const shenzhen = own('shenzhen', { place: ['4403'] });
  const guangzhou = own('guangzhou', { place: ['4401'] });
  it('isn’t stated, or is as wide as the province: the city that stands for it', () => {
    for (const place of [undefined, '44'])
      expect(namesOf([shenzhen, guangzhou], place === undefined ? {} : { place }, '4403')).toBe('44/shenzhen');
  });
  it('isn’t stated: the only city that has a rule', () => {
    expect(namesOf([shenzhen])).toBe('44/shenzhen');
  });
  describe('isn’t stated, and several stand for the province', () => {
    const inForce = (from: string, until: string) => ({ from: `${from}T00:00+08:00`, until: `${until}T00:00+08:00` });
    const early = own('guangzhou', { place: ['4401'], inForce: inForce('2022-03-01', '2022-09-01') });
    const late = own('shenzhen', { place: ['4403'], inForce: inForce('2022-06-01', '2022-12-01') });
    const hotels = own('hotels', { place: ['4401'], purposes: ['hotel'] });
    const at12 = (day: string) => ({ when: `${day}T12:00:00+08:00` });
    it.each([
      ['2022-02-28', 'none'],
      ['2022-03-01', '44/guangzhou'],
      ['2022-06-01', '44/shenzhen'],
      ['2022-12-01', 'none'],
    ])('%s: the first that has a rule then, %s', (day, id) => {
      expect(namesOf([early, late, hotels], at12(day), '4403', '4401')).toBe(id);
    });
    it('has one for something else alone: the next one’s', () => {
      expect(namesOf([early, late, hotels], { purpose: 'hotel' }, '4403', '4401')).toBe('44/hotels');
    });
    it('the end of what is selected is when another city’s takes its place', () => {
      expect(select([early, late], at12('2022-03-01'), '4403', '4401')).toMatchObject({
        untilMs: at('2022-06-01T00:00:00+08:00'),
      });
    });
    it('has a rule for the purpose: another city’s for a kind of it isn’t mixed in', () => {
      const bars = own('bars', { purposes: ['public_place/bar'], place: ['4401'] });
      expect(namesOf([late, bars], { ...at12('2022-10-01'), kind: 'bar' }, '4403', '4401')).toBe('44/shenzhen');
      expect(namesOf([late, bars], { ...at12('2022-12-02'), kind: 'bar' }, '4403', '4401')).toBe('44/bars');
    });
    it('a rule of the whole province comes after theirs', () => {
      expect(namesOf([early, own('province')], at12('2022-03-01'), '4403', '4401')).toBe('44/guangzhou');
      expect(namesOf([early, own('province')], at12('2022-10-01'), '4403', '4401')).toBe('44/province');
    });
  });
  it('is another city: its own rule, not the one of the city that stands for the province', () => {
    expect(namesOf([shenzhen, guangzhou], { place: '440106' }, '4403')).toBe('44/guangzhou');
    expect(namesOf([shenzhen], { place: '4401' })).toBe('none');
    expect(namesOf([shenzhen, own('province', { purposes: ['public_place'] })], { place: '4401' })).toBe('44/province');
  });
});

describe('a national rule', () => {
  const stands = national('stands');
  const end = national('end', {
    purposes: ['public_place', 'key_place'],
    except: ['key_place/nursing_home'],
    inForce: { from: '2022-12-07T00:00+08:00', until: null },
    takesPlaceOf: 'provinces',
  });
  it('is what holds where a province has none', () => {
    expect(namesOf([stands, own('own')])).toBe('44/own');
    expect(namesOf([stands, own('own')], { destination: '43' })).toBe('00/stands');
    expect(namesOf([stands, own('own', { purposes: ['public_place/bar'] })])).toBe('bar 44/own, rest 00/stands');
  });
  it('takes the place of all provinces’ from its first instant on', () => {
    expect(namesOf([end, own('own')], { when: '2022-12-06T23:59:59+08:00' })).toBe('44/own');
    expect(namesOf([end, own('own')], { when: '2022-12-07T00:00:00+08:00' })).toBe('00/end');
  });
  it('leaves to them what it excepts', () => {
    const homes = own('homes', { purposes: ['key_place'] });
    const stated = { purpose: 'key_place', when: '2022-12-08T00:00:00+08:00' } as const;
    expect(namesOf([end, homes], { ...stated, kind: 'nursing_home' })).toBe('44/homes');
    expect(namesOf([end, homes], stated)).toBe('nursing_home 44/homes, rest 00/end');
    expect(namesOf([end], stated)).toBe('nursing_home none, rest 00/end');
  });
});

describe('no rule', () => {
  it('is known before any, and the instant is told from which one is', () => {
    const selected = select([own('own')], { when: '2021-06-01T00:00:00+08:00' });
    expect(selected).toMatchObject({ rule: null, untilMs: at('2022-01-01T00:00:00+08:00') });
  });
  it('is known after the last has ended, or between two', () => {
    const [first, second] = [
      own('own', { inForce: { from: '2022-01-01T00:00+08:00', until: '2022-02-01T00:00+08:00' } }),
      own('own', { version: 2, inForce: { from: '2022-03-01T00:00+08:00', until: '2022-04-01T00:00+08:00' } }),
    ];
    expect(select([first, second], { when: '2022-02-15T00:00:00+08:00' })).toMatchObject({
      rule: null,
      untilMs: at('2022-03-01T00:00:00+08:00'),
    });
    expect(select([first, second])).toMatchObject({ rule: null, untilMs: Number.POSITIVE_INFINITY });
  });
  it('is known of one that isn’t confirmed', () => {
    expect(namesOf([own('own', { confirmed: false })])).toBe('none');
  });
});

describe('kinds of place', () => {
  it('that all have the same rule are one', () => {
    const selected = select([own('own', { purposes: ['public_place', 'public_place/bar'] })]);
    expect(rulesIn(selected).map(({ rule }) => rule.id)).toEqual(['44/own']);
    expect(selected.kinds).toBeUndefined();
  });
  it('that differ are named in the order of the table, with what they are called', () => {
    const selected = select([own('gyms', { purposes: ['public_place/gym', 'public_place/bar'] })]);
    expect(selected).toMatchObject({
      kinds: [
        { kind: 'bar', title: { en: 'bars' } },
        { kind: 'gym' },
        { kind: null, title: null, policy: { rule: null } },
      ],
    });
  });
  describe('that have the same rule, another than the rest', () => {
    const policies = (given: Partial<RuleText>): readonly unknown[] => {
      const purposes = ['public_place/bar', 'public_place/gym'] as const;
      const { kinds = [] } = select([own('bare'), own('narrow', { purposes, ...given })]);
      return kinds.map(({ policy }) => policy);
    };
    it('have one and the same policy', () => {
      const [bar, gym, rest] = policies({});
      expect(bar).toBe(gym);
      expect(bar).not.toBe(rest);
    });
    it('have one each where a state bars from one of them alone', () => {
      const title = { zh: '红', en: 'red' };
      const [bar, gym] = policies({ states: [{ state: 'red', title, bars: ['public_place/bar'] }] });
      expect(bar).not.toBe(gym);
      expect(bar).toEqual(gym);
    });
  });
  it('the same until one of them gets a rule of its own are one until then', () => {
    const bars = own('bars', {
      purposes: ['public_place/bar'],
      inForce: { from: '2022-11-01T00:00+08:00', until: null },
    });
    expect(select([own('own'), bars])).toMatchObject({
      rule: { id: '44/own' },
      untilMs: at('2022-11-01T00:00:00+08:00'),
    });
    expect(select([own('own'), bars], { kind: 'gym' })).toMatchObject({ untilMs: Number.POSITIVE_INFINITY });
  });
});

describe('a kind that must be named to be meant', () => {
  const domestic = own('entry', { purposes: ['entry'] });
  const border = own('border', { purposes: ['entry/abroad'], place: ['4404'] });
  const asked = (stated: Stated, ...texts: RuleText[]) => namesOf(texts, { purpose: 'entry', ...stated });
  it('isn’t judged by a rule for the purpose, of the province’s or of the nation’s', () => {
    const everywhere = national('end', { purposes: ['entry'], takesPlaceOf: 'provinces' });
    expect(asked({ kind: 'abroad' }, domestic)).toBe('none');
    expect(asked({ kind: 'abroad' }, domestic, everywhere)).toBe('none');
    expect(asked({ kind: 'abroad', destination: '43' }, everywhere)).toBe('none');
  });
  it('is judged by the rule that names it, where that holds', () => {
    expect(asked({ kind: 'abroad', place: '440402' }, domestic, border)).toBe('44/border');
    expect(asked({ kind: 'abroad', place: '4401' }, domestic, border)).toBe('none');
    expect(asked({ kind: 'abroad' }, domestic, border)).toBe('44/border');
  });
  it('is not among those that a question without a kind may mean', () => {
    for (const place of [undefined, '4404', '4401'])
      expect(asked(place === undefined ? {} : { place }, domestic, border)).toBe('44/entry');
    expect(asked({}, border)).toBe('none');
  });
  it('stands apart also from what is for a class of person', () => {
    const drivers = national('drivers', {
      purposes: ['entry'],
      standsAlongside: 'provinces',
      classes: { driver: { zh: '司机', en: 'drivers' } },
    });
    const book = compilePolicyBook([domestic, border, drivers], { kinds: KINDS });
    const sought = { destination: '44', purpose: 'entry', place: '4404', classes: ['driver'] } as const;
    expect(book.select({ ...sought, kind: 'abroad' }, at(NOON)).alongside).toBeUndefined();
    expect(book.select({ ...sought, kind: null }, at(NOON)).alongside?.rules).toHaveLength(1);
  });
});
