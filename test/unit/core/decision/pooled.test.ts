/** Results of pooled samples, and the members’ own later ones. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonEvent } from '#core/events/events.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { PersonView } from '#core/view/view.ts';
import { testReported } from '#exercises/town/events.ts';
import { decided, ms, report, result } from '#test/support/decided-at.ts';
import { ruleText } from '#test/support/lookup.ts';
import { naivelyRecognised } from '#test/support/naive-rule.ts';
import { type Civil } from '#test/support/naive-time.ts';

describe('pooled results', () => {
  const rule = ruleText({
    clauses: [result({ window: { length: 72, unit: 'hours', end: 'inclusive' } })],
    pooled: 'refuses_until_single_negative',
  });
  const at = '2022-06-10 12:00:00';
  const tube = (hour: string, given: Partial<Parameters<typeof testReported>[0]>) =>
    report(`2022-06-09 ${hour}`, `2022-06-10 ${hour}`, { poolSize: 10, ...given });
  const outcome = (...events: PersonEvent[]) => {
    const { outcome: one, reason } = decided(rule, events, at);
    return `${one}, ${reason}`;
  };
  it('that aren’t negative refuse until the member’s own later negative, and no pooled one lifts them', () => {
    for (const [open, reason] of [
      ['positive', 'newest_result_positive'],
      ['indeterminate', 'newest_result_indeterminate'],
    ] as const) {
      const pool = tube('06:00', { result: open });
      expect(outcome(pool)).toBe(`not_recognised, ${reason}`);
      expect(outcome(pool, tube('08:00', {}))).toBe(`not_recognised, ${reason}`);
      expect(outcome(pool, tube('05:00', { poolSize: 1 }))).toBe(`not_recognised, ${reason}`);
      expect(outcome(pool, tube('08:00', { poolSize: 1 }))).toBe('recognised, negative_result');
      expect(outcome(pool, tube('08:00', { poolSize: 1, result: 'positive' }))).toBe(
        'not_recognised, newest_result_positive',
      );
    }
  });
  it('that are negative hide no single positive', () => {
    const positive = tube('08:00', { poolSize: 1, result: 'positive' });
    expect(outcome(positive, tube('09:00', {}))).toBe('not_recognised, newest_result_positive');
    expect(outcome(positive, tube('06:00', {}))).toBe('not_recognised, newest_result_positive');
    expect(outcome(tube('09:00', {}))).toBe('recognised, negative_result');
  });
  it('of which some were cut from the view leave doubt, but for a single negative after them', () => {
    const cutAt = (hour: string): PersonView['datedTestsCuts'] => [
      { province: null, newestDay: 0, issuedAtMaxMs: ms(`2022-06-10 ${hour}:00`) },
    ];
    const ask = (event: PersonEvent, hour: string) =>
      decided(rule, [event], at, {}, [], { datedTestsCuts: cutAt(hour) });
    expect(ask(tube('09:00', {}), '08:00')).toMatchObject({ outcome: 'undetermined', reason: 'history_cut' });
    expect(ask(tube('09:00', { poolSize: 1 }), '08:00').outcome).toBe('recognised');
  });
  it('come to the same a second time, in any history', () => {
    const hours = fc.integer({ min: 1, max: 11 });
    const one = fc.record({ hours, positive: fc.boolean(), pooled: fc.boolean() });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 4 }), fc.boolean(), (all, asked) => {
        const { pooled: _, ...plain } = rule;
        const text = asked ? rule : plain;
        const issued = (of: number): Civil => `2022-06-10 ${String(of).padStart(2, '0')}:00:00`;
        const results = all.map((test) => ({
          ...test,
          issued: issued(test.hours),
          sampled: null,
          tested: null,
          province: '43',
        }));
        const events = results.map((test, index) =>
          testReported({
            sampleId: `T${index}`,
            sampledAtMs: null,
            sampledAtPrecision: null,
            reportIssuedAtMs: ms(test.issued),
            result: test.positive ? 'positive' : 'negative',
            poolSize: test.pooled ? 10 : 1,
          }),
        );
        expect(decided(text, events, at).outcome === 'recognised').toBe(
          naivelyRecognised(text, { results, samplings: [] }, at),
        );
      }),
    );
  });
  it('are no reason to turn anybody away after the notice, nor where no positive is', () => {
    const pointers = (given: Partial<RuleText>) =>
      faultsOfBook([
        { ...rule, inForce: { from: '2022-06-01T00:00+08:00', until: '2022-07-01T00:00+08:00' }, ...given },
      ])
        .map(({ pointer }) => pointer)
        .filter((pointer) => pointer !== '/purposes');
    expect(pointers({})).toEqual([]);
    expect(pointers({ positive: 'no_effect' })).toEqual(['/pooled']);
    expect(pointers({ inForce: { from: '2022-07-29T00:00+08:00', until: null } })).toEqual(['/pooled']);
  });
});
