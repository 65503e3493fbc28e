/**
 * Views that earlier versions stored: they are read as they were, and whatever one of them may lack marks its person
 * until the rebuild.
 */

import avro, { type Type } from 'avsc';
import { describe, expect, it } from 'vitest';
import type { PersonEvent } from '#core/events/events.ts';
import { DAY_MS } from '#core/field/time.ts';
import { merge, mergeSettled, mergeUnreadable } from '#core/view/merge.ts';
import { isIncomplete } from '#core/view/unreadable.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { readVersions } from '#exchange/topics/schemas.ts';
import { decodeView, encodeView } from '#exchange/view/codec.ts';
import {
  at,
  codeAssigned,
  exposureRecorded,
  samplingRecorded,
  testReported,
  vaccinationAdministered,
} from '#exercises/town/events.ts';

const TYPES: readonly Type[] = readVersions('view/person-view').map((text) => avro.Type.forSchema(JSON.parse(text)));
const viewOf = (events: readonly PersonEvent[]): PersonView => events.reduce(merge, EMPTY_VIEW);

/** The bytes of a view without cuts, as a version stored it. */
function stored(version: number, view: PersonView, changed: object = {}): Buffer {
  const tests = (list: PersonView['datedTests']) => list.map((register) => ({ ...register, issuedAfterMs: 0 }));
  const former = {
    ...view,
    datedTests: tests(view.datedTests),
    datedTestsCut: null,
    undatedTests: tests(view.undatedTests),
    undatedTestsCut: null,
    samplingsCut: null,
    dosesCut: false,
    codesCut: null,
    exposuresCut: null,
    unreadableCut: false,
    ...changed,
  };
  return Buffer.concat([Buffer.of(version), (TYPES[version - 1] as Type).toBuffer(former)]);
}

describe('a view that version 5 stored', () => {
  it('is read as it was, with no runs', () => {
    const [first, corrected] = [
      testReported(),
      testReported({ status: 'corrected', reportIssuedAtMs: at('2022-08-09') }),
    ];
    const view = viewOf([first, corrected, samplingRecorded()]);
    const bytes = Buffer.concat([Buffer.of(5), (TYPES[4] as Type).toBuffer(view)]);
    expect(decodeView(bytes)).toEqual(view);
    const withRuns = viewOf([testReported({ run: 'R1' })]);
    expect(decodeView(Buffer.concat([Buffer.of(5), (TYPES[4] as Type).toBuffer(withRuns)]))).toEqual({
      ...withRuns,
      datedTests: withRuns.datedTests.map((register) => ({ ...register, run: null })),
    });
  });
});

describe('a view that version 1 stored', () => {
  const before = [
    testReported({ poolSize: 1 }),
    testReported({ poolSize: null, sampleId: 'S2', sampledAtMs: null, sampledAtPrecision: null }),
    samplingRecorded(),
    vaccinationAdministered(),
  ];
  it('is read, with no codes and no exposures', () => {
    expect(decodeView(stored(1, viewOf(before)))).toEqual(viewOf(before));
    expect(decodeView(stored(1, EMPTY_VIEW))).toEqual(EMPTY_VIEW);
    expect(decodeView(stored(1, mergeUnreadable(viewOf(before), { topic: 'tests', offset: 9 })))).toMatchObject({
      unreadable: [{ topic: 'tests', offset: 9, isSettled: false }],
      unreadableBounds: [],
      codes: [],
      exposures: [],
    });
  });
  it('is merged on, and then written as version 6, as if it had never been stored', () => {
    const after = [codeAssigned(), exposureRecorded(), testReported({ status: 'corrected', result: 'positive' })];
    const merged = after.reduce(merge, decodeView(stored(1, viewOf(before))));
    expect(merged).toEqual(viewOf([...before, ...after]));
    expect(encodeView(merged)).toEqual(encodeView(viewOf([...after, ...before])));
    expect(encodeView(merged)[0]).toBe(6);
  });
});

