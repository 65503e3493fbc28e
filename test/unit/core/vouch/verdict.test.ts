/**
 * Claims against what is there, with histories as a producer and a log make them: batches that fail and are there
 * nevertheless, records that somebody cuts, changes, appends again or brings into another order.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Claims, type Claim } from '#core/vouch/claims.ts';
import { type Found, judgeClaims } from '#core/vouch/verdict.ts';

const PLACE = { topic: 'tests', partition: 0 };

interface Batch {
  readonly records: number;
  /** How often it fails before it is acknowledged or given up. */
  readonly failures: readonly ('there' | 'not there')[];
  readonly isGivenUp: boolean;
  readonly isStated: boolean;
}

interface History {
  readonly found: readonly Found[];
  readonly claims: readonly Claim[];
  readonly acknowledged: number;
}

/** A producer's life, as its log keeps it. */
function historyOf(batches: readonly Batch[]): History {
  const claims = new Claims(['tests'], 1);
  const stated: Claim[] = [];
  const found: Found[] = [];
  let name = 0;
  const send = (count: number): Found[] =>
    claims.numbersFor(Array.from({ length: count }, () => PLACE)).map((numbered) => {
      const digest = Buffer.alloc(32);
      digest.writeUInt32BE((name += 1));
      return { ...numbered, offset: 0, digest, isDoubtful: false };
    });
  const append = (records: readonly Found[]): void => {
    for (const record of records) found.push({ ...record, offset: found.length });
  };
  for (const { records, failures, isGivenUp, isStated } of batches) {
    for (const failure of failures) {
      const sent = send(records);
      if (failure === 'there') append(sent);
      claims.failed();
    }
    if (!isGivenUp) {
      const sent = send(records);
      append(sent);
      claims.acknowledged(sent.map(({ digest }) => ({ ...PLACE, digest })));
    }
    if (isStated) stated.push(...claims.state(true).heads);
  }
  stated.push(...claims.state(true).heads);
  return { found, claims: stated, acknowledged: claims.total };
}

const batch: fc.Arbitrary<Batch> = fc.record({
  records: fc.integer({ min: 1, max: 4 }),
  failures: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom('there' as const, 'not there' as const), { maxLength: 2 }) },
  ),
  isGivenUp: fc.boolean(),
  isStated: fc.boolean(),
});
const histories = fc.array(batch, { minLength: 1, maxLength: 8 }).map(historyOf);
const someRecord = fc.nat(1_000);
/** Places as they come to lie, whoever has brought them there. */
const laid = (found: readonly Found[]): Found[] => found.map((record, offset) => ({ ...record, offset }));
const missingIn = ({ claimedAndMissing }: ReturnType<typeof judgeClaims>): number =>
  claimedAndMissing.reduce((sum, { from, through }) => sum + through - from + 1, 0);

describe('what a producer has claimed', () => {
  it('is there where nobody touched the log, and the rest is unclaimed', () => {
    fc.assert(
      fc.property(histories, ({ found, claims, acknowledged }) => {
        const verdict = judgeClaims(found, claims);
        expect(verdict).toMatchObject({ claimedAndThere: acknowledged, claimedAndMissing: [], contradicts: false });
        expect(verdict.thereAndUnclaimed).toHaveLength(found.length - acknowledged);
      }),
    );
  });
  it('is there though every record was appended again, in another order', () => {
    fc.assert(
      fc.property(histories, fc.infiniteStream(fc.nat()), ({ found, claims, acknowledged }, keys) => {
        const again = found.map((record) => ({ record, key: keys.next().value as number }));
        const shuffled = again.toSorted((a, b) => a.key - b.key).map(({ record }) => record);
        const verdict = judgeClaims(laid([...found, ...shuffled]), claims);
        expect(verdict).toMatchObject({ claimedAndThere: acknowledged, claimedAndMissing: [] });
      }),
    );
  });
  it('is missing where a claimed record is cut: that one, and never none', () => {
    fc.assert(
      fc.property(histories, someRecord, ({ found, claims, acknowledged }, chosen) => {
        const whole = judgeClaims(found, claims);
        const claimed = found.filter(({ offset }) => !whole.thereAndUnclaimed.includes(offset));
        fc.pre(claimed.length > 0);
        const cut = claimed[chosen % claimed.length] as Found;
        const verdict = judgeClaims(
          found.filter((record) => record !== cut),
          claims,
        );
        expect(missingIn(verdict)).toBeGreaterThan(0);
        expect(verdict.claimedAndMissing.some(({ from, through }) => from <= cut.number && cut.number <= through)).toBe(
          true,
        );
        expect(verdict.claimedAndThere).toBeLessThan(acknowledged);
      }),
    );
  });
  it('is missing where a claimed record was changed, even by one who holds the key of its tag', () => {
    fc.assert(
      fc.property(histories, someRecord, ({ found, claims }, chosen) => {
        const whole = judgeClaims(found, claims);
        const claimed = found.filter(({ offset }) => !whole.thereAndUnclaimed.includes(offset));
        fc.pre(claimed.length > 0);
        const changed = claimed[chosen % claimed.length] as Found;
        const verdict = judgeClaims(
          found.map((record) => (record === changed ? { ...record, digest: Buffer.alloc(32, 0xff) } : record)),
          claims,
        );
        expect(missingIn(verdict)).toBeGreaterThan(0);
      }),
    );
  });
  it('stays there when somebody without a key appends what names the same numbers, before or after', () => {
    fc.assert(
      fc.property(histories, fc.boolean(), ({ found, claims, acknowledged }, isBefore) => {
        const forged = found.map((record, index): Found => ({
          ...record,
          attempt: record.attempt + (index % 3),
          digest: Buffer.alloc(32, 0xee),
          isDoubtful: true,
        }));
        const verdict = judgeClaims(laid(isBefore ? [...forged, ...found] : [...found, ...forged]), claims);
        expect(verdict).toMatchObject({ claimedAndThere: acknowledged, claimedAndMissing: [] });
      }),
    );
  });
  it('contradicts itself when as many records are claimed twice, and are not the same', () => {
    const { found, claims } = historyOf([{ records: 2, failures: [], isGivenUp: false, isStated: true }]);
    const other = claims.map((claim) => ({ ...claim, hash: Buffer.alloc(32, 1) }));
    expect(judgeClaims(found, [...claims, ...other]).contradicts).toBe(true);
  });
  it('is nothing where nothing is claimed', () => {
    const { found } = historyOf([{ records: 2, failures: [], isGivenUp: false, isStated: true }]);
    expect(judgeClaims(found, [])).toMatchObject({ claimedAndThere: 0, thereAndUnclaimed: [0, 1] });
  });
});
