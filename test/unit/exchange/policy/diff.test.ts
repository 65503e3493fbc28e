/** Changes of scope between two sets of rules: what judges where, before anybody is looked at. */

import { expect, it } from 'vitest';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { changedQuestions, scopeChanges } from '#exchange/policy/diff.ts';
import { NOW_MS, ruleText } from '#test/support/lookup.ts';

const set = (...texts: readonly RuleText[]) => ({ book: compilePolicyBook(texts), texts });
const own = (given: Partial<RuleText>): RuleText =>
  ruleText({ id: '44/places', province: '44', purposes: ['public_place'], ...given });

it('a purpose, a kind of place and a rule that is taken out are changes of scope; a window is none', () => {
  const before = set(own({ purposes: ['public_place', 'hotel', 'estate'] }));
  const after = set(
    own({ purposes: ['public_place', 'transport'], freshnessBoundSeconds: 31 }),
    own({ id: '44/hotels', purposes: ['hotel/hostel'] }),
  );
  expect(scopeChanges(changedQuestions(before, after, NOW_MS))).toEqual([
    '44 transport: no rule known → 44/places',
    '44 hotel: 44/places → hostel 44/hotels, any other no rule known',
    '44 estate: 44/places → no rule known',
  ]);
});

it('a rule of a city for which the province doesn’t stand is a change there; it was said that nothing changed', () => {
  const stands = { ...own({ id: '44/one', place: ['4403'] }) };
  const texts = [stands, own({ id: '44/two', place: ['4401'], purposes: ['public_place', 'estate'] })];
  const standsFor = new Map([['44', ['4403']]]);
  const before = { book: compilePolicyBook([stands], { standsFor }), texts: [stands] };
  const after = { book: compilePolicyBook(texts, { standsFor }), texts };
  expect(scopeChanges(changedQuestions(before, after, NOW_MS))).toEqual([
    '44 public_place in 4401: no rule known → 44/two',
    '44 estate in 4401: no rule known → 44/two',
  ]);
});
