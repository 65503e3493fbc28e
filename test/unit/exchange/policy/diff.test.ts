/** Changes of scope between two sets of rules: what judges where, before anybody is looked at. */

import { expect, it } from 'vitest';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { changedQuestions, changesBeside, changesFor, scopeChanges, textChanges } from '#exchange/policy/diff.ts';
import { testReported } from '#exercises/town/events.ts';
import { NOW_MS, ruleText, viewOf } from '#test/support/lookup.ts';

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

it('a rule that stands alongside is a change where it comes in, goes or differs; it was passed over', () => {
  const lorry = (given: Partial<RuleText> = {}): RuleText =>
    ruleText({
      id: '00/lorry',
      purposes: ['entry'],
      standsAlongside: 'provinces',
      classes: { lorry_driver: { zh: '货车司机', en: 'lorry drivers' } },
      clauses: [{ id: 'driver', kind: 'exempt', for: { class: 'lorry_driver' } }],
      ...given,
    });
  const judging = own({ purposes: ['entry'] });
  const said = (before: readonly RuleText[], after: readonly RuleText[]): string[] => {
    const [was, is] = [set(...before), set(...after)];
    const questions = changedQuestions(was, is, NOW_MS).filter(({ destination }) => destination === '44');
    expect(scopeChanges(questions)).toEqual([]);
    expect(changesFor(viewOf(), questions, NOW_MS)).toEqual([]);
    return changesBeside(was, is, questions);
  };
  expect(said([judging], [judging, lorry()])).toEqual(['44 entry: 00/lorry alongside come in']);
  expect(said([judging, lorry()], [judging])).toEqual(['44 entry: 00/lorry alongside go']);
  expect(said([judging, lorry()], [judging, lorry({ askAgainSeconds: 61 })])).toEqual([
    '44 entry: 00/lorry alongside differ',
  ]);
});

it('a state of another rule is a change for whom it bars, though the clause is the same; it was passed over', () => {
  const states = [{ state: 'blue', title: { zh: '蓝码', en: 'blue' }, bars: ['public_place'] }] as const;
  const entry = (given: Partial<RuleText> = {}): RuleText => own({ id: '44/entry', purposes: ['entry'], ...given });
  const [open, barring] = [set(own({}), entry()), set(own({}), entry({ states }))];
  const view = viewOf(testReported({ reportIssuedAtMs: NOW_MS - 3_600_000, sampledAtMs: null }));
  const effects = (was: typeof open, is: typeof open): string[] => {
    const questions = changedQuestions(was, is, NOW_MS);
    return [
      ...changesBeside(was, is, questions),
      ...changesFor(view, questions, NOW_MS).map(({ question: { purpose }, effect }) => `${purpose} ${effect}`),
    ];
  };
  expect(effects(open, barring)).toEqual(['44 public_place: the states of 44/entry come in', 'public_place barred']);
  expect(effects(barring, open)).toEqual(['44 public_place: the states of 44/entry go', 'public_place let_in']);
  const green = states.map((state) => ({ ...state, state: 'green' }));
  expect(effects(barring, set(own({}), entry({ states: green })))).toEqual([
    '44 public_place: the states of 44/entry differ',
  ]);
});

it('a text that differs on other days than those that were asked about was said to be none', () => {
  const inForce = { from: '2022-08-01T00:00+08:00', until: '2022-09-01T00:00+08:00' };
  const [before, after] = [own({ inForce }), own({ inForce, askAgainSeconds: 61 })];
  expect(changedQuestions(set(before), set(after), Date.parse('2022-09-01T00:00+08:00'))).toEqual([]);
  expect(textChanges([before], [after])).toEqual([
    '44/places v1 differs; in force from 2022-08-01T00:00+08:00 until 2022-09-01T00:00+08:00',
  ]);
  expect(textChanges([before], [before])).toEqual([]);
  expect(textChanges([before], [])).toEqual([expect.stringContaining('44/places v1 goes')]);
  expect(textChanges([], [own({ confirmed: false })])).toEqual([expect.stringContaining('v1 (unconfirmed) comes in')]);
});
