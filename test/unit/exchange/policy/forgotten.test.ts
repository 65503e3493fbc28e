/** What rules forget all together, so that none is loaded: what follows on an end, and whom the nation exempts. */

import { describe, expect, it } from 'vitest';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { forgottenIn } from '#exchange/policy/forgotten.ts';
import { ruleText } from '#test/support/lookup.ts';

const own = (given: Partial<RuleText>): RuleText =>
  ruleText({ id: '43/entry', province: '43', purposes: ['entry'], ...given });
const forgotten = (...texts: readonly RuleText[]): string[] =>
  forgottenIn(texts, compilePolicyBook(texts)).map(({ index, pointer }) => `${index}${pointer}`);

describe('a version that ends', () => {
  const first = own({ inForce: { from: '2022-01-01T00:00+08:00', until: '2022-03-01T00:00+08:00' } });
  it('says what follows, or has a successor that begins then', () => {
    expect(forgotten(first)).toEqual(['0/inForce/until']);
    expect(forgotten({ ...first, afterwards: { zh: '此后不再查验', en: 'nothing is asked' } })).toEqual([]);
    const next = own({ version: 2, inForce: { from: '2022-03-01T00:00+08:00', until: null } });
    expect(forgotten(first, next)).toEqual([]);
    expect(forgotten(first, { ...next, confirmed: false })).toEqual(['0/inForce/until']);
  });
});

describe('infants that are exempt nationally', () => {
  const under3 = { id: 'under_3', kind: 'exempt', for: { ageYears: { under: 3 } } } as const;
  const national = ruleText({
    clauses: [...ruleText().clauses, under3],
    inForce: { from: '2022-11-17T00:00+08:00', until: null },
  });
  it('are named where a province’s rule forgets them', () => {
    expect(forgotten(national, own({}))).toEqual(['1/clauses']);
    expect(forgotten(national, own({ clauses: [...ruleText().clauses, under3] }))).toEqual([]);
  });
  it('are not, where the rule ended before, or is for something else', () => {
    const past = { from: '2022-01-01T00:00+08:00', until: '2022-11-17T00:00+08:00' };
    expect(forgotten(national, own({ inForce: past, afterwards: { zh: '文', en: 'text' } }))).toEqual([]);
    expect(forgotten({ ...national, purposes: ['hotel'] }, own({}))).toEqual([]);
  });
  it('are asked about where the nation exempts them alone: a rule of the kind beside it does', () => {
    const sights = { ...national, purposes: ['public_place/sight'] } as const;
    const places = own({ purposes: ['public_place'] });
    expect(forgotten(sights, places)).toEqual(['1/clauses']);
    const beside = own({
      id: '43/sights',
      purposes: ['public_place/sight'],
      clauses: [...ruleText().clauses, under3],
    });
    expect(forgotten(sights, places, beside)).toEqual([]);
    expect(forgotten(sights, own({ purposes: ['public_place/bar'] }))).toEqual([]);
  });
  it('are named where a state of another rule bars them for want of a test', () => {
    const entering = { ...national, purposes: ['entry'] } as const;
    const tested: ClauseText = {
      id: 'tested',
      kind: 'result',
      methods: ['nucleic_acid'],
      from: 'all',
      countFrom: ['report_issued'],
      window: { length: 48, unit: 'hours', end: 'inclusive' },
    };
    const red = { state: 'red', title: { zh: '红', en: 'red' }, bars: ['entry'] } as const;
    const infants = own({ clauses: [...ruleText().clauses, under3] });
    const colours = (unless: ClauseText): RuleText =>
      own({ id: '43/colours', purposes: ['estate'], states: [{ ...red, unless }] });
    expect(forgotten(entering, infants, colours(tested))).toEqual(['2/states/0/bars']);
    const lifted: ClauseText = { id: 'lifted', kind: 'any_of', of: [tested, { ...under3, id: 'infant' }] };
    expect(forgotten(entering, infants, colours(lifted))).toEqual([]);
  });
  it('are forgotten by the rule of the kind, not by the one beside it', () => {
    const sights = { ...national, purposes: ['public_place/sight'] } as const;
    const beside = own({ id: '43/sights', purposes: ['public_place/sight'] });
    expect(forgotten(sights, own({ purposes: ['public_place'] }), beside)).toEqual(['2/clauses']);
  });
});
