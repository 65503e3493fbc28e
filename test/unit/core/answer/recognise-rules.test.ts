/**
 * Which rule is in force, and what a set of rules must hold as a whole.
 */

import { describe, expect, it } from 'vitest';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { at } from '#exercises/town/events.ts';
import { bookOf, ruleAt, ruleText } from '#test/support/lookup.ts';

const hunan = (given: Partial<RuleText>): RuleText =>
  ruleText({ id: '43/entry', province: '43', purposes: ['entry'], ...given });
const old = hunan({ inForce: { from: '2022-01-01T00:00+08:00', until: '2022-03-01T00:00+08:00' } });
const newer = hunan({ version: 2, inForce: { from: '2022-06-01T00:00+08:00', until: null } });
const national = ruleText({ inForce: { from: '2022-02-01T00:00+08:00', until: null } });

describe('the rule in force', () => {
  const book = bookOf(old, newer, national);
  it.each([
    ['2021-12-31T23:59:59+08:00', null, null],
    ['2022-01-01T00:00:00+08:00', '43/entry', '2022-03-01T00:00+08:00'],
    ['2022-02-28T23:59:59+08:00', '43/entry', '2022-03-01T00:00+08:00'],
    ['2022-03-01T00:00:00+08:00', '00/test', '2022-06-01T00:00+08:00'],
    ['2022-06-01T00:00:00+08:00', '43/entry', null],
    ['2026-01-01T00:00:00+08:00', '43/entry', null],
  ])('at %s: %s until %s', (time, id, until) => {
    const selected = ruleAt(book, '43', 'entry', at(time));
    expect(selected === null ? null : { id: selected.rule.id, untilMs: selected.untilMs }).toEqual(
      id === null ? null : { id, untilMs: until === null ? Number.POSITIVE_INFINITY : at(until) },
    );
  });
  it('is the national one for other provinces and purposes', () => {
    expect(ruleAt(book, '43', 'hospital', at('2026-01-01'))?.rule.id).toBe('00/test');
    expect(ruleAt(book, '66', 'entry', at('2026-01-01'))?.rule.id).toBe('00/test');
  });
});

describe('faults', () => {
  const clauseOf = (text: RuleText, given: object): RuleText => ({
    ...text,
    clauses: text.clauses.map((clause) => ({ ...clause, ...given })),
  });
  it.each([
    ['none', [old, newer, national], null],
    [
      'two in force at once',
      [old, hunan({ version: 2, inForce: { from: '2022-02-28T23:59:59+08:00', until: null } }), national],
      { index: 1, pointer: '/inForce' },
    ],
    ['a version twice', [old, { ...newer, version: 1 }, national], { index: 1, pointer: '/version' }],
    [
      'an end before its beginning',
      [hunan({ inForce: { from: '2022-03-01T00:00+08:00', until: '2022-03-01T00:00+08:00' } }), national],
      { index: 0, pointer: '/inForce/until' },
    ],
    [
      'no day of the calendar',
      [hunan({ inForce: { from: '2022-02-30T00:00+08:00', until: null } }), national],
      { index: 0, pointer: '/inForce/from' },
    ],
    ['an id of another province', [{ ...newer, id: '44/entry' }, national], { index: 0, pointer: '/id' }],
    [
      'a clause id twice',
      [{ ...newer, clauses: [...newer.clauses, ...newer.clauses] }, national],
      { index: 0, pointer: '/clauses/1/id' },
    ],
    [
      'counting from sampling after the notice',
      [clauseOf(newer, { countFrom: ['sampled', 'report_issued'] }), national],
      { index: 0, pointer: '/clauses/0/countFrom' },
    ],
    [
      'own results only after the notice',
      [clauseOf(newer, { from: ['43'] }), national],
      { index: 0, pointer: '/clauses/0/from' },
    ],
    [
      'counting from sampling before the notice',
      [clauseOf(old, { countFrom: ['sampled'], from: ['43'] }), national],
      null,
    ],
  ] as [string, RuleText[], object | null][])('%s', (_name, texts, fault) => {
    expect(faultsOfBook(texts)).toMatchObject(fault === null ? [] : [fault]);
  });
});
