/** What a record says of its place among its instance's, and that its tag covers it. */

import { expect, it } from 'vitest';
import { digestOf, tagHeaders, tagHolds } from '#exchange/keys/tags.ts';
import { claimHeader, claimOf } from '#exchange/topics/claim-header.ts';
import { recordKey } from '#test/support/keys.ts';

const CLAIM = { instance: '43-a', epoch: 3, attempt: 0, number: 17 };
const KEY = recordKey('province-43');
const record = (claim: Partial<typeof CLAIM>) => {
  const headers = claimHeader({ ...CLAIM, ...claim });
  return { topic: 'tests', key: Buffer.from('k'), value: Buffer.from('v'), headers };
};

it('is read as it was written', () => {
  expect(claimOf(claimHeader(CLAIM))).toEqual(CLAIM);
});

it.each([{}, { claim: '' }, { claim: '43-a/3/0' }, { claim: '43-a/3/0/0' }, { claim: '43-a/3/0/1/2' }])(
  'says nothing where it can’t be understood: %o',
  (headers) => {
    expect(claimOf(headers)).toBeNull();
  },
);

it.each([{ instance: '43-b' }, { epoch: 4 }, { attempt: 1 }, { number: 18 }])(
  'a record can’t be moved to %o without its key, and isn’t the same record there',
  (moved) => {
    const [here, there] = [record({}), record(moved)];
    const tag = tagHeaders(KEY, here);
    expect(tagHolds(KEY, { ...here, headers: { ...here.headers, ...tag } })).toBe(true);
    expect(tagHolds(KEY, { ...there, headers: { ...there.headers, ...tag } })).toBe(false);
    expect(digestOf(here).equals(digestOf(there))).toBe(false);
  },
);
