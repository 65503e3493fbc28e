/** What clears a state by several tests keeps the gap of its duty. */

import { expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import type { DutyText, StateText } from '#core/rules/rule-text.ts';
import { ruleText } from '#test/support/lookup.ts';

const title = { zh: '检', en: 'test' };
const missed: ClauseText = { id: 'q', kind: 'duty', duty: 'd', is: 'missed' };
const twoInThreeDays: ClauseText = {
  id: 'two',
  kind: 'tests',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
  count: 2,
  window: { length: 3, unit: 'calendar_days', end: 'inclusive' },
  sinceDayOfStay: 1,
};
const asked: DutyText = {
  id: 'd',
  title,
  tests: {
    takes: 'results',
    spans: [{ count: 2, unit: 'hours', from: 0, to: 72 }],
    apart: { atLeastHours: 24 },
    landing: 'counted',
  },
};
const state = (given: Partial<StateText>): StateText => ({ state: 'yellow', title, ...given });

it('keeps the gap of its duty, or is refused', () => {
  const faults = (states: StateText[]) =>
    faultsOfBook([
      ruleText({
        id: '43/entry',
        province: '43',
        inForce: { from: '2022-01-01T00:00+08:00', until: '2022-02-01T00:00+08:00' },
        states,
        duties: [asked],
      }),
    ])
      .map(({ pointer }) => pointer)
      .filter((pointer) => pointer.startsWith('/states'));
  const by = (apart: object) => ({ ...twoInThreeDays, ...apart }) as ClauseText;
  for (const when of [{}, { when: missed }]) {
    expect(faults([state({ ...when, unless: by({}) })])).toEqual(['/states/0/unless/apart']);
    expect(faults([state({ ...when, unless: by({ apart: { atLeastHours: 23 } }) })])).toHaveLength(1);
    expect(faults([state({ ...when, unless: by({ apart: { atLeastHours: 24 } }) })])).toEqual([]);
  }
  expect(faults([state({ unless: by({ count: 3 }) })])).toEqual([]);
});
