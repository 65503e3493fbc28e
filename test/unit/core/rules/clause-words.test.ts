/**
 * A rule in words: as a guard reads it, and so that it can be read in one way only.
 */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { wordsOfClauses } from '#core/clauses/words.ts';
import { wordsOfFor } from '#core/terms/condition-words.ts';

const WEEK = { length: 7, unit: 'calendar_days', end: 'inclusive' } as const;
const RESULT: ClauseText = {
  id: 'result',
  kind: 'result',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['sampled', 'tested', 'report_issued'],
  window: { length: 48, unit: 'hours', end: 'inclusive' },
};
const SAMPLING: ClauseText = {
  id: 'sampling',
  kind: 'sampling',
  from: ['31'],
  window: { length: 24, unit: 'hours', end: 'inclusive' },
};
const NO_VISIT: ClauseText = { id: 'no_visit', kind: 'no_visit', levels: ['high'], window: WEEK };
const either: ClauseText = { id: 'either', kind: 'any_of', of: [RESULT, SAMPLING] };
const both: ClauseText = { id: 'both', kind: 'all_of', of: [either, NO_VISIT] };
const COUNTED = '自采样起（无则自检测起，再无则自出具报告起）48小时内的阴性结果';

describe('groups', () => {
  it('alone need no brackets, and within each other have different ones', () => {
    expect(wordsOfClauses([both]).zh).toBe(
      `［${COUNTED}，或上海市24小时内的采样记录］，并且7日内（自离开起算）无高风险区旅居史`,
    );
    expect(wordsOfClauses([both, { id: 'under_3', kind: 'exempt', for: { ageYears: { under: 3 } } }]).en).toBe(
      '[(a negative result within 48 hours of sampling, else testing, else report issue, or a sampling ' +
        'record from Shanghai within 24 hours), and no stay in a high-risk area within 7 calendar days, ' +
        'counted from leaving it]; or for people under 3: nothing is asked',
    );
  });
  it('never open two brackets of one kind at once', () => {
    for (const words of Object.values(wordsOfClauses([both, either]))) expect(words).not.toMatch(/（（|））|\(\(|\)\)/);
  });
});

describe('for whom', () => {
  it.each([
    [
      { notVisited: { places: ['4401'], window: WEEK } },
      '7日内（自离开起算）无区划4401旅居史者',
      'people without a stay in an area in 4401 within 7 calendar days, counted from leaving it',
    ],
    [
      { visited: { window: WEEK } },
      '7日内（自离开起算）有风险区旅居史者',
      'people with a stay in a risk area within 7 calendar days, counted from leaving it',
    ],
    [
      { registeredOutside: ['4401', '4406'], transferHoursAtMost: 24 },
      '中转不超过24小时且身份证不属区划4401、4406者',
      'people in transit who go on within 24 hours and, at the same time, people registered elsewhere ' +
        'than in 4401, 4406',
    ],
    [{ commuter: true, entry: 'later' }, '再次进入且属通勤人员者', 'later entries and, at the same time, commuters'],
  ] as const)('%j', (text, zh, en) => {
    expect(wordsOfFor(text)).toEqual({ zh, en });
  });
});
