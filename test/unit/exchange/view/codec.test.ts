/** The stored form of a view: the same view gives the same bytes, and bytes that can't be understood are refused. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEST_RESULTS, STATUSES } from '#core/events/events.ts';
import { DAY_MS } from '#core/field/time.ts';
import { merge, mergeSettled, mergeUnreadable } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { decodeView, encodeView } from '#exchange/view/codec.ts';
import {
  at,
  codeAssigned,
  exposureRecorded,
  samplingRecorded,
  testReported,
  vaccinationAdministered,
} from '#exercises/town/events.ts';

const test = fc
  .record({
    sampleId: fc.constantFrom('a', 'b', 'c', '样本'),
    days: fc.integer({ min: 0, max: 20 }),
    dated: fc.boolean(),
    status: fc.constantFrom(...STATUSES),
    result: fc.constantFrom(...TEST_RESULTS),
    laterMs: fc.integer({ min: 0, max: DAY_MS }),
    poolSize: fc.constantFrom(null, 1, 10),
  })
  .map(({ days, dated, laterMs, ...given }) => {
    const sampledAtMs = at('2022-08-01T08:00+08:00') + days * DAY_MS;
    return testReported({
      ...given,
      ...(dated ? { sampledAtMs } : { sampledAtMs: null, sampledAtPrecision: null }),
      reportIssuedAtMs: sampledAtMs + laterMs,
    });
  });
const sampling = fc
  .integer({ min: 0, max: 9 })
  .map((days) => samplingRecorded({ sampledAtMs: at('2022-08-01') + days * DAY_MS }));
const dose = fc
  .integer({ min: 1, max: 20 })
  .map((doseNumber) => vaccinationAdministered({ doseId: `D${doseNumber}`, doseNumber }));
const code = fc.integer({ min: 0, max: 12 }).map((days) =>
  codeAssigned({
    assignedAtMs: at('2022-08-01') + days * DAY_MS,
    ...(days % 3 === 0
      ? { state: 'green', reason: null, authority: null, legalBasis: null, expiresAtMs: null, appealContact: null }
      : {}),
  }),
);
const exposure = fc
  .integer({ min: 0, max: 12 })
  .map((days) =>
    exposureRecorded({ fromMs: at('2022-07-01') + days * DAY_MS, toMs: days % 2 === 0 ? null : at('2022-08-01') }),
  );
const histories = fc.array(fc.oneof(test, sampling, dose, code, exposure), { maxLength: 40 });
const viewOf = (events: Parameters<typeof merge>[1][]): PersonView => events.reduce(merge, EMPTY_VIEW);
const full = mergeSettled(
  mergeUnreadable(
    viewOf([testReported(), samplingRecorded(), vaccinationAdministered(), codeAssigned(), exposureRecorded()]),
    { topic: 'tests', offset: 9 },
  ),
  { topic: 'tests', offset: 8, through: 3 },
);

describe('a view', () => {
  it('comes back as it was', () => {
    expect(decodeView(encodeView(EMPTY_VIEW))).toEqual(EMPTY_VIEW);
    expect(decodeView(encodeView(full))).toEqual(full);
    fc.assert(
      fc.property(histories, (events) => {
        expect(decodeView(encodeView(viewOf(events)))).toEqual(viewOf(events));
      }),
    );
  });
  it('has the same bytes whatever the order of its events, and after each reading', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const bytes = encodeView(viewOf(events));
        expect(encodeView(viewOf(events.toReversed()))).toEqual(bytes);
        expect(encodeView(decodeView(bytes))).toEqual(bytes);
      }),
    );
  });
  it('can be merged further after a reading', () => {
    const [first, second] = [testReported(), testReported({ status: 'corrected', result: 'positive' })];
    expect(merge(decodeView(encodeView(viewOf([first]))), second)).toEqual(viewOf([first, second]));
  });
});

describe('bytes that are no view of this version', () => {
  const bytes = encodeView(full);
  it.each([
    ['none at all', Buffer.alloc(0)],
    ['version 0', Buffer.concat([Buffer.of(0), bytes.subarray(1)])],
    ['a newer version', Buffer.concat([Buffer.of((bytes[0] as number) + 1), bytes.subarray(1)])],
    ['some left over', Buffer.concat([bytes, Buffer.of(0)])],
  ])('are refused, never guessed: %s', (_what, wrong) => {
    expect(() => decodeView(wrong)).toThrow(
      expect.objectContaining({ code: 'VIEW_UNREADABLE', retriable: false }) as Error,
    );
  });
  it('are refused wherever they are cut off', () => {
    for (let end = 0; end < bytes.length; end += 1)
      expect(() => decodeView(bytes.subarray(0, end))).toThrow(
        expect.objectContaining({ code: 'VIEW_UNREADABLE' }) as Error,
      );
  });
});
