/** A principal's keys, changed while it works: taken from the folder, and used for signing once they are published. */

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeKeys, makeNextKey, makeSigningKey, nextSigningKey } from '#exchange/keys/make.ts';
import { OwnKeys, type Published } from '#exchange/keys/own-keys.ts';
import { requireKeyRing } from '#exchange/keys/ring.ts';

let folder: string;
let ids: Set<string>;
const published: Published = { has: (id) => ids.has(id), knows: () => ids.size > 0 };
const look = (keys: OwnKeys): Promise<readonly string[]> => keys.look(async () => published);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-keys-'));
  makeKeys(folder, 'province-43');
  makeSigningKey(folder, 'province-43');
  ids = new Set(['province-43-1']);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const idsOf = ({ recordKey, signingKey }: OwnKeys): string[] => [recordKey.id, signingKey.id];

it('the next key of records is used from the second look at it on', async () => {
  const keys = new OwnKeys(folder, 'province-43', published);
  expect(await look(keys)).toEqual([]);
  makeNextKey(folder, 'province-43');
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
  expect(() => new OwnKeys(folder, 'province-44', published)).toThrow('HUTONG_KEYS: there is no key of province-44');
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
  makeNextKey(folder, 'province-43');
  expect(ring.of('province-43-2')?.id).toBe('province-43-2');
  makeNextKey(folder, 'province-43');
  expect(ring.of('province-43-3')).toBeUndefined(); // a moment later: not each record lists the folder
  nowMs += 1_000;
  expect([ring.of('no key’s name'), ring.of('province-43-3')?.id]).toEqual([undefined, 'province-43-3']);
  const before = ring.of('province-43-1');
  writeFileSync(join(folder, 'record', 'province-43-1.key'), `${'ab'.repeat(32)}\n`);
  writeFileSync(join(folder, 'record', 'province-44-1.key'), 'half of');
  nowMs += 1_000;
  expect([ring.of('province-44-1'), ring.of('province-43-1')]).toEqual([undefined, before]);
});
