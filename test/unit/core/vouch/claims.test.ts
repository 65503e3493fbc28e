/** What a process claims, and what a reader makes of it: never more, and nothing without the full statement. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Claims, ClaimsRead, type Statement } from '#core/vouch/claims.ts';

const TOPICS = ['tests', 'codes'];
const digest = (name: string): Buffer => Buffer.alloc(32, name);
const numbersIn = (heads: ReadonlyMap<string, { readonly number: number }> | null) =>
  heads === null ? null : Object.fromEntries([...heads].map(([place, { number }]) => [place, number]));

function acknowledge(claims: Claims, topic: string, partition: number, name: string): void {
  claims.numbersFor([{ topic, partition }]);
  claims.acknowledged([{ topic, partition, digest: digest(name) }]);
}

describe('a process', () => {
  it('states everything at first, a partition without records too, and no topic that it wasn’t told of', () => {
    const { sequence, full, heads } = new Claims(TOPICS, 2).state(false);
    expect([sequence, full]).toEqual([1, 1]);
    expect(heads.map(({ topic, partition, number }) => `${topic} ${partition} ${number}`)).toEqual([
      'tests 0 0',
      'tests 1 0',
      'codes 0 0',
      'codes 1 0',
    ]);
  });
  it('then states what has changed since the full statement, not since the one before', () => {
    const claims = new Claims(TOPICS, 2);
    claims.state(true);
    acknowledge(claims, 'tests', 1, 'a');
    expect(claims.state(false)).toMatchObject({ sequence: 2, full: 1, heads: [{ topic: 'tests', number: 1 }] });
    acknowledge(claims, 'codes', 0, 'b');
    expect(claims.state(false)).toMatchObject({ full: 1, heads: [{ topic: 'tests' }, { topic: 'codes' }] });
    expect(claims.state(true)).toMatchObject({ sequence: 4, full: 4 });
    expect(claims.state(false).heads).toEqual([]);
  });
  it('numbers records of a batch in each partition, and goes on from what was acknowledged', () => {
    const claims = new Claims(TOPICS, 2);
    const batch = [0, 1, 0].map((partition) => ({ topic: 'tests', partition }));
    expect(claims.numbersFor(batch).map(({ number }) => number)).toEqual([1, 1, 2]);
    claims.failed();
    expect(claims.numbersFor(batch)).toEqual([
      { attempt: 1, number: 1 },
      { attempt: 1, number: 1 },
      { attempt: 1, number: 2 },
    ]);
    claims.acknowledged(batch.map((place) => ({ ...place, digest: digest('a') })));
    expect(claims.total).toBe(3);
    expect(claims.numbersFor(batch).map(({ number }) => number)).toEqual([3, 2, 4]);
  });
  it('claims nothing of a batch that failed', () => {
    const claims = new Claims(TOPICS, 1);
    claims.numbersFor([{ topic: 'tests', partition: 0 }]);
    claims.failed();
    expect(claims.total).toBe(0);
    expect(claims.isOf({ topic: 'watermarks', partition: 0 })).toBe(false);
  });
});

describe('a reader', () => {
  it('knows all that is claimed once it has the full statement, however few of the others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ partition: fc.nat(2), isFull: fc.boolean(), isLost: fc.boolean() }), { maxLength: 30 }),
        (steps) => {
          const claims = new Claims(['tests'], 3);
          const read = new ClaimsRead();
          const has = [0, 0, 0];
          const taken = new Set<number>();
          expect(numbersIn(read.take(claims.state(true)))).toEqual({ 'tests 0': 0, 'tests 1': 0, 'tests 2': 0 });
          taken.add(1);
          for (const { partition, isFull, isLost } of steps) {
            acknowledge(claims, 'tests', partition, 'x');
            has[partition] = (has[partition] ?? 0) + 1;
            const statement = claims.state(isFull);
            if (isLost) continue;
            const [a = 0, b = 0, c = 0] = has;
            if (statement.full === statement.sequence) taken.add(statement.sequence);
            expect(numbersIn(read.take(statement))).toEqual(
              taken.has(statement.full) ? { 'tests 0': a, 'tests 1': b, 'tests 2': c } : null,
            );
          }
        },
      ),
    );
  });
  it('that lacks the full statement takes none until the next full one', () => {
    const claims = new Claims(['tests'], 1);
    const statements: Statement[] = [true, false, true, false].map((isFull) => claims.state(isFull));
    const read = new ClaimsRead();
    expect(statements.slice(1).map((statement) => read.take(statement) !== null)).toEqual([false, true, true]);
  });
});
