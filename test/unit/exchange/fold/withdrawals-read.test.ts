/** Withdrawals as a materialiser reads them: in force when they have been read, whichever topic came first. */

import { describe, expect, it } from 'vitest';
import { signatureHeaders } from '#exchange/keys/signatures.ts';
import { publicKeyRecord } from '#exchange/topics/public-keys.ts';
import { withdrawalRecord } from '#exchange/topics/withdrawals.ts';
import { publicKey, publishedKeys, signingKey } from '#test/support/keys.ts';
import { undoing, withdrawal } from '#test/support/withdrawals.ts';
import { schemaSource } from '#test/unit/platform/kafka/support.ts';
import { START } from './support.ts';
import { exchange, type Message, watermark } from './tail.ts';

const { atMs: _at, ...WITHDRAWN } = withdrawal();
const { atMs: _when, ...UNDONE } = undoing();
const withdrawn = (signer: string, number = 1): Message =>
  withdrawalRecord({ withdrawn: WITHDRAWN }, signingKey(signer, number)) as Message;
const undone = withdrawalRecord({ undone: UNDONE }, signingKey('province-43')) as Message;

const onExchange = (ends: Record<string, number> = {}) => {
  const keys = publishedKeys();
  return { keys, ...exchange(ends, schemaSource(), keys) };
};

describe('a withdrawal', () => {
  it('is in force once it has been read, until what undoes it has', async () => {
    const { started, arrive, changes } = onExchange();
    const tail = await started;
    const inForce = (): readonly string[] => tail.freshnessAt(0, START, []).withdrawals.map(({ id }) => id);
    expect(inForce()).toEqual([]);
    await arrive('withdrawals', withdrawn('province-43'));
    expect([inForce(), changes.withdrawals]).toEqual([['w1'], 1]);
    await arrive('withdrawals', withdrawn('province-43'));
    expect(changes.withdrawals).toBe(1);
    await arrive('withdrawals', undone);
    expect([inForce(), changes.withdrawals]).toEqual([[], 2]);
  });
  it('is the same array at each step, so that nothing is written or parsed anew', async () => {
    const { started, arrive } = onExchange();
    const tail = await started;
    await arrive('withdrawals', withdrawn('province-43'));
    expect(tail.freshnessAt(0, START, []).withdrawals).toBe(tail.freshnessAt(1, START, []).withdrawals);
  });
  it('of another’s laboratory, or under another’s signature, has no effect', async () => {
    const { started, arrive } = onExchange();
    const tail = await started;
    const others = withdrawalRecord({ withdrawn: { ...WITHDRAWN, by: '44' } }, signingKey('province-44')) as Message;
    const bare = { key: Buffer.from('w1'), value: Buffer.from('{') };
    const rubbish = { ...bare, headers: signatureHeaders(signingKey('province-43'), bare) };
    await arrive('withdrawals', withdrawn('province-44'), others, rubbish, { key: null, value: null });
    expect(tail.freshnessAt(0, START, []).withdrawals).toEqual([]);
  });
  it('is waited for by whoever starts, or takes a partition over', async () => {
    const ends: Record<string, number> = { withdrawals: 1 };
    const { started, isStarted, arrive } = onExchange(ends);
    await arrive('producers');
    expect(isStarted()).toBe(false);
    await arrive('withdrawals', withdrawn('province-43'));
    const tail = await started;
    ends['withdrawals'] = 2;
    let isCaughtUp = false;
    const caughtUp = tail.caughtUp().then(() => (isCaughtUp = true));
    await arrive('producers');
    expect(isCaughtUp).toBe(false);
    await arrive('withdrawals', undone);
    await caughtUp;
    expect(tail.freshnessAt(0, START, []).withdrawals).toEqual([]);
  });
  it('that was read before its key was published is in force once that is', async () => {
    const { started, arrive, keys, changes } = onExchange();
    const tail = await started;
    await arrive('withdrawals', withdrawn('province-43', 2));
    await arrive('watermarks', watermark('43-a', 1));
    expect(tail.freshnessAt(0, START, []).withdrawals).toEqual([]);
    keys.take(publicKeyRecord(publicKey('province-43', 2), signingKey('operator')));
    await arrive('watermarks', watermark('43-a', 2));
    expect(tail.freshnessAt(0, START, []).withdrawals).toHaveLength(1);
    expect(changes.withdrawals).toBe(1);
  });
});
