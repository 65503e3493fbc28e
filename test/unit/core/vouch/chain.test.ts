/** A head is of one list of records in one order, and of no other. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameHead, linked, NO_RECORD } from '#core/vouch/chain.ts';

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const headOf = (digests: readonly Buffer[]) => digests.reduce(linked, NO_RECORD);

describe('the head of a chain', () => {
  it('counts its records', () => {
    expect(headOf([])).toEqual(NO_RECORD);
    expect(headOf([Buffer.alloc(32, 1), Buffer.alloc(32, 2)]).number).toBe(2);
  });
  it('is the same for the same records in the same order, and for no others', () => {
    fc.assert(
      fc.property(fc.array(digest, { maxLength: 8 }), fc.array(digest, { maxLength: 8 }), (some, others) => {
        const isSame = some.length === others.length && some.every((one, index) => one.equals(others[index] as Buffer));
        expect(isSameHead(headOf(some), headOf(others))).toBe(isSame);
        expect(isSameHead(headOf(some), headOf([...some]))).toBe(true);
      }),
    );
  });
});
