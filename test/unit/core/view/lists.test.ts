/**
 * What fits into a view, and what a cut remembers of the rest: of each publisher by itself, so that nothing that one
 * sends pushes another's out.
 */

import { describe, expect, it } from 'vitest';
import type { PersonEvent } from '#core/events/events.ts';
import { DAY_MS } from '#core/field/time.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView, VIEW_LIMITS } from '#core/view/view.ts';
import {
  at,
  codeAssigned,
  exposureRecorded,
  samplingRecorded,
  testReported,
  vaccinationAdministered,
} from '#exercises/town/events.ts';

const viewOf = (...events: PersonEvent[]): PersonView => events.reduce(merge, EMPTY_VIEW);
const dayOf = (text: string): number => at(text) / 86_400_000 + 8 / 24;

describe('a cut', () => {
  const daily = Array.from({ length: VIEW_LIMITS.datedTestsMax + 2 }, (_, index) =>
    testReported({
      sampledAtMs: at(`2022-08-${String(index + 1).padStart(2, '0')}T12:00+08:00`),
      reportIssuedAtMs: at('2022-08-20T00:00+08:00') - index,
    }),
  );

  it('keeps the newest and remembers the newest day and the latest issue of what it dropped', () => {
    const view = viewOf(...daily);
    expect(view.datedTests.map((register) => register.day)).toEqual(
      daily
        .slice(2)
        .reverse()
        .map((event) => Math.floor((event.sampledAtMs as number) / 86_400_000)),
    );
    expect(view.datedTestsCuts).toEqual([
      { province: '43', newestDay: dayOf('2022-08-02'), issuedAtMaxMs: at('2022-08-20T00:00+08:00') },
    ]);
  });

  it('grows with another version of a register that is no longer there', () => {
    const again = testReported({ ...daily[0], status: 'corrected', reportIssuedAtMs: at('2022-08-21T00:00+08:00') });
    expect(viewOf(...daily, again).datedTestsCuts).toEqual([
      { province: '43', newestDay: dayOf('2022-08-02'), issuedAtMaxMs: at('2022-08-21T00:00+08:00') },
    ]);
  });

  it('of registers without a day leaves the dated ones alone', () => {
    const undated = Array.from({ length: VIEW_LIMITS.undatedTestsMax + 2 }, (_, index) =>
      testReported({ sampleId: `U${index}`, sampledAtMs: null, sampledAtPrecision: null }),
    );
    const view = viewOf(testReported(), ...undated);
    expect(view.datedTests).toHaveLength(1);
    expect(view.datedTestsCuts).toEqual([]);
    expect(view.undatedTests.map((register) => register.sampleId)).toEqual(['U5', 'U4', 'U3', 'U2']);
    expect(view.undatedTestsCuts).toEqual([
      { province: '43', newestDay: null, issuedAtMaxMs: testReported().reportIssuedAtMs },
    ]);
  });

  it('of samplings remembers the day, and of doses that there was one', () => {
    const samplings = [5, 4, 3, 2, 1].map((day) =>
      samplingRecorded({ sampledAtMs: at(`2022-08-0${day}T08:00+08:00`) }),
    );
    const doses = Array.from({ length: VIEW_LIMITS.dosesMax + 1 }, (_, index) =>
      vaccinationAdministered({ doseId: `D${String(index).padStart(2, '0')}` }),
    );
    const view = viewOf(...samplings, ...doses);
    expect(view.samplingsCuts).toEqual([{ province: '43', newestDay: dayOf('2022-08-01') }]);
    expect(view.doses.map((dose) => dose.doseId).at(-1)).toBe('D01');
    expect(view.dosesCuts).toEqual([{ province: '43' }]);
  });
});

describe('a cut of codes', () => {
  const day = (index: number) => ({ assignedAtMs: at('2022-08-01T12:00+08:00') + index * DAY_MS, decisionId: 'K' });
  const full = Array.from({ length: VIEW_LIMITS.codesMax }, (_, index) => codeAssigned(day(index + 1)));
  const endMs = at('2022-08-30T12:00+08:00');
  it('remembers the latest end of all versions, whether the code was cut before or after it was shortened', () => {
    const long = codeAssigned({ ...day(0), expiresAtMs: endMs, recordedAtMs: 1 });
    const short = codeAssigned({ ...day(0), expiresAtMs: endMs - 20 * DAY_MS, recordedAtMs: 2 });
    for (const events of [
      [long, short, ...full],
      [short, long, ...full],
      [...full, long, short],
      [long, ...full, short],
      [{ ...long, status: 'retracted' as const }, short, ...full],
    ])
      expect(viewOf(...events).codesCuts).toMatchObject([{ province: '43', lastEndMs: endMs }]);
  });
  it('remembers no end of green ones', () => {
    const green = codeAssigned({ ...day(0), state: 'green', expiresAtMs: endMs });
    expect(viewOf(green, ...full).codesCuts).toMatchObject([{ lastEndMs: null }]);
  });
});

describe('a publisher', () => {
  const many = (province: '43' | '44', newestDay: number): PersonEvent[] =>
    Array.from({ length: 2 * VIEW_LIMITS.exposuresMax }, (_, index) => {
      const atMs = at('2022-08-01T12:00+08:00') + (newestDay - index) * DAY_MS;
      const undated = { sampledAtMs: null, sampledAtPrecision: null, sampleId: `U${index}` };
      return [
        testReported({ province, sampledAtMs: atMs }),
        testReported({ province, ...undated }),
        samplingRecorded({ province, sampledAtMs: atMs }),
        vaccinationAdministered({ province, doseId: `D${index}` }),
        codeAssigned({ province, assignedAtMs: atMs }),
        exposureRecorded({ province, fromMs: atMs }),
      ];
    }).flat();
  const LISTS = ['datedTests', 'undatedTests', 'samplings', 'doses', 'codes', 'exposures'] as const;
  it('pushes nothing out that another published, however much it sends and however new', () => {
    const [alone, both] = [viewOf(...many('43', 0)), viewOf(...many('43', 0), ...many('44', 9))];
    for (const list of LISTS) {
      const registers: readonly { readonly province: string }[] = both[list];
      expect(registers.filter(({ province }) => province === '43')).toEqual(alone[list]);
      const cuts: readonly { readonly province: string | null }[] = both[`${list}Cuts`];
      expect(cuts.map(({ province }) => province)).toEqual(['43', '44']);
      expect(cuts[0]).toEqual(alone[`${list}Cuts`][0]);
    }
  });
});
