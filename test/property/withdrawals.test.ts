/**
 * What is withdrawn counts as retracted: a view with withdrawals is, but for hashes, the view of the history in which
 * each result that counts and is withdrawn was retracted when it was issued; and so is every answer. The oracle folds
 * that history, so that the merge isn't judged by itself.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recognise, type RecognitionInput } from '#core/answer/recognise.ts';
import type { PersonEvent, TestReported } from '#core/events/events.ts';
import { merge } from '#core/view/merge.ts';
import { testRegisterOf } from '#core/view/registers.ts';
import { EMPTY_VIEW, type PersonView, type TestRegister } from '#core/view/view.ts';
import { withoutWithdrawn } from '#core/view/withdrawn.ts';
import { takes, type Withdrawal } from '#core/withdrawals/withdrawal.ts';
import { oracleView } from '#exercises/oracle/oracle.ts';
import { testReported } from '#exercises/town/events.ts';
import { anyInput } from '#test/support/any-input.ts';
import { anyHistory } from '#test/support/histories.ts';
import { NOW_MS } from '#test/support/lookup.ts';
import { ARE_ALL_RUNS, runs } from '#test/support/runs.ts';
import { anyWithdrawalsOf } from '#test/support/withdrawals.ts';

const testsOf = ({ datedTests, undatedTests }: PersonView): readonly TestRegister[] => [...datedTests, ...undatedTests];

function isTaken(register: TestRegister, inForce: readonly Withdrawal[]): boolean {
  return register.status !== 'retracted' && inForce.some((one) => takes(one, register));
}

/** What the laboratory would have sent. */
function retractionOf(register: TestRegister): TestReported {
  const { day, issuedAtMs, isPooled, contentHash: _hash, alsoKept: _also, ...said } = register;
  return testReported({
    ...said,
    status: 'retracted',
    reportIssuedAtMs: issuedAtMs,
    accessionedOnDay: said.sampledAtMs === null ? day : null,
    poolSize: isPooled ? 10 : null,
  });
}

/** Each result that counts and is withdrawn is retracted, until none is. */
function retracted(events: readonly PersonEvent[], inForce: readonly Withdrawal[]): readonly PersonEvent[] {
  const taken = testsOf(oracleView(events)).filter((register) => isTaken(register, inForce));
  return taken.length === 0 ? events : retracted([...events, ...taken.map(retractionOf)], inForce);
}

/** Without what tells a withdrawn result from one that was retracted. */
function comparable(view: PersonView): PersonView {
  const bare = ({ withdrawn: _withdrawn, ...register }: TestRegister): TestRegister =>
    register.status === 'retracted' ? { ...register, contentHash: Buffer.alloc(8) } : register;
  return { ...view, datedTests: view.datedTests.map(bare), undatedTests: view.undatedTests.map(bare) };
}

/** Of results that were ever reported of the person, whether they count or not. */
const historyWithdrawn = anyHistory.chain((history) =>
  fc.tuple(
    fc.constant(history.events),
    anyWithdrawalsOf(
      history.events.filter((event) => event.type === 'TestReported').map((event) => testRegisterOf(event)),
    ),
  ),
);

describe('a view with withdrawals', () => {
  it('is the view of the history in which what is withdrawn was retracted', () => {
    const seen = { taken: 0, later: 0, kept: 0 };
    fc.assert(
      fc.property(historyWithdrawn, ([events, inForce]) => {
        const view = events.reduce(merge, EMPTY_VIEW);
        const after = withoutWithdrawn(view, inForce);
        expect(comparable(after)).toEqual(comparable(oracleView(retracted(events, inForce))));
        const [before, now] = [testsOf(view), testsOf(after)];
        if (now.some(({ withdrawn }) => withdrawn !== undefined)) seen.taken += 1;
        if (now.some((one, index) => one !== before[index] && one.status !== 'retracted')) seen.later += 1;
        if (after === view && inForce.length > 0 && before.length > 0) seen.kept += 1;
      }),
      { numRuns: runs(2_000) },
    );
    if (ARE_ALL_RUNS) for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  });
  it('takes nothing further when it is asked again', () => {
    fc.assert(
      fc.property(historyWithdrawn, ([events, inForce]) => {
        const once = withoutWithdrawn(events.reduce(merge, EMPTY_VIEW), inForce);
        expect(withoutWithdrawn(once, inForce)).toBe(once);
      }),
      { numRuns: runs(500) },
    );
  });
});

/** An answer without the words in which alone a withdrawn result differs from a retracted one. */
function decided(given: RecognitionInput, view: PersonView): object {
  const {
    reason,
    finding,
    sentence: _sentence,
    standing,
    ...same
  } = JSON.parse(JSON.stringify(recognise({ ...given, snapshot: { ...given.snapshot, view } }))) as Record<
    string,
    unknown
  >;
  const isWithdrawn = finding === 'result_withdrawn';
  return { ...same, standing: { ...(standing as object), withdrawn: [] }, reason, finding, isWithdrawn };
}

describe('an answer with withdrawals', () => {
  it('is what it would be had the results been retracted, but for the reason', () => {
    let changed = 0;
    let named = 0;
    const inputWithdrawn = anyInput.chain((given) =>
      fc.tuple(fc.constant(given), anyWithdrawalsOf(given.snapshot.view === null ? [] : testsOf(given.snapshot.view))),
    );
    fc.assert(
      fc.property(inputWithdrawn, ([given, withdrawals]) => {
        const { view } = given.snapshot;
        if (view === null) return;
        const retract = (register: TestRegister): TestRegister =>
          isTaken(register, withdrawals) ? { ...register, status: 'retracted', alsoKept: null } : register;
        const after = withoutWithdrawn(view, withdrawals);
        const ifRetracted = {
          ...view,
          datedTests: view.datedTests.map(retract),
          undatedTests: view.undatedTests.map(retract),
        };
        const [is, was] = [decided(given, after), decided(given, ifRetracted)] as Record<string, unknown>[];
        const isNamed = is?.['isWithdrawn'] === true;
        if (isNamed) named += 1;
        if (after !== view && recognise(given).outcome !== is?.['outcome']) changed += 1;
        const reworded = isNamed ? ['reason', 'finding', 'isWithdrawn'] : [];
        for (const name of Object.keys(was ?? {}))
          if (!reworded.includes(name)) expect([name, is?.[name]]).toEqual([name, was?.[name]]);
        // A doubt is the same doubt.
        if (isNamed && is?.['reason'] !== 'result_withdrawn') expect(is?.['reason']).toBe(was?.['reason']);
      }),
      { numRuns: runs(3_000) },
    );
    if (!ARE_ALL_RUNS) return;
    expect(changed).toBeGreaterThan(10);
    expect(named).toBeGreaterThan(10);
  });
  it('stays as it is where nothing of the person is withdrawn', () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const { view } = given.snapshot;
        if (view !== null) expect(withoutWithdrawn(view, [])).toBe(view);
        expect(given.nowMs).toBe(NOW_MS);
      }),
      { numRuns: runs(100) },
    );
  });
});
