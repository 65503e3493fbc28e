/** An answer without a rule says what was searched for one, and for which days; or that no source was read. */

import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, recognise } from '#core/answer/recognise.ts';
import type { PolicyBook } from '#core/book/policy-book.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { NOTHING_STATED, type Occasion } from '#core/question/occasion.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import { at } from '#exercises/town/events.ts';
import { freshness, snapshot } from '#test/support/lookup.ts';
import { shippedBook } from '#test/support/policies.ts';

let book: PolicyBook;
beforeAll(async () => {
  book = await shippedBook();
});

function ask(destination: ProvinceCode, purpose: Purpose, when: string, stated: Partial<Occasion> = {}): Answer {
  const atMs = at(when);
  const occasion = { ...NOTHING_STATED, ...stated };
  return recognise({
    destination,
    purpose,
    codeBook: book.codeBook,
    searched: book.searched,
    policy: book.select({ destination, purpose, ...occasion }, atMs),
    snapshot: snapshot(null, { freshness: freshness({}, atMs) }),
    presented: [],
    occasion,
    atMs,
    nowMs: atMs,
  });
}

describe('an answer without a rule', () => {
  it('tells the days before a province’s first rule, and by what they were searched', () => {
    const answer = ask('44', 'public_place', '2022-03-27T23:59:59+08:00');
    expect(answer).toMatchObject({
      reason: 'no_rule_known',
      noneKnown: {
        from: '2021-12-01T00:00:00+08:00',
        until: '2022-03-28T00:00:00+08:00',
        searches: [
          { when: '2026-11', about: { from: '2021-12-01', to: '2022-11-30' }, words: [] },
          { when: '2026-11', about: null, words: [expect.stringContaining('深圳'), expect.stringContaining('广州')] },
        ],
      },
    });
    expect(answer.sentence.en).toContain(
      'From 2021-12-01 00:00 until 2022-03-28 00:00 one was searched, and not found.',
    );
    expect(answer.sentence.zh).toContain('2021-12-01 00:00至2022-03-28 00:00的规定已检索，未见。');
  });
  it('said of a city that nothing was on record of a search, on days on which another city has a rule', () => {
    const guangzhou = ask('44', 'public_place', '2022-06-25T12:00:00+08:00', { place: '440106', kind: 'mall' });
    expect(guangzhou).toMatchObject({
      reason: 'no_rule_known',
      noneKnown: { from: '2022-04-05T00:00:00+08:00', searches: [{ about: { from: '2021-12-01' } }] },
    });
    const shantou = ask('44', 'public_place', '2022-07-15T12:00:00+08:00', { place: '4405' });
    expect(shantou.sentence.en).toContain('From 2022-04-05 00:00 until 2022-12-01 00:00 one was searched');
    const elsewhere = ask('42', 'estate', '2022-09-20T18:00:00+08:00', { place: '420600' });
    expect(elsewhere).toMatchObject({ reason: 'no_rule_known', noneKnown: { searches: [{ when: '2026-11' }] } });
  });
  it('tells what was seen, and makes no rule', () => {
    expect(ask('42', 'leaving', '2022-09-05T12:00:00+08:00').noneKnown?.seen?.en).toContain('48 hours');
  });
  it('says that no source was read, where the file says so', () => {
    const answer = ask('13', 'hospital', '2022-12-15T12:00:00+08:00');
    expect(answer.noneKnown).toMatchObject({ from: '2022-12-01T00:00:00+08:00', searches: [] });
    expect(answer.sentence).toMatchObject({
      zh: expect.stringContaining('该时段未查阅任何来源。') as string,
      en: expect.stringContaining('No source was read for it.') as string,
    });
  });
  it.each([
    ['before the days that were searched', '2019-06-01T12:00:00+08:00', {}],
    ['on the last of these, in a city', '2021-11-30T23:59:59+08:00', { place: '4401' }],
  ])('says that no search is on record %s', (_where, when, stated) => {
    const answer = ask('44', 'public_place', when, stated);
    expect(answer.sentence.en).toContain('No search for it is on record.');
    expect(answer.noneKnown).toEqual({
      from: null,
      until: null,
      searches: [],
      seen: null,
    });
  });
});

it('an answer by a rule tells of no search', () => {
  expect(ask('44', 'public_place', '2022-04-05T00:00:00+08:00').noneKnown).toBeNull();
});

it('where kinds of place differ only who states the kind is told', () => {
  const when = '2022-12-10T12:00:00+08:00';
  expect(ask('13', 'key_place', when)).toMatchObject({ reason: 'statement_missing', noneKnown: null });
  const from = '2022-12-07T00:00:00+08:00';
  expect(ask('13', 'key_place', when, { kind: 'school' }).noneKnown).toMatchObject({ from });
});
