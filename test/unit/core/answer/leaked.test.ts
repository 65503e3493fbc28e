/** Answers while views may hold what is withdrawn with a key that had leaked. */

import { describe, expect, it } from 'vitest';
import { NO_CODE_TABLES } from '#core/codes/conversion.ts';
import type { FoldedLeak, KeyHolder } from '#core/view/leaks.ts';
import type { PersonView } from '#core/view/view.ts';
import { codeAssigned } from '#exercises/town/events.ts';
import { ask, freshness, inForce, NOW_MS, ruleText, snapshot, viewOf } from '#test/support/lookup.ts';
import { issued } from './issued.ts';

const leak = (of: KeyHolder, isOut = false): FoldedLeak => ({ key: `${of}-1`, of, sinceMs: NOW_MS - 5, isOut });
const withLeak = (view: PersonView | null, ...leaks: readonly FoldedLeak[]) => ({
  snapshot: snapshot(view, { freshness: { ...freshness(), leaks } }),
});
const negative = viewOf(issued(5, { province: '43' }));
const positive = viewOf(issued(5, { province: '43', result: 'positive' }));

describe('while a key of a province had leaked', () => {
  it.each([
    ['recognised', negative],
    ['not_recognised', positive],
  ])('what was %s by its record is undetermined, for a reason of its own', (outcome, view) => {
    expect(ask(view).outcome).toBe(outcome);
    const answer = ask(view, withLeak(view, leak('43')));
    expect(answer).toMatchObject({ outcome: 'undetermined', reason: 'key_leaked', mayGoIn: null, validUntil: null });
    expect(answer.finding).toBe(ask(view).finding);
    expect(answer.sentence.en).toContain('a key of Hunan had leaked');
    expect(answer.sentence.zh).toContain('湖南省的密钥曾泄露');
  });
  it('also what rests on another province’s record, where the person has one of its own', () => {
    const both = viewOf(issued(5, { province: '44' }), issued(60, { province: '43', sampleId: 'other' }));
    expect(ask(both, withLeak(both, leak('43'))).reason).toBe('key_leaked');
  });
  it('and whatever else keeps it from being settled', () => {
    const behind = { ...freshness({ '54': NOW_MS - 60_000 }), leaks: [leak('43')] };
    expect(ask(positive, { snapshot: snapshot(positive, { freshness: behind }) }).reason).toBe('key_leaked');
  });
  it('who has none of its records is answered as before', () => {
    const other = viewOf(issued(5, { province: '44' }));
    for (const view of [other, null]) expect(ask(view, withLeak(view, leak('43')))).toEqual(ask(view));
  });
  it('views that were folded without what is withdrawn are answered as before', () => {
    expect(ask(negative, withLeak(negative, leak('43', true)))).toEqual(ask(negative));
  });
  it('a rule that asks nothing, and refuses nobody, is as plain as before', () => {
    const policy = inForce(ruleText({ clauses: [{ id: 'nothing', kind: 'exempt' }], positive: 'no_effect' }));
    expect(ask(negative, { policy, ...withLeak(negative, leak('43')) })).toMatchObject({
      outcome: 'recognised',
      finding: 'nothing_asked',
    });
  });
  it('a red code of its own is shown, and how the code stands isn’t said', () => {
    const red = viewOf(codeAssigned({ province: '43', assignedAtMs: NOW_MS - 9, expiresAtMs: NOW_MS + 1_000 }));
    const codeBook = {
      ...NO_CODE_TABLES,
      together: () => ({ way: 'national_code', shows: null, passes: false }) as const,
    };
    expect(ask(red, { codeBook }).standing?.code.passes).toBe(false);
    const { code, codes, codesMayMissSome } = ask(red, { codeBook, ...withLeak(red, leak('43')) }).standing ?? {};
    expect([code?.passes, code?.shows, codes?.length, codesMayMissSome]).toEqual([null, null, 1, true]);
  });
  it('nothing on record but tests was said of a code as of whoever was asked about first, incomplete or leaked', () => {
    const incomplete = { snapshot: snapshot(negative, { freshness: { ...freshness(), incompleteProvinces: [null] } }) };
    const leaked = withLeak(negative, leak('43'));
    for (const order of [
      [incomplete, leaked],
      [leaked, incomplete],
    ]) {
      const codeBook = { ...NO_CODE_TABLES }; // one that nobody was asked about by
      for (const given of order) {
        const { code, codesMayMissSome } = ask(negative, { codeBook, ...given }).standing ?? {};
        expect([code?.passes, code?.shows, codesMayMissSome]).toEqual([null, null, given === leaked]);
      }
    }
  });
});

it('of the national role and the operator the sentence says whose key it was', () => {
  const erased = { ...negative, erasedThroughMs: 1 };
  expect(ask(erased, withLeak(erased, leak('national'))).sentence.en).toContain(
    'a key of the national role had leaked',
  );
  const answer = ask(negative, withLeak(negative, leak('operator')));
  expect(answer.sentence.en).toContain('a key of the operator of the exchange had leaked');
});
