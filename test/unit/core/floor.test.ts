/**
 * The floor of 29 July 2022: what a rule in force from then on may not say, wherever in its clauses it says it.
 */
import { describe, expect, it } from 'vitest';
import { faultsOfBook } from '#core/book-faults.ts';
import type { ClauseText } from '#core/policy-clauses.ts';
import type { RuleText } from '#core/policy.ts';
import { ruleText } from '#test/support/lookup.ts';

const window = { length: 48, unit: 'hours', end: 'inclusive' } as const;
const result: ClauseText = { id: 'r', kind: 'result', methods: ['nucleic_acid'], from: 'all', countFrom: ['report_issued'], window };
const sampling: ClauseText = { id: 's', kind: 'sampling', from: ['43'], window };
const tests: ClauseText = { id: 't', kind: 'tests', methods: ['nucleic_acid'], from: 'all', countFrom: ['report_issued'], count: 2, window };
const after = { from: '2022-07-29T00:00+08:00', until: null };
const before = { from: '2022-07-01T00:00+08:00', until: '2022-07-29T00:00+08:00' };

const rule = (clauses: readonly ClauseText[], given: Partial<RuleText> = {}): RuleText => ruleText({ id: '43/entry', province: '43', purposes: ['entry'], inForce: after, clauses, ...given });
const faults = (...rules: readonly RuleText[]) => faultsOfBook([ruleText(), ...rules]).map(({ index, pointer }) => [index, pointer]);

describe('after the notice', () => {
  it.each([
    ['results counted from report issue, of all', [result], []],
    ['a sampling record of the own province beside them', [result, sampling], []],
    ['several tests', [tests], []],
    ['a condition beside the result', [{ id: 'a', kind: 'all_of', of: [result, { id: 'v', kind: 'vaccination', doses: 2 }] }], []],
    ['counted from sampling', [{ ...result, countFrom: ['sampled'] }], ['/clauses/0/countFrom']],
    ['counted from sampling, failing that from the report', [{ ...result, countFrom: ['sampled', 'report_issued'] }], ['/clauses/0/countFrom']],
    ['counted from the day before a night report', [{ ...result, countFrom: ['day_before_night_report', 'report_issued'] }], ['/clauses/0/countFrom']],
    ['own results only', [{ ...result, from: ['43'] }], ['/clauses/0/from']],
    ['own results only, within a group', [{ id: 'a', kind: 'all_of', of: [{ ...tests, from: ['43'] }, result] }], ['/clauses/0/of/0/from']],
    ['a longer window for own results', [result, { ...result, id: 'own', from: ['43'], window: { ...window, length: 72 } }], ['/clauses/1/from']],
    ['a local sampling record asked for beside the result', [{ id: 'a', kind: 'all_of', of: [result, sampling] }], ['/clauses/0/of/1']],
    ['sampling records alone', [sampling], ['/clauses']],
    ['results of residents alone', [{ ...result, for: { residence: 'resident' } }], ['/clauses']],
  ] as [string, ClauseText[], string[]][])('%s', (_name, clauses, pointers) => {
    const found = faults(rule(clauses)).map(([, pointer]) => pointer);
    expect(pointers.every((pointer) => found.includes(pointer))).toBe(true);
    expect(found.length === 0).toBe(pointers.length === 0);
  });
  it('a rule that began before and lasts is held to it too', () => {
    expect(faults(rule([{ ...result, from: ['43'] }], { inForce: { ...before, until: '2022-07-29T00:00:01+08:00' } }))).toEqual([[1, '/clauses/0/from']]);
  });
  it('nor may a transition keep what it forbids', () => {
    const old = rule([{ ...result, countFrom: ['sampled'] }], { inForce: before });
    const newer = rule([result], { version: 2, transition: { version: 1, reportsIssued: [{ from: '2022-07-28T00:00+08:00', until: '2022-07-29T00:00+08:00' }] } });
    expect(faults(old, newer)).toEqual([[2, '/transition']]);
  });
});

describe('before it', () => {
  it('all of that is history', () => {
    expect(faults(rule([{ ...result, countFrom: ['sampled'], from: ['43'] }], { inForce: before }))).toEqual([]);
  });
});

describe('other faults', () => {
  it.each([
    ['a window longer than the history kept, in hours', [{ ...result, window: { ...window, length: 337 } }], {}, '/clauses/0/window/length'],
    ['in days', [{ ...result, window: { length: 15, unit: 'calendar_days', end: 'inclusive' } }], {}, '/clauses/0/window/length'],
    ['everybody exempt, and more asked', [result, { id: 'e', kind: 'exempt' }], {}, '/clauses/1/for'],
    ['a carry-over of nothing', [{ ...sampling, carriesOver: true }, tests], {}, '/clauses/0/carriesOver'],
    ['apart by more at least than at most', [{ ...tests, apart: { atLeastHours: 24, atMostHours: 12 } }], {}, '/clauses/0/apart'],
    ['unconfirmed sources alone', [result], { sources: [{ title: 'x', url: null, reliability: 'C' }] }, '/confirmed'],
    ['enforced before it begins', [result], { inForce: { ...after, enforcedFrom: '2022-07-29T00:00+08:00' } }, '/inForce/enforcedFrom'],
    ['a transition to nowhere', [result], { transition: { version: 1, reportsIssued: [] } }, '/transition/version'],
    ['a clause id that a state uses too', [result], { states: [{ state: 'yellow', title: { zh: '黄', en: 'yellow' }, unless: result }] }, '/states/0/unless/id'],
  ] as [string, ClauseText[], Partial<RuleText>, string][])('%s', (_name, clauses, given, pointer) => {
    expect(faults(rule(clauses, given))).toContainEqual([1, pointer]);
  });
  it('an unconfirmed rule is never in force, and clashes with nothing', () => {
    expect(faults(rule([result]), rule([result], { id: '43/entry-other', confirmed: false }))).toEqual([]);
  });
});
