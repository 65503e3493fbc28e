/** What could turn a "no", where test/unit/core/answer doesn't look: doses that were cut, and stays taken back. */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { latestAnchorOfCutMs } from '#core/decision/doubt.ts';
import { DAY_MS } from '#core/field/time.ts';
import { endOfDayMs } from '#core/trial/window.ts';
import type { PersonView } from '#core/view/view.ts';
import { exposureRecorded, vaccinationAdministered } from '#exercises/town/events.ts';
import { ask, freshness, inForce, NOW_MS, ruleText, snapshot, viewOf } from '#test/support/lookup.ts';
import { answer, issued, result } from '../answer/occasion-answer.ts';

describe('doses that were cut', () => {
  const view = { ...viewOf(vaccinationAdministered({ doseNumber: 1 })), dosesCuts: [{ province: null }] };
  it('leave no plain no where a clause asks for doses, and only there', () => {
    const doses = inForce(ruleText({ clauses: [{ id: 'v', kind: 'vaccination', doses: 2 }] }));
    expect(ask(view, { policy: doses })).toMatchObject({ outcome: 'undetermined', reason: 'history_cut' });
    expect(ask({ ...view, dosesCuts: [] }, { policy: doses }).outcome).toBe('no_evidence');
    expect(ask(view).outcome).toBe('no_evidence');
  });
});

describe('a stay recorded by a province that is behind', () => {
  const none: ClauseText = {
    id: 'n',
    kind: 'no_visit',
    levels: ['high'],
    window: { length: 7, unit: 'calendar_days', end: 'inclusive' },
  };
  const policy = inForce(ruleText({ clauses: [{ id: 'b', kind: 'all_of', of: [{ ...result, from: ['43'] }, none] }] }));
  const asked = (status: 'final' | 'retracted') => {
    const stay = {
      fromMs: NOW_MS - 4 * DAY_MS,
      toMs: NOW_MS - 3 * DAY_MS,
      province: '51',
      riskArea: '510107',
    } as const;
    const view = viewOf(issued(60), exposureRecorded(stay), exposureRecorded({ ...stay, exposureId: 'E2', status }));
    const retracted = { ...view, exposures: view.exposures.filter((one) => one.status === status) };
    return ask(null, { snapshot: snapshot(retracted, { freshness: freshness({ '51': null }) }), policy });
  };
  it('may be taken back there, unless it was', () => {
    expect(asked('final')).toMatchObject({ outcome: 'undetermined', reason: 'province_behind' });
    expect(asked('retracted').reason).not.toBe('province_behind');
  });
});

describe('a stay that grants something to others', () => {
  const high = { levels: ['high'], window: { length: 7, unit: 'calendar_days', end: 'inclusive' } } as const;
  const clauses: ClauseText[] = [{ id: 'e', kind: 'exempt', for: { visited: high, residence: 'resident' } }];
  const stay = exposureRecorded({ fromMs: NOW_MS - 4 * DAY_MS, toMs: NOW_MS - 3 * DAY_MS, riskArea: '510107' });
  const asked = (view: PersonView) => answer(view, { clauses }, { residence: 'visitor' });
  it('leaves no doubt of others that were cut where one is on record, and some where none is', () => {
    const cut = { exposuresCuts: [{ province: null, newestDay: 0 }] };
    expect(asked({ ...viewOf(stay), ...cut }).outcome).toBe('no_evidence');
    expect(asked({ ...viewOf(), ...cut })).toMatchObject({ outcome: 'undetermined', reason: 'history_cut' });
  });
});

describe('the latest that a result that was cut can count from', () => {
  const cut = { newestDay: 20_000, issuedAtMaxMs: endOfDayMs(20_001) };
  it('is the report, or the end of the newest day where it counts from the sampling', () => {
    expect(latestAnchorOfCutMs(['report_issued'], cut)).toBe(cut.issuedAtMaxMs);
    expect(latestAnchorOfCutMs(['sampled'], cut)).toBe(endOfDayMs(20_000));
    expect(latestAnchorOfCutMs(['sampled', 'tested'], cut)).toBe(cut.issuedAtMaxMs);
    expect(latestAnchorOfCutMs(['tested', 'sampled'], { ...cut, issuedAtMaxMs: 0 })).toBe(endOfDayMs(20_000));
  });
  it('is nothing where it counts from the sampling and has no day', () => {
    expect(latestAnchorOfCutMs(['sampled'], { ...cut, newestDay: null })).toBe(Number.NEGATIVE_INFINITY);
  });
});
