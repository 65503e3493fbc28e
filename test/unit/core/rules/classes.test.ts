/** Classes of person by trade or status: who claims one, and what a rule must say of it. */

import { describe, expect, it } from 'vitest';
import { compileRule } from '#core/book/rule.ts';
import type { PersonEvent } from '#core/events/events.ts';
import type { Occasion } from '#core/question/occasion.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { samplingRecorded } from '#exercises/town/events.ts';
import { decided, ms, report, result } from '#test/support/decided-at.ts';
import { ruleText } from '#test/support/lookup.ts';

describe('lorry drivers, as the Ministry of Transport announced on 18 April 2022', () => {
  const driver = { class: 'lorry_driver' };
  const rule = ruleText({
    classes: { lorry_driver: { zh: '货车司机', en: 'lorry drivers' } },
    clauses: [
      result({ id: 'hours_48', for: driver, window: { length: 48, unit: 'hours', end: 'inclusive' } }),
      {
        id: 'beyond',
        for: driver,
        kind: 'all_of',
        of: [
          { id: 'sample', kind: 'sampling', from: 'all', window: { length: 24, unit: 'hours', end: 'inclusive' } },
          result({ id: 'antigen', methods: ['antigen'] }),
        ],
      },
    ],
  });
  const at = '2022-04-20 12:00:00';
  const old = report('2022-04-18 04:00', '2022-04-18 11:59');
  const sample = samplingRecorded({ sampleId: 'S', sampledAtMs: ms('2022-04-20 11:30:00') });
  const antigen = report('2022-04-20 11:30', '2022-04-20 11:45', { method: 'antigen' });
  const ask = (events: readonly PersonEvent[], classes: Occasion['classes']) => decided(rule, events, at, { classes });
  it('pass by 48 hours, and beyond them by a sample and an antigen negative together', () => {
    expect(ask([report('2022-04-18 04:00', '2022-04-18 12:00')], ['lorry_driver']).clauseId).toBe('hours_48');
    expect(ask([old], ['lorry_driver']).outcome).toBe('not_recognised');
    expect(ask([old, sample], ['lorry_driver']).outcome).toBe('not_recognised');
    expect(ask([old, antigen], ['lorry_driver']).outcome).toBe('not_recognised');
    expect(ask([old, sample, antigen], ['pupil', 'lorry_driver']).clauseId).toBe('beyond');
  });
  it('have to claim it, and nobody else can', () => {
    expect(ask([sample, antigen], null)).toMatchObject({ outcome: 'not_recognised', missing: ['classes'] });
    expect(ask([sample, antigen], ['pupil'])).toMatchObject({ outcome: 'not_recognised', missing: [] });
    expect(ask([sample, antigen], []).outcome).toBe('not_recognised');
  });
  it('are called by the name that the rule gives', () => {
    expect(compileRule(rule).words).toMatchObject({
      zh: expect.stringContaining('属货车司机者：'),
      en: expect.stringContaining('for lorry drivers: '),
    });
  });
  it('must be named by the rule, and a name asked for', () => {
    const { classes: _, ...unnamed } = rule;
    const pointers = (text: RuleText) => faultsOfBook([text]).map(({ pointer }) => pointer);
    expect(pointers(unnamed)).toEqual(['/clauses/0/for/class', '/clauses/1/for/class']);
    expect(pointers({ ...rule, clauses: [result({ id: 'all' })] })).toEqual(['/classes/lorry_driver']);
  });
});
