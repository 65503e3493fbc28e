/** A principal's keys, changed while it works: taken from the folder, and used for signing once they are published. */

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeKeys, makeSigningKey, nextRecordKey, nextSigningKey } from '#exchange/keys/make.ts';
import { OwnKeys, OwnRecordKey, type Published } from '#exchange/keys/own-keys.ts';
import { requireKeyRing } from '#exchange/keys/ring.ts';

let folder: string;
let ids: Set<string>;
/** When keys start to count, those that don't yet. */
let starts: Record<string, number>;
let nowMs: number;
const published: Published = {
  mayTag: (id, atMs) => atMs >= (starts[`tag ${id}`] ?? 0),
  maySign: (id, atMs) => ids.has(id) && atMs >= (starts[`sign ${id}`] ?? 0),
  knows: () => ids.size > 0,
};
const look = (keys: OwnKeys): Promise<readonly string[]> => keys.look(async () => published);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-keys-'));
  makeKeys(folder, 'province-43');
  makeSigningKey(folder, 'province-43');
  ids = new Set(['province-43-1']);
  starts = {};
  nowMs = 1_000;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const idsOf = ({ recordKey, signingKey }: OwnKeys): string[] => [recordKey.id, signingKey.id];

it('the next key of records is used from the second look at it on', async () => {
  const keys = new OwnKeys(folder, 'province-43', published);
  expect(await look(keys)).toEqual([]);
  nextRecordKey(folder, 'province-43').write();
  expect([await look(keys), idsOf(keys)]).toEqual([[], ['province-43-1', 'province-43-1']]);
  expect([await look(keys), idsOf(keys)]).toEqual([['province-43-2'], ['province-43-2', 'province-43-1']]);
  expect(await look(keys)).toEqual([]);
});

it('a signing key that isn’t published was signed with, and the province claimed nothing', async () => {
  nextSigningKey(folder, 'province-43', () => false).write();
  const keys = new OwnKeys(folder, 'province-43', published);
  expect([await look(keys), await look(keys), keys.signingKey.id]).toEqual([[], [], 'province-43-1']);
  ids.add('province-43-2');
  expect([await look(keys), await look(keys), keys.signingKey.id]).toEqual([[], ['province-43-2'], 'province-43-2']);
});

it('at a start the newest that is published is signed with, or the newest where none is', () => {
  nextSigningKey(folder, 'province-43', () => false).write();
  expect(new OwnKeys(folder, 'province-43', published).signingKey.id).toBe('province-43-1');
  ids.clear();
  expect(new OwnKeys(folder, 'province-43', published).signingKey.id).toBe('province-43-2');
});

it('a key was used before its time: neither at a start nor later, and from the second look at it on', async () => {
  nextRecordKey(folder, 'province-43').write();
  nextSigningKey(folder, 'province-43', () => false).write();
  ids.add('province-43-2');
  starts = { 'tag province-43-2': 5_000, 'sign province-43-2': 6_000 };
  const keys = new OwnKeys(folder, 'province-43', published, () => nowMs);
  expect([await look(keys), await look(keys), idsOf(keys)]).toEqual([[], [], ['province-43-1', 'province-43-1']]);
  nowMs = 5_000;
  expect([await look(keys), await look(keys), idsOf(keys)]).toEqual([
    [],
    ['province-43-2'],
    ['province-43-2', 'province-43-1'],
  ]);
  nowMs = 6_000;
  expect([await look(keys), await look(keys), idsOf(keys)]).toEqual([
    [],
    ['province-43-2'],
    ['province-43-2', 'province-43-2'],
  ]);
  expect(idsOf(new OwnKeys(folder, 'province-43', published, () => nowMs))).toEqual(['province-43-2', 'province-43-2']);
});

it('what the national role says was tagged with its former key until a restart', async () => {
  makeKeys(folder, 'national');
  const national = new OwnRecordKey(folder, 'national', published);
  nextRecordKey(folder, 'national').write();
  expect([await national.look(async () => published), national.recordKey.id]).toEqual([[], 'national-1']);
  expect([await national.look(async () => published), national.recordKey.id]).toEqual([['national-2'], 'national-2']);
});

it('a file that is no key, or a folder that is gone, changes nothing', async () => {
  const keys = new OwnKeys(folder, 'province-43', published);
  writeFileSync(join(folder, 'record', 'province-43-2.key'), 'half of');
  await look(keys);
  await expect(look(keys)).rejects.toThrow('province-43-2.key is no key');
  expect(keys.recordKey.id).toBe('province-43-1');
  rmSync(folder, { recursive: true });
  expect([await look(keys), await look(keys), ...idsOf(keys)]).toEqual([[], [], 'province-43-1', 'province-43-1']);
});

it('without keys there is no producer', () => {
  expect(() => new OwnRecordKey(folder, 'province-44', published)).toThrow(
    'HUTONG_KEYS: there is no key of province-44 that counts by now',
  );
});

it('a signing key takes no number that was published before', () => {
  const next = nextSigningKey(folder, 'province-43', (id) => id === 'province-43-2');
  expect(next.publicKey.id).toBe('province-43-3');
  expect(readdirSync(join(folder, 'signing'))).toEqual(['province-43-1.pem']);
  next.write();
  expect(readdirSync(join(folder, 'signing'))).toEqual(['province-43-1.pem', 'province-43-3.pem']);
});

it('who checks needed a restart for a province’s next key, and looks for it when a record names it', () => {
  let nowMs = 0;
  const ring = requireKeyRing(folder, () => nowMs);
  nextRecordKey(folder, 'province-43').write();
  expect(ring.of('province-43-2')?.id).toBe('province-43-2');
  nextRecordKey(folder, 'province-43').write();
  expect(ring.of('province-43-3')).toBeUndefined(); // a moment later: not each record lists the folder
  nowMs += 1_000;
  expect([ring.of('no key’s name'), ring.of('province-43-3')?.id]).toEqual([undefined, 'province-43-3']);
  const before = ring.of('province-43-1');
  writeFileSync(join(folder, 'record', 'province-43-1.key'), `${'ab'.repeat(32)}\n`);
  writeFileSync(join(folder, 'record', 'province-44-1.key'), 'half of');
  nowMs += 1_000;
  expect([ring.of('province-44-1'), ring.of('province-43-1')]).toEqual([undefined, before]);
});
