/** What was searched where no rule is known: by place within a purpose and by day, also where rules are re-dated. */

import { describe, expect, it } from 'vitest';
import { compileSearches, type NoneFound } from '#core/book/searched.ts';
import { at } from '#exercises/town/events.ts';

const DAY_MS = 86_400_000;
const search = { where: { zh: '文', en: 'text' }, when: '2026-11', about: null, words: ['词'] };
const found = (given: Partial<NoneFound> = {}): NoneFound => ({
  province: '43',
  scopes: ['public_place'],
  places: null,
  fromMs: at('2022-01-01T00:00:00+08:00'),
  untilMs: at('2022-04-01T00:00:00+08:00'),
  searches: [search],
  seen: null,
  ...given,
});

describe('what was searched', () => {
  const later = found({
    scopes: ['public_place/bar', 'hotel'],
    fromMs: at('2022-04-01T00:00:00+08:00'),
    untilMs: at('2022-05-01T00:00:00+08:00'),
  });
  const book = compileSearches([found(), later]);
  const instant = at('2022-03-31T23:59:59.999+08:00');
  it('is told from its first instant until the one after its last', () => {
    expect(book.at('43', 'public_place', null, instant)).toEqual(found());
    expect(book.at('43', 'public_place', null, instant + 1)).toBeNull();
    expect(book.at('43', 'public_place', null, at('2021-12-31T23:59:59.999+08:00'))).toBeNull();
    expect(book.at('43', 'hotel', null, instant + 1)).toEqual(later);
  });
  it('for a kind of place is its own, else what was searched for all of the purpose', () => {
    expect(book.at('43', 'public_place', 'bar', instant + 1)).toEqual(later);
    expect(book.at('43', 'public_place', 'bar', instant)).toEqual(found());
    expect(book.at('43', 'public_place', 'gym', instant + 1)).toBeNull();
  });
  it('of a stated place is its own, else what is told of the whole province', () => {
    const city = found({ places: { are: 'within', codes: ['4301'] }, seen: search.where });
    const other = found({ places: { are: 'outside', codes: ['4301', '4302'] } });
    const placed = compileSearches([city, other, found({ scopes: ['hotel'] })]);
    const told = (place: string | null, purpose: 'public_place' | 'hotel' = 'public_place') =>
      placed.at('43', purpose, null, instant, place);
    expect(told('430102')).toEqual(city);
    expect(told('4303')).toEqual(other);
    expect([told('4302'), told(null)]).toEqual([null, null]);
    expect(told('430102', 'hotel')).toMatchObject({ places: null });
  });
  it('is of one province', () => {
    expect(book.at('44', 'public_place', null, instant)).toBeNull();
  });
});

describe('where the rules stand as of another day', () => {
  const publishedAtMs = at('2026-11-29T12:00:00+08:00');
  const redated = {
    asOf: '2022-03-15',
    shiftedByDays: (at('2026-11-29T00:00:00+08:00') - at('2022-03-15T00:00:00+08:00')) / DAY_MS,
  };
  const past = found({ untilMs: at('2022-02-01T00:00:00+08:00') });
  const held = found({ fromMs: past.untilMs, seen: search.where });
  const came = found({ fromMs: held.untilMs, untilMs: at('2022-12-01T00:00:00+08:00') });
  const book = compileSearches([past, held, came], { redated, publishedAtMs });
  const shiftMs = redated.shiftedByDays * DAY_MS;
  it('is moved with them, and what held then has no end', () => {
    expect(book.at('43', 'public_place', null, publishedAtMs + 400 * DAY_MS)).toEqual({
      ...held,
      fromMs: held.fromMs + shiftMs,
      untilMs: Number.POSITIVE_INFINITY,
    });
    expect(book.at('43', 'public_place', null, past.untilMs + shiftMs - 1)).toMatchObject({ seen: null });
    expect(book.at('43', 'public_place', null, past.fromMs)).toBeNull();
  });
});
