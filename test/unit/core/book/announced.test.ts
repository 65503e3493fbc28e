/**
 * A rule that only reminds yet: the province's version before it for that purpose goes on deciding.
 */

import { describe, expect, it } from 'vitest';
import { recognise } from '#core/answer/recognise.ts';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import { NO_CODE_TABLES } from '#core/codes/conversion.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { freshSnapshot } from '#exchange/policy/cases.ts';
import { at, testReported } from '#exercises/town/events.ts';
import { ruleText, viewOf } from '#test/support/lookup.ts';

const days = (length: number) =>
  [
    {
      id: `days_${length}`,
      kind: 'result',
      methods: ['nucleic_acid'],
      from: 'all',
      countFrom: ['report_issued'],
      window: { length, unit: 'calendar_days', end: 'inclusive' },
    },
  ] as const;
const own = (given: Partial<RuleText>): RuleText =>
  ruleText({ id: '14/key-place', province: '14', purposes: ['key_place'], ...given });
const older = own({ inForce: { from: '2022-08-01T00:00+08:00', until: '2022-09-29T00:00+08:00' }, clauses: days(5) });
const newer = own({
  version: 2,
  purposes: ['key_place', 'transport'],
  inForce: { from: '2022-09-29T00:00+08:00', until: null, enforcedFrom: '2022-10-01T00:00+08:00' },
  clauses: days(3),
});
const book = compilePolicyBook([ruleText(), older, newer]);

function ask(when: string, purpose: Purpose = 'key_place', issued = '2022-09-26T10:00:00+08:00') {
  const atMs = at(when);
  const policy = book.select({ destination: '14', purpose, kind: null, place: null }, atMs);
  return recognise({
    destination: '14',
    purpose,
    codeBook: NO_CODE_TABLES,
    policy,
    snapshot: freshSnapshot(viewOf(testReported({ reportIssuedAtMs: at(issued) })), atMs),
    presented: [],
    occasion: NOTHING_STATED,
    atMs,
    nowMs: atMs,
  });
}

describe('while a version only reminds', () => {
  it('the one before it decides, until the instant from which the other does', () => {
    expect(
      [
        ask('2022-09-28T23:59:59+08:00'),
        ask('2022-09-29T00:00:00+08:00'),
        ask('2022-09-30T23:59:59+08:00'),
        ask('2022-10-01T00:00:00+08:00'),
      ].map(({ outcome, rule }) => [outcome, rule?.version]),
    ).toEqual([
      ['recognised', 1],
      ['recognised', 1],
      ['recognised', 1],
      ['not_recognised', 2],
    ]);
    expect(ask('2022-09-29T12:00:00+08:00', 'key_place', '2022-09-18T10:00:00+08:00')).toMatchObject({
      outcome: 'not_recognised',
      reason: 'too_old',
    });
  });
  it('the other is announced, and said', () => {
    expect(ask('2022-09-28T23:59:59+08:00').announced).toBeNull();
    const answer = ask('2022-09-29T00:00:00+08:00');
    expect(answer.announced).toMatchObject({
      id: '14/key-place',
      version: 2,
      enforcedFrom: '2022-10-01T00:00:00+08:00',
    });
    expect(answer.sentence.en).toContain(
      'From 2022-10-01 00:00 it will take a negative result within 3 calendar days of report issue',
    );
    expect(ask('2022-10-01T00:00:00+08:00').announced).toBeNull();
  });
  it('what was recognised holds until then and no longer', () => {
    expect(ask('2022-09-28T12:00:00+08:00')).toMatchObject({
      validUntil: '2022-10-01T00:00:00+08:00',
      nextChangeAt: expect.any(String) as string,
    });
  });
  it('nobody is turned away where the province had none before: the national figures give way', () => {
    expect(ask('2022-09-28T12:00:00+08:00', 'transport', '2022-09-18T10:00:00+08:00')).toMatchObject({
      outcome: 'not_recognised',
      rule: { national: true },
    });
    expect(ask('2022-09-30T12:00:00+08:00', 'transport', '2022-09-18T10:00:00+08:00')).toMatchObject({
      outcome: 'recognised',
      reason: 'only_reminded',
      rule: { version: 2 },
      announced: null,
    });
  });
  it('the one before it isn’t kept beyond the notice of 29 July 2022 where that forbids it', () => {
    const illegal = own({
      inForce: { from: '2022-06-01T00:00+08:00', until: '2022-07-28T00:00+08:00' },
      clauses: [{ ...days(5)[0], from: ['14'] }],
    });
    const reminding = own({
      version: 2,
      inForce: { from: '2022-07-28T00:00+08:00', until: null, enforcedFrom: '2022-07-30T00:00+08:00' },
      clauses: days(3),
    });
    const ending = (enforcedFrom: string): RuleText => ({
      ...reminding,
      inForce: { ...reminding.inForce, enforcedFrom },
    });
    expect(faultsOfBook([ruleText(), illegal, reminding]).map(({ index, pointer }) => [index, pointer])).toEqual([
      [2, '/inForce/enforcedFrom'],
    ]);
    expect(faultsOfBook([ruleText(), illegal, ending('2022-07-29T00:00+08:00')])).toEqual([]);
  });
});
