/** Doses and recovery by days and by months, at their boundaries. */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { vaccinationAdministered } from '#exercises/town/events.ts';
import { STARTS } from '#test/support/boundaries.ts';
import { decided, ms } from '#test/support/decided-at.ts';
import { ruleText } from '#test/support/lookup.ts';
import { boundaryOf, type Civil, isInside, later } from '#test/support/naive-time.ts';

describe('doses and recovery', () => {
  it('recovered at most 180 days ago isn’t six months', () => {
    const clause: ClauseText = { id: 'e', kind: 'exempt', for: { recoveredWithinDays: 180 } };
    const stated = { recoveredOnDay: Math.floor((ms('2022-01-01 00:00:00') + 8 * 3_600_000) / 86_400_000) };
    const at = (civil: Civil) => decided(ruleText({ clauses: [clause] }), [], civil, stated).outcome;
    expect([at('2022-06-30 23:59:59'), at('2022-07-01 00:00:00')]).toEqual(['recognised', 'no_evidence']);
  });
  it.each(STARTS)('a dose counts from and for months, from %s', (given) => {
    for (const end of ['inclusive', 'exclusive'] as const) {
      const window = { length: 6, unit: 'calendar_months', end } as const;
      const clause: ClauseText = { id: 'v', kind: 'vaccination', doses: 1, window };
      const dose = vaccinationAdministered({ doseNumber: 1, givenAtMs: ms(given) });
      for (const seconds of [-1, 0, 1]) {
        const at = later(boundaryOf(window, given), seconds);
        expect(decided(ruleText({ clauses: [clause] }), [dose], at).outcome === 'recognised').toBe(
          isInside(window, given, at),
        );
      }
    }
    const window = { length: 6, unit: 'calendar_months', end: 'exclusive' } as const;
    const since: ClauseText = { id: 'v', kind: 'vaccination', doses: 1, atLeastMonthsAgo: 6 };
    const dose = vaccinationAdministered({ doseNumber: 1, givenAtMs: ms(given) });
    for (const seconds of [-1, 0, 1]) {
      const at = later(boundaryOf(window, given), seconds);
      expect(decided(ruleText({ clauses: [since] }), [dose], at).outcome === 'recognised').toBe(
        !isInside(window, given, at),
      );
    }
  });
});
