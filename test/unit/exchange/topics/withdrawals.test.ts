/** Withdrawals as records: whose word they are, and that nothing else is taken for one. */

import { describe, expect, it } from 'vitest';
import { signatureHeaders } from '#exchange/keys/signatures.ts';
import { publicKeyRecord } from '#exchange/topics/public-keys.ts';
import { readWithdrawal, withdrawalRecord, withdrawerOf } from '#exchange/topics/withdrawals.ts';
import type { KafkaMessage } from '#platform/kafka/client.ts';
import { publicKey, publishedKeys, signingKey } from '#test/support/keys.ts';
import { undoing, withdrawal } from '#test/support/withdrawals.ts';

const KEYS = publishedKeys();
KEYS.take(publicKeyRecord(publicKey('national'), signingKey('operator')));
const message = (record: Partial<ReturnType<typeof withdrawalRecord>>): KafkaMessage =>
  ({ timestamp: '9', offset: '0', ...record }) as unknown as KafkaMessage;
const { atMs: _at, ...WITHDRAWN } = withdrawal();
const { atMs: _when, ...UNDONE } = undoing();

describe('a record', () => {
  it('says what was signed, and when it was appended', () => {
    const withdrawn = withdrawalRecord({ withdrawn: WITHDRAWN }, signingKey('province-43'));
    expect(readWithdrawal(message(withdrawn), KEYS)).toEqual({ withdrawn: withdrawal({ atMs: 9 }) });
    const undone = withdrawalRecord({ undone: UNDONE }, signingKey('province-43'));
    expect(readWithdrawal(message(undone), KEYS)).toEqual({ undone: undoing({ atMs: 9 }) });
    const span = { of: 'tested' as const, fromMs: 1, toMs: 2 };
    const national = withdrawalRecord({ withdrawn: { ...WITHDRAWN, by: 'national', span } }, signingKey('national'));
    expect(readWithdrawal(message(national), KEYS)).toMatchObject({ withdrawn: { by: 'national', span } });
  });
  it.each(['province-44', 'operator', 'national'])('of a province isn’t one under %s’s signature', (principal) => {
    const record = withdrawalRecord({ withdrawn: WITHDRAWN }, signingKey(principal));
    expect(readWithdrawal(message(record), KEYS)).toHaveProperty('invalid');
  });
  it('of the national role isn’t one under a province’s, nor unsigned while the nation has no key', () => {
    const withdrawn = { ...WITHDRAWN, by: 'national' as const };
    const without = publishedKeys();
    for (const signer of ['province-43', 'operator']) {
      const record = withdrawalRecord({ withdrawn }, signingKey(signer));
      expect(readWithdrawal(message(record), without)).toHaveProperty('invalid');
    }
    const unsigned = { ...withdrawalRecord({ withdrawn }, signingKey('national')), headers: {} };
    expect(readWithdrawal(message(unsigned), without)).toEqual({ unknownKey: true });
  });
  it('of a key that isn’t published yet waits for it', () => {
    const record = withdrawalRecord({ withdrawn: WITHDRAWN }, signingKey('province-43', 2));
    expect(readWithdrawal(message(record), KEYS)).toEqual({ unknownKey: true });
  });
  it('that was changed isn’t one', () => {
    const record = withdrawalRecord({ withdrawn: WITHDRAWN }, signingKey('province-43'));
    const value = Buffer.from((record.value as Buffer).toString().replace('"R1"', '"R2"'));
    expect(readWithdrawal(message({ ...record, value }), KEYS)).toHaveProperty('invalid');
  });
  it.each([
    ['nothing', null],
    ['no JSON', 'withdrawn'],
    ['nothing of either kind', '{"version":1}'],
    ['both kinds', JSON.stringify({ version: 1, withdrawn: WITHDRAWN, undone: UNDONE })],
    ['a later form', JSON.stringify({ version: 2, withdrawn: WITHDRAWN })],
    [
      'what narrows it by something unknown',
      JSON.stringify({ version: 1, withdrawn: { ...WITHDRAWN, machine: 'M1' } }),
    ],
    ['a run that is no text', JSON.stringify({ version: 1, withdrawn: { ...WITHDRAWN, run: 5 } })],
    ['no word of a run', JSON.stringify({ version: 1, withdrawn: { ...WITHDRAWN, run: undefined } })],
  ])('that holds %s isn’t one', (_what, text) => {
    const bare = { key: null, value: text === null ? null : Buffer.from(text) };
    const record = { ...bare, headers: signatureHeaders(signingKey('province-43'), bare) };
    expect(readWithdrawal(message(record as never), KEYS)).toHaveProperty('invalid');
  });
});

it('provinces and the national role withdraw, and nobody else', () => {
  expect(['province-43', 'national', 'operator', 'gate-1'].map(withdrawerOf)).toEqual(['43', 'national', null, null]);
});
