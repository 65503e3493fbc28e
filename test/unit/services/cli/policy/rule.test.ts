/**
 * A rule as `hutong policy explain` prints it: nothing that enters an answer is left out.
 */

import { describe, expect, it } from 'vitest';
import { compileRule } from '#core/book/rule.ts';
import { type RuleText, RuleSchema } from '#core/rules/rule-text.ts';
import { printRule, printUnconfirmed } from '#services/cli/policy/rule.ts';
import { ruleText } from '#test/support/lookup.ts';

const DAY = { length: 1, unit: 'calendar_days', end: 'inclusive' } as const;
const older = ruleText({ inForce: { from: '2021-01-01T00:00+08:00', until: '2022-01-01T00:00+08:00' } });
const FULL: Required<RuleText> = {
  ...older,
  version: 2,
  title: { zh: '标题', en: 'a title' },
  purposes: ['key_place'],
  except: ['key_place/nursing_home'],
  place: ['4403'],
  takesPlaceOf: 'provinces',
  standsAlongside: 'provinces',
  afterwards: { zh: '此后不再查验', en: 'nothing is asked afterwards' },
  inForce: { from: '2022-01-01T00:00+08:00', until: '2022-07-01T00:00+08:00', enforcedFrom: '2022-01-03T00:00+08:00' },
  comparedWith: ['scheduled_departure'],
  delay: { atMostHours: 24 },
  note: 'a note',
  indeterminate: 'no_effect',
  recovery: 'lifts_earlier_positives',
  pooled: 'refuses_until_single_negative',
  transition: { version: 1, reportsIssued: [{ from: '2021-12-31T00:00+08:00', until: '2021-12-31T06:00+08:00' }] },
  states: [
    {
      state: 'grey',
      title: { zh: '灰码', en: 'grey' },
      admits: ['estate'],
      bars: ['public_place'],
      when: { id: 'when', kind: 'exempt', for: { arrivedWithin: DAY } },
      unless: { id: 'unless', kind: 'sampling', from: ['31'], window: DAY },
    },
  ],
  duties: [
    {
      id: 'two',
      title: { zh: '两检', en: 'two tests' },
      for: { residence: 'visitor', class: 'lorry_driver' },
      when: { id: 'duty_when', kind: 'vaccination', doses: 1 },
      unless: { id: 'duty_unless', kind: 'vaccination', doses: 3 },
      supersedes: [],
      tests: { takes: 'results', spans: [{ count: 2, unit: 'hours', from: 0, to: 24 }], landing: 'excluded' },
    },
  ],
  classes: { lorry_driver: { zh: '货车司机', en: 'lorry drivers' } },
  showsVaccination: true,
  daysSinceTest: { countFrom: ['tested', 'sampled'], from: ['31', '32'] },
  freshnessBoundSeconds: 31,
  askAgainSeconds: 61,
};

/** What of the print says it, by field: one that is added to the format and not here is a type error. */
const SAID: Readonly<Record<keyof RuleText, readonly string[]>> = {
  id: ['00/test version 2'],
  version: ['version 2'],
  province: ['00/'],
  title: ['标题 / a title'],
  purposes: ['key place'],
  except: ['Except: key place/nursing home'],
  place: ['Place: 4403'],
  takesPlaceOf: ['各地规定', 'the rules of all provinces'],
  standsAlongside: ['满足其一即可', 'either recognises'],
  afterwards: ['此后不再查验 / nothing is asked afterwards'],
  confirmed: [],
  inForce: [
    '2022-01-01 00:00 – 2022-07-01 00:00',
    '2022-01-03 00:00前仅作预告或提醒',
    'until 2022-01-03 00:00 it turns nobody away',
  ],
  comparedWith: ['计划出发时刻', 'the scheduled departure'],
  delay: ['最多延长24小时', 'at most 24 hours longer'],
  sources: ['[A] none http://localhost/'],
  note: ['a note'],
  clauses: ['自出具报告起48小时内的阴性结果', 'a negative result within 48 hours of report issue', 'nucleic acid'],
  positive: ['阳性: 不予认可', 'A positive result: refuses'],
  indeterminate: ['An indeterminate result: has no effect'],
  recovery: ['康复日', 'a stated day of recovery lifts'],
  pooled: ['混管阴性不解除阳性', 'a pooled negative lifts no positive'],
  transition: ['2021-12-31 00:00至2021-12-31 06:00出具的结果按第1版', 'until 2021-12-31 06:00 are judged by version 1'],
  states: [
    'State grey: 灰码 / grey',
    '显示条件: 到达1个自然日内者',
    'shown when: people within 1 calendar day of arriving',
    'not shown when: a sampling record from Shanghai',
    'admits to: estate',
    'bars from: public place',
  ],
  duties: [
    'Duty: 两检 / two tests',
    'for: visitors and, at the same time, lorry drivers',
    'theirs when: 1 vaccine dose',
    'not theirs when: 3 vaccine doses',
    '到达后24小时内2次',
    '2 within 24 hours of arriving',
    'the landing test not counted',
  ],
  classes: ['属货车司机', 'lorry drivers'],
  showsVaccination: ['接种'],
  daysSinceTest: [
    '自检测起（无则自采样起），按上海市、江苏省的检测计算',
    'from testing, else sampling, of Shanghai, Jiangsu tests',
  ],
  freshnessBoundSeconds: ['after 31 s'],
  askAgainSeconds: ['after 61 s'],
};

describe('a rule that has every field', () => {
  const said: string[] = [];
  printRule(compileRule(FULL, [older]), (text) => void said.push(text));
  it.each(Object.keys(RuleSchema.properties) as (keyof RuleText)[])('%s is printed', (field) => {
    for (const part of SAID[field]) expect(said.join('\n')).toContain(part);
  });
});

it('a rule that isn’t confirmed is named, and said never to be in force', () => {
  const said: string[] = [];
  printUnconfirmed([compileRule({ ...FULL, confirmed: false }, [older])], (text) => void said.push(text));
  expect(said).toEqual([expect.stringContaining('never in force: 00/test version 2, 标题 / a title')]);
});
