/** What of a record goes into the next edition of the log, and what stays where it is. */
import { describe, expect, it } from 'vitest';
import { advancePersonKey } from '#core/identity.ts';
import { settlementHeaders } from '#topics/letters.ts';
import { partitionOf } from '#topics/partitioner.ts';
import type { IncomingRecord } from '#topics/records.ts';
import { type EditionPlan, intoEdition } from '../../../../services/cli/log/new-edition.ts';
import { testReported } from '#test/support/events.ts';
import { fetched, outgoing, schemaSource } from '../../topics/support.ts';

const KEY = Buffer.from('aaaaaaaaaaaaaaaa');
const SECRETS = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const PLAN: EditionPlan = { edition: 2, partitions: 16, partitionsBefore: 8, keyVersion: null, secrets: SECRETS, settled: new Set() };
const good = { ...fetched(outgoing(KEY, testReported()), 7, testReported().acceptedAtMs + 1_000), partition: partitionOf(KEY, 8) };
const taken = (record: Partial<IncomingRecord>, plan: Partial<EditionPlan> = {}) => intoEdition({ ...good, ...record }, { ...PLAN, ...plan }, schemaSource());

describe('a record', () => {
  it('goes with its bytes and headers to where its key lies', async () => {
    await expect(taken({})).resolves.toMatchObject({ record: { topic: 'tests-2', partition: partitionOf(KEY, 16), key: KEY, value: good.value, headers: good.headers } });
  });
  it('goes under the newer key, from the version that its header names', async () => {
    const newer = advancePersonKey(KEY, SECRETS[1] as Buffer);
    await expect(taken({}, { keyVersion: 2 })).resolves.toMatchObject({ record: { key: newer, partition: partitionOf(newer, 16), headers: { ce_personkeyversion: '2' } } });
    await expect(taken({ headers: { ...good.headers, ce_personkeyversion: '3' } }, { keyVersion: 2 })).resolves.toEqual({ stays: 'no_key_version' });
  });
  it('that is unreadable goes too, so that its person stays marked', async () => {
    const value = Buffer.from('poison');
    await expect(taken({ value })).resolves.toMatchObject({ record: { key: KEY, value } });
  });
  it('that belongs to nobody stays', async () => {
    await expect(taken({ key: null })).resolves.toEqual({ stays: 'no_person_key' });
    await expect(taken({ partition: (good.partition + 1) % 8 })).resolves.toEqual({ stays: 'wrong_partition' });
  });
});

describe('a settled letter', () => {
  const settlement = { place: { topic: 'tests', partition: good.partition, offset: 7 }, through: null, by: 'Li', why: 'schema was missing' } as const;
  it('leaves its record behind, and the discard', async () => {
    await expect(taken({ value: Buffer.from('poison') }, { settled: new Set([`tests/${good.partition}/7`]) })).resolves.toEqual({ stays: 'settled' });
    await expect(taken({ offset: 8, value: null, headers: settlementHeaders({ ...settlement, as: 'discarded' }) })).resolves.toEqual({ stays: 'settled' });
  });
  it('that was replayed goes as the event that it is: the letter’s place means nothing in another log', async () => {
    const replayed = await taken({ offset: 8, headers: { ...good.headers, ...settlementHeaders({ ...settlement, as: 'replayed' }) } });
    expect(replayed).toMatchObject({ record: { value: good.value } });
    expect(Object.keys('record' in replayed ? replayed.record.headers : {}).filter((name) => name.startsWith('letter-'))).toEqual([]);
  });
});
