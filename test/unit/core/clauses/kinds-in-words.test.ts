/** What each kind of clause says, whole, in both languages: what a gate prints, and nothing more than is asked. */

import { expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { wordsOfClause, wordsOfCondition } from '#core/clauses/words.ts';

const hours = { length: 48, unit: 'hours', end: 'inclusive' } as const;
const days = { length: 3, unit: 'calendar_days', end: 'exclusive' } as const;
const result = {
  id: 'r',
  kind: 'result',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
} as const;

it.each<[ClauseText, string, string]>([
  [{ ...result, window: hours }, '自出具报告起48小时内的阴性结果', 'a negative result within 48 hours of report issue'],
  [
    { ...result, from: ['31', '33'], window: days, atArrival: true },
    '到达时上海市、浙江省自出具报告起不满3个自然日的阴性结果',
    'a negative result from Shanghai, Zhejiang within less than 3 calendar days of report issue, as of the arrival',
  ],
  [
    { ...result, kind: 'tests', count: 2, window: hours },
    '自出具报告起48小时内的2次阴性结果',
    '2 negative results, each within 48 hours of report issue',
  ],
  [
    {
      ...result,
      kind: 'tests',
      from: ['31'],
      count: 3,
      window: hours,
      apart: { atLeastHours: 24 },
      landing: 'excluded',
      sinceDayOfStay: 2,
    },
    '到达第2天起所采、上海市自出具报告起48小时内的3次阴性结果，间隔不少于24小时，不含落地检',
    '3 negative results from Shanghai, each within 48 hours of report issue, taken on day 2 of the stay or later, ' +
      'at least 24 hours apart, the landing test not counted',
  ],
  [
    { id: 's', kind: 'sampling', from: 'all', window: hours },
    '48小时内的采样记录',
    'a sampling record within 48 hours',
  ],
  [
    {
      id: 's',
      kind: 'sampling',
      from: ['31'],
      window: hours,
      carriesOver: true,
      shownBy: ['paper', 'national_client'],
    },
    '上海市48小时内的采样记录（仅延续采样当日为有效期最后一日的结果）（须有书面凭证）',
    'a sampling record from Shanghai within 48 hours that carries over a result on the last day of which the sample ' +
      'was taken, if shown only by paper or national client',
  ],
  [{ id: 'v', kind: 'vaccination', doses: 1 }, '已接种1剂疫苗', '1 vaccine dose'],
  [
    { id: 'v', kind: 'vaccination', doses: 2, window: days },
    '已接种2剂疫苗，末次接种在不满3个自然日',
    '2 vaccine doses, the last within less than 3 calendar days',
  ],
  [
    { id: 'v', kind: 'vaccination', doses: 3, atLeastDaysAgo: 14 },
    '已接种3剂疫苗，末次接种满14天',
    '3 vaccine doses, the last at least 14 days ago',
  ],
  [
    { id: 'n', kind: 'no_visit', window: days },
    '不满3日（自离开起算）无风险区旅居史',
    'no stay in a risk area within less than 3 calendar days, counted from leaving it',
  ],
  [{ id: 'q', kind: 'duty', duty: 'daily', is: 'done' }, '已完成“daily”', 'the duty daily is done'],
  [{ id: 'q', kind: 'duty', duty: 'daily', is: 'missed' }, '未按时完成“daily”', 'the duty daily was missed'],
  [{ id: 'e', kind: 'exempt' }, '免予查验', 'nothing is asked'],
])('%j', (clause, zh, en) => {
  expect(wordsOfClause(clause)).toEqual({ zh, en });
});

it('a clause `exempt` as a condition says for whom alone', () => {
  expect(wordsOfCondition({ id: 'e', kind: 'exempt' })).toEqual({ zh: '所有人', en: 'everybody' });
  expect(wordsOfCondition({ id: 'e', kind: 'exempt', for: { commuter: true } }).en).toBe('commuters');
});
