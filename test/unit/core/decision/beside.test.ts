/** What stands beside an outcome: which states are shown, and that nothing of it is asked for or turns the outcome. */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { formatTime, HOUR_MS } from '#core/field/time.ts';
import type { Occasion } from '#core/question/occasion.ts';
import type { DutyText, StateText } from '#core/rules/rule-text.ts';
import { NOW_MS, viewOf } from '#test/support/lookup.ts';
import { answer, issued, result, window } from '../answer/occasion-answer.ts';

const title = { zh: '示', en: 'shown' };
const recent: ClauseText = { ...result, id: 'w', window: { ...window, length: 24 } };
const stated: ClauseText = { id: 'e', kind: 'exempt', for: { residence: 'visitor' } };
const asked = (hours: number, state: Partial<StateText>, occasion: Partial<Occasion> = {}) =>
  answer(
    viewOf(issued(hours)),
    { states: [{ state: 'label', title, ...state }], freshnessBoundSeconds: 3_600_000 },
    occasion,
  );

describe('a state', () => {
  it.each<[string, number, Partial<StateText>, string[]]>([
    ['is shown to everybody where nothing is asked', 30, {}, ['label']],
    ['is shown while `when` holds', 5, { when: recent }, ['label']],
    ['is not shown once it doesn’t', 30, { when: recent }, []],
    ['is not shown while `unless` holds', 5, { unless: recent }, []],
    ['is shown once it doesn’t hold any more', 30, { unless: recent }, ['label']],
    ['is not shown where `when` turns on what nobody stated', 5, { when: stated }, []],
    ['is shown where only `unless` does', 5, { unless: stated }, ['label']],
    ['is not shown where both hold', 5, { when: recent, unless: { ...recent, id: 'u' } }, []],
  ])('%s', (_name, hours, state, shown) => {
    expect(asked(hours, state)).toMatchObject({
      outcome: 'recognised',
      states: shown.map((name) => ({ state: name })),
    });
  });
  it('ends when its condition does, which is when the answer changes', () => {
    expect(asked(5, { when: recent }).nextChangeAt).toBe(formatTime(NOW_MS + 19 * HOUR_MS + 1));
    expect(asked(5, {}).nextChangeAt).toBe(formatTime(NOW_MS + 43 * HOUR_MS + 1));
  });
  it('makes nobody state anything for its sake', () => {
    expect(asked(60, { when: stated })).toMatchObject({ outcome: 'not_recognised', statementsMissing: [] });
  });
});

it('a duty stands beside the outcome, and doesn’t turn it', () => {
  const duty: DutyText = { id: 'd', title, for: { residence: 'visitor' } };
  const owed = (residence: Occasion['residence']) =>
    answer(viewOf(issued(5)), { duties: [duty] }, { residence }).duties.map(({ certain }) => certain);
  expect([owed('visitor'), owed('resident'), owed(null)]).toEqual([[true], [], [false]]);
  expect(answer(viewOf(issued(5)), { duties: [duty] })).toMatchObject({ outcome: 'recognised', statementsMissing: [] });
});
