/** What counts of a register of which something is withdrawn, case by case; test/property has any history. */

import { describe, expect, it } from 'vitest';
import type { TestReported } from '#core/events/events.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { withoutWithdrawn } from '#core/view/withdrawn.ts';
import { at, samplingRecorded, testReported, vaccinationAdministered } from '#exercises/town/events.ts';
import { withdrawal } from '#test/support/withdrawals.ts';

const MS = at('2022-08-10T02:00+08:00');
const version = (status: TestReported['status'], later: number, run: string): TestReported =>
  testReported({ status, reportIssuedAtMs: MS + later, run });
const viewOf = (...events: Parameters<typeof merge>[1][]): PersonView => events.reduce(merge, EMPTY_VIEW);
/** Status, issue and run of what counts, with R1 withdrawn. */
function countsOf(...versions: readonly TestReported[]): unknown {
  const [register] = withoutWithdrawn(viewOf(...versions), [withdrawal()]).datedTests;
  return register === undefined ? null : [register.status, register.issuedAtMs - MS, register.run];
}

describe('where a version is withdrawn', () => {
  it('the result counts as retracted, by that withdrawal', () => {
    expect(countsOf(version('final', 1, 'R1'))).toEqual(['retracted', 1, 'R1']);
    const [register] = withoutWithdrawn(viewOf(version('final', 1, 'R1')), [withdrawal()]).datedTests;
    expect(register?.withdrawn).toEqual(withdrawal());
  });
  it('no older version speaks', () => {
    expect(countsOf(version('preliminary', 1, 'R0'), version('final', 2, 'R1'))).toEqual(['retracted', 2, 'R1']);
    expect(countsOf(version('final', 1, 'R0'), version('corrected', 2, 'R1'))).toEqual(['retracted', 2, 'R1']);
  });
  it('what was issued later and isn’t withdrawn stands', () => {
    expect(countsOf(version('corrected', 1, 'R1'), version('final', 2, 'R2'))).toEqual(['final', 2, 'R2']);
    expect(countsOf(version('corrected', 1, 'R1'), version('final', 2, 'R1'), version('preliminary', 3, 'R2'))).toEqual(
      ['preliminary', 3, 'R2'],
    );
  });
  it('that doesn’t count, nothing changes', () => {
    const versions = [version('corrected', 1, 'R2'), version('final', 2, 'R1')];
    const view = viewOf(...versions);
    expect(withoutWithdrawn(view, [withdrawal()])).toBe(view);
    expect(countsOf(version('final', 1, 'R1'), version('final', 2, 'R2'))).toEqual(['final', 2, 'R2']);
  });
  it('that was retracted by its laboratory, it says nothing of a withdrawal', () => {
    const view = viewOf(version('retracted', 1, 'R1'));
    expect(withoutWithdrawn(view, [withdrawal()])).toBe(view);
  });
});

it('takes results alone: no sampling and no dose, nor what other laboratories have said', () => {
  const view = viewOf(
    samplingRecorded({ site: 'L1' }),
    vaccinationAdministered(),
    testReported({ laboratory: 'L2', run: 'R1' }),
  );
  expect(withoutWithdrawn(view, [withdrawal()])).toBe(view);
});
