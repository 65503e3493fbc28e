/** Keys as files: made once, for their owner's eyes, and read back; a message never holds what is in one. */

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { principalOfKey } from '#exchange/keys/files.ts';
import { makeKeys, nextRecordKey } from '#exchange/keys/make.ts';
import { readKeyRing, requireKeyRing } from '#exchange/keys/ring.ts';
import { tagHeaders, tagHolds } from '#exchange/keys/tags.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'hutong-keys-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const RECORD = { topic: 't', key: null, value: null, headers: {} };

it('are made once, and nobody but their owner may read them', () => {
  const [path = ''] = makeKeys(folder, 'province-43');
  const before = readFileSync(path, 'utf8');
  expect([statSync(path).mode & 0o777, statSync(join(folder, 'record')).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(makeKeys(folder, 'province-43')).toEqual([]);
  expect(readFileSync(path, 'utf8')).toBe(before);
});

it('are read back: a principal tags with its newest, and the older one still holds', () => {
  makeKeys(folder, 'province-43');
  const older = readKeyRing(folder).newestOf('province-43');
  nextRecordKey(folder, 'province-43').write();
  const ring = readKeyRing(folder);
  expect(ring.newestOf('province-43').id).toBe('province-43-2');
  const tagged = { ...RECORD, headers: tagHeaders(older, RECORD) };
  expect([ring.of('province-43-1'), ring.of('province-43-2')].map((key) => key && tagHolds(key, tagged))).toEqual([
    true,
    false,
  ]);
});

it('that are missing, or none, are named by their file and not by what they hold', () => {
  expect(() => requireKeyRing(folder)).toThrow(/HUTONG_KEYS: .*record holds no key/);
  makeKeys(folder, 'operator');
  expect(() => readKeyRing(folder).newestOf('province-43')).toThrow('HUTONG_KEYS: there is no key of province-43');
  mkdirSync(join(folder, 'record'), { recursive: true });
  chmodSync(join(folder, 'record'), 0o700);
  writeFileSync(join(folder, 'record', 'province-44-1.key'), 'deadbeef');
  expect(() => readKeyRing(folder)).toThrow(/province-44-1\.key is no key: (?!.*deadbeef)/);
});

it('have names that say whose they are', () => {
  expect(['province-43-1', 'operator-1', '43', ''].map(principalOfKey)).toEqual(['province-43', 'operator', '', '']);
});