describe('a view that version 2 stored', () => {
  const eight = Array.from({ length: 8 }, (_, offset) => ({ topic: 'tests', offset }));
  const marked = (unreadableCut: boolean) => stored(2, EMPTY_VIEW, { unreadable: eight, unreadableCut });
  it('is read with its marks, none of them settled', () => {
    expect(decodeView(marked(false))).toEqual({
      ...EMPTY_VIEW,
      unreadable: eight.map((mark) => ({ ...mark, isSettled: false })),
    });
  });
  it('and whose marks were cut stays marked, whatever is settled, for nobody knows which they were', () => {
    const view = decodeView(marked(true));
    const settled = eight.reduce((before, mark) => mergeSettled(before, { ...mark, through: 1_000 }), view);
    expect(isIncomplete(settled)).toBe(true);
    expect(decodeView(encodeView(settled))).toEqual(settled);
  });
});

describe('a view that version 3 stored', () => {
  it('is read, and none of its results is known to be pooled', () => {
    const view = viewOf([testReported({ poolSize: 10 }), codeAssigned()]);
    expect(view.datedTests).toMatchObject([{ isPooled: true }]);
    expect(decodeView(stored(3, view))).toEqual({
      ...view,
      datedTests: view.datedTests.map((register) => ({ ...register, isPooled: false })),
    });
  });
});

describe('a view that version 4 stored', () => {
  const events = [testReported({ poolSize: 10 }), samplingRecorded(), codeAssigned(), exposureRecorded()];
  it('is read as it was', () => {
    const view = mergeSettled(viewOf(events), { topic: 'tests', offset: 8, through: 3 });
    expect(decodeView(stored(4, view))).toEqual(view);
  });
  it('and was cut remembers that, of whom isn’t known, and of codes that one may last as long as any', () => {
    const cut = { newestDay: 19_200 };
    const tests = { ...cut, issuedAtMaxMs: at('2022-08-01') };
    const view = decodeView(
      stored(4, viewOf(events), {
        datedTestsCut: tests,
        undatedTestsCut: { ...tests, newestDay: null },
        samplingsCut: cut,
        dosesCut: true,
        codesCut: cut,
        exposuresCut: cut,
      }),
    );
    const of = { province: null };
    expect(view).toMatchObject({
      datedTestsCuts: [{ ...of, ...tests }],
      undatedTestsCuts: [{ ...of, ...tests, newestDay: null }],
      samplingsCuts: [{ ...of, ...cut }],
      dosesCuts: [of],
      codesCuts: [{ ...of, ...cut, lastEndMs: (19_201 + 31) * DAY_MS - 8 * 3_600_000 }],
      exposuresCuts: [{ ...of, ...cut }],
    });
    expect(isIncomplete(view)).toBe(false);
    expect(decodeView(encodeView(view))).toEqual(view);
  });
  const later = (view: PersonView) => ({
    datedTests: view.datedTests.map((register) => ({ ...register, issuedAfterMs: 1 })),
  });
  it.each([
    ['a test of which something was issued later than what counts', [testReported()], later],
    ['a sampling that was retracted', [samplingRecorded({ status: 'retracted' })], () => ({})],
    ['a dose that was retracted', [vaccinationAdministered({ status: 'retracted' })], () => ({})],
    ['a code that was retracted', [codeAssigned({ status: 'retracted' })], () => ({})],
    ['an exposure that was retracted', [exposureRecorded({ status: 'retracted' })], () => ({})],
  ] as const)('marks its person, whose report it may hide: %s', (_what, of, changed) => {
    const view = mergeSettled(viewOf(of), { topic: 'tests', offset: 8, through: 3 });
    expect(isIncomplete(decodeView(stored(4, view)))).toBe(_what.startsWith('a test') ? false : true);
    const read = decodeView(stored(4, view, changed(view)));
    expect(isIncomplete(mergeSettled(read, { topic: 'tests', offset: 9, through: 1_000_000 }))).toBe(true);
    expect(read.unreadableBounds.find(({ topic }) => topic === 'tests')?.settledThrough).toBe(3);
    expect(decodeView(encodeView(read))).toEqual(read);
  });
});
