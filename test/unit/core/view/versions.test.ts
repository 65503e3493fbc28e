/**
 * Which version of a register counts, by example, and that joining versions depends on nothing but which there are: it
 * is commutative, associative and idempotent. All of a register's kept state is compared, not only what counts.
 */

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PersonEvent, STATUSES } from '#core/events/events.ts';
import { merge } from '#core/view/merge.ts';
import { codeRegisterOf } from '#core/view/registers.ts';
import { joinCodes, joinVersions, lastEndMsOf, lastIssuedMsOf } from '#core/view/versions.ts';
import { type CodeRegister, EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { registerOf } from '#exercises/oracle/oracle-versions.ts';
import { at, codeAssigned, testReported } from '#exercises/town/events.ts';
import { runs } from '#test/support/runs.ts';

const viewOf = (...events: PersonEvent[]): PersonView => events.reduce(merge, EMPTY_VIEW);
const issued = (hour: number): number => at('2022-08-10T00:00+08:00') + hour * 3_600_000;
const report = (status: (typeof STATUSES)[number], hour: number, result: 'negative' | 'positive' = 'negative') =>
  testReported({ status, reportIssuedAtMs: issued(hour), result });

/** What counts after these, in every order of theirs. */
function counting(...events: PersonEvent[]): string {
  const shown = orders(events).map((order) => {
    const { datedTests } = viewOf(...order);
    return datedTests.map(({ status, issuedAtMs }) => `${status}@${(issuedAtMs - issued(0)) / 3_600_000}`).join();
  });
  expect(new Set(shown).size).toBe(1);
  return shown[0] as string;
}

function orders<T>(of: readonly T[]): T[][] {
  if (of.length < 2) return [[...of]];
  return of.flatMap((one, index) => orders(of.toSpliced(index, 1)).map((rest) => [one, ...rest]));
}

describe('the version that counts', () => {
  it('has the highest rank of what stands, whatever was issued later', () => {
    expect(counting(report('corrected', 3), report('final', 4))).toBe('corrected@3');
    expect(counting(report('final', 3), report('preliminary', 4))).toBe('final@3');
  });
  it('is the later issue of one rank', () => {
    expect(counting(report('final', 3), report('final', 4))).toBe('final@4');
  });
  it('is decided by content where rank and issue are equal, and only by content', () => {
    const negative = testReported({ eventId: 'a', acceptedAtMs: 1, producerInstance: '43-a' });
    const positive = testReported({ eventId: 'b', acceptedAtMs: 2, producerInstance: '43-b', result: 'positive' });
    const swapped = [
      { ...positive, acceptedAtMs: 0 },
      { ...negative, acceptedAtMs: 9 },
    ] as const;
    expect(viewOf(negative, positive)).toEqual(viewOf(...swapped));
  });
  it('is the retraction where nothing was issued after it', () => {
    expect(counting(report('retracted', 5), report('corrected', 3))).toBe('retracted@5');
    expect(counting(report('retracted', 5), report('corrected', 5))).toBe('retracted@5');
    expect(counting(report('retracted', 5), report('retracted', 4), report('final', 3))).toBe('retracted@5');
  });
  it('is a report that was issued after the retraction, for a register that nobody reported too', () => {
    expect(counting(report('retracted', 5), report('final', 6))).toBe('final@6');
    expect(counting(report('retracted', 5), report('preliminary', 6), report('corrected', 4))).toBe('preliminary@6');
  });
  it('goes by no order of single versions: a lower rank stands where the higher one is hidden', () => {
    expect(counting(report('corrected', 3), report('final', 6))).toBe('corrected@3');
    expect(counting(report('corrected', 3), report('final', 6), report('retracted', 5))).toBe('final@6');
    expect(counting(report('corrected', 3), report('final', 6), report('preliminary', 9), report('retracted', 8))).toBe(
      'preliminary@9',
    );
  });
  it('of a moved day leaves the retraction in the old register and the result in a new one', () => {
    const right = testReported({ sampledAtMs: at('2022-08-10T00:30+08:00'), status: 'corrected' });
    const view = viewOf(testReported(), right, testReported({ status: 'retracted' }));
    expect(view.datedTests.map(({ status }) => status)).toEqual(['corrected', 'retracted']);
  });
  it('of a code is the retraction after an appeal, until it is assigned anew', () => {
    const code = (status: 'final' | 'retracted', hour: number) => codeAssigned({ status, recordedAtMs: issued(hour) });
    expect(viewOf(code('final', 1), code('retracted', 2)).codes).toMatchObject([{ status: 'retracted' }]);
    expect(viewOf(code('retracted', 2), code('final', 3)).codes).toMatchObject([{ status: 'final' }]);
  });
});

/** Each rank at each of a few hours, with a few contents. */
const VERSIONS: readonly CodeRegister[] = STATUSES.flatMap((status) =>
  [0, 1, 2, 3].flatMap((hour) =>
    (['green', 'red'] as const).flatMap((state) =>
      [null, issued(24), issued(48)].map((expiresAtMs) =>
        codeRegisterOf(codeAssigned({ status, state, recordedAtMs: issued(hour), expiresAtMs })),
      ),
    ),
  ),
);
const someVersions = fc.array(fc.constantFrom(...VERSIONS), { minLength: 1, maxLength: 6 });
type Join = typeof joinCodes;
const stateOf = (versions: readonly CodeRegister[], join: Join): CodeRegister =>
  versions.reduce((known, version) => join(known, version));
const same = (a: CodeRegister, b: CodeRegister): boolean => isDeepStrictEqual(a, b);

const commutes = (join: Join) =>
  fc.property(someVersions, someVersions, (a, b) => {
    const [left, right] = [stateOf(a, join), stateOf(b, join)];
    return same(join(left, right), join(right, left));
  });
const associates = (join: Join) =>
  fc.property(someVersions, someVersions, someVersions, (a, b, c) => {
    const [one, two, three] = [stateOf(a, join), stateOf(b, join), stateOf(c, join)];
    return same(join(join(one, two), three), join(one, join(two, three)));
  });
const repeats = (join: Join) =>
  fc.property(someVersions, (versions) => {
    const state = stateOf(versions, join);
    return join(state, state) === state && versions.every((version) => join(state, version) === state);
  });

describe.each([
  ['of codes', joinCodes],
  ['of all else', joinVersions],
] as const)('joining versions %s', (_name, join) => {
  it('is commutative', () => fc.assert(commutes(join), { numRuns: runs(1_000) }));
  it('is associative', () => fc.assert(associates(join), { numRuns: runs(1_000) }));
  it('is idempotent, to the same object', () => fc.assert(repeats(join), { numRuns: runs(1_000) }));
});

describe('the kept state', () => {
  const endOf = (code: Parameters<typeof lastEndMsOf>[0]): number | null =>
    code.state === 'green' ? null : (code.expiresAtMs ?? code.assignedAtMs + 31 * 86_400_000);
  it('is the oracle’s, which knows all versions at once', () => {
    fc.assert(
      fc.property(someVersions, (versions) => {
        expect(stateOf(versions, joinCodes)).toEqual(registerOf(versions, endOf));
      }),
      { numRuns: runs(1_000) },
    );
  });
  it('tells the latest issue and the latest end of all versions, hidden ones included', () => {
    fc.assert(
      fc.property(someVersions, (versions) => {
        const state = stateOf(versions, joinCodes);
        expect(lastIssuedMsOf(state)).toBe(Math.max(...versions.map(({ issuedAtMs }) => issuedAtMs)));
        expect(lastEndMsOf(state)).toBe(Math.max(...versions.map((one) => endOf(one) ?? Number.NEGATIVE_INFINITY)));
      }),
      { numRuns: runs(1_000) },
    );
  });
});

describe('a mistake is found', () => {
  const RANK = { preliminary: 0, final: 1, corrected: 2, retracted: 3 } as const;
  const byRankAlone: Join = (a, b) => ((RANK[a.status] - RANK[b.status] || a.issuedAtMs - b.issuedAtMs) >= 0 ? a : b);
  const withoutRest: Join = (a, b) => ({ ...joinCodes(a, b), alsoKept: null });
  const found = { numRuns: 3_000, endOnFailure: true };
  it('among equals the first wins', () => expect(fc.check(commutes(byRankAlone), found).failed).toBe(true));
  it('nothing is kept but what counts', () => expect(fc.check(associates(withoutRest), found).failed).toBe(true));
});
