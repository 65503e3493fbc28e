/** What every answer shows beside the evidence. */

import { describe, expect, it } from 'vitest';
import { type OnRecord, onRecordAt } from '#core/answer/on-record.ts';
import { NO_CODE_TABLES } from '#core/codes/conversion.ts';
import { DAY_MS, formatTime, HOUR_MS } from '#core/field/time.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { at, codeAssigned, exposureRecorded, personErased, vaccinationAdministered } from '#exercises/town/events.ts';

const NOW_MS = at('2022-08-10T12:00+08:00');

function standing(view: PersonView | null, atMs: number): OnRecord {
  return onRecordAt(view, {
    destination: '44',
    atMs,
    codeBook: NO_CODE_TABLES,
    mayMissEvents: false,
    mayHoldForged: false,
  });
}

describe('what stands on record', () => {
  it('is nothing for someone without a view', () => {
    expect(standing(null, NOW_MS)).toMatchObject({
      code: { passes: true, clearedBy: [] },
      codes: [],
      codesMayMissSome: false,
      exposures: [],
      doses: [],
    });
  });
  it('names the province that assigned a code, its grounds, and that it alone may clear it', () => {
    const view = merge(
      EMPTY_VIEW,
      codeAssigned({
        province: '41',
        state: 'red',
        assignedAtMs: NOW_MS - HOUR_MS,
        recordedAtMs: NOW_MS - HOUR_MS,
        expiresAtMs: NOW_MS + DAY_MS,
      }),
    );
    expect(standing(view, NOW_MS).codes).toMatchObject([
      {
        state: 'red',
        assignedBy: { province: '41', name: { en: 'Henan' } },
        clearedBy: { province: '41' },
        expiresAt: '2022-08-11T12:00:00+08:00',
      },
    ]);
    expect(standing(view, NOW_MS).codes[0]?.reason).not.toBeNull();
    expect(standing(view, NOW_MS + DAY_MS).codes).toEqual([]);
  });
  it('shows exposures for a fortnight after leaving, and those that have not ended', () => {
    const left = merge(
      EMPTY_VIEW,
      exposureRecorded({ fromMs: NOW_MS - 2 * DAY_MS, toMs: NOW_MS - DAY_MS, recordedAtMs: NOW_MS - DAY_MS }),
    );
    expect(standing(left, NOW_MS).exposures).toHaveLength(1);
    expect(standing(left, NOW_MS + 13 * DAY_MS).exposures).toEqual([]);
    const there = merge(
      EMPTY_VIEW,
      exposureRecorded({ fromMs: NOW_MS - 2 * DAY_MS, toMs: null, recordedAtMs: NOW_MS - DAY_MS }),
    );
    expect(standing(there, NOW_MS + 60 * DAY_MS).exposures).toMatchObject([{ to: null }]);
    expect(standing(there, NOW_MS - 3 * DAY_MS).exposures).toEqual([]);
  });
  it('says what was erased, of whom and up to when', () => {
    const own = personErased({ province: '43', takes: 'own', erasesThroughMs: NOW_MS });
    const all = personErased({ erasesThroughMs: NOW_MS - DAY_MS });
    expect(standing([own, all].reduce(merge, EMPTY_VIEW), NOW_MS)).toMatchObject({
      erasedThrough: formatTime(NOW_MS - DAY_MS),
      erasures: [{ publisher: { province: '43' }, through: formatTime(NOW_MS) }],
    });
    expect(standing(EMPTY_VIEW, NOW_MS)).toMatchObject({ erasedThrough: null, erasures: [] });
  });
  it('shows doses that were given and not retracted', () => {
    const dose = vaccinationAdministered({ givenAtMs: NOW_MS - DAY_MS, recordedAtMs: NOW_MS - DAY_MS });
    expect(standing(merge(EMPTY_VIEW, dose), NOW_MS).doses).toHaveLength(1);
    expect(standing(merge(merge(EMPTY_VIEW, dose), { ...dose, status: 'retracted' }), NOW_MS).doses).toEqual([]);
  });
});
