/** The identity of a process: read from files, and read anew when they change, whole or not at all. */

import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ensurePasswords,
  filesIn,
  initPki,
  issueCertificates,
  readIssued,
  templateIn,
} from '#exchange/identity/pki.ts';
import { Metrics } from '#platform/metrics.ts';
import { exposeEnds, filesOf, Identity } from '#platform/tls.ts';

const NOW = Date.now();
const root = mkdtempSync(join(tmpdir(), 'hutong-tls-'));
const ofAll = templateIn(root);
const files = filesOf(ofAll, 'lookup');

beforeAll(async () => {
  await initPki(root, NOW);
  await issueCertificates(root, ['lookup', 'broker'], NOW);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

it('says whose it is and when it ends, as a metric too', async () => {
  const identity = new Identity(files);
  expect(identity.principal).toBe('lookup');
  const endsAtMs = Math.floor((readIssued(root)[0]?.toMs ?? 0) / 1_000) * 1_000;
  expect(identity.endsAtMs).toBe(endsAtMs);
  const metrics = new Metrics();
  exposeEnds(metrics, [identity]);
  expect((await metrics.expose()).body).toContain(
    `hutong_certificate_ends_seconds{principal="lookup"} ${endsAtMs / 1_000}`,
  );
});

it('has a password only where there is one, read when it is asked for', () => {
  const identity = new Identity(files);
  expect(() => identity.password).toThrow(/holds no password for Redis/);
  ensurePasswords(root, ['lookup']);
  const { password } = identity;
  expect(password).toMatch(/^[\w-]{43}$/);
  ensurePasswords(root, ['lookup']);
  expect(identity.password).toBe(password);
  expect(statSync(files.password).mode & 0o777).toBe(0o600);
});

it('takes a renewed certificate for the next connection, in whole', async () => {
  const { options } = new Identity(files);
  const before = { ...options };
  expect(before.cert).toBe(before.key);
  await issueCertificates(root, ['lookup'], NOW + 1_000);
  await nextTurn();
  const after = { ...options };
  expect(after.cert).not.toBe(before.cert);
  expect(after.cert).toBe(after.key);
});

it('goes on with what it has while a replacement is broken', async () => {
  const { options } = new Identity(files);
  const before = { ...options };
  writeFileSync(`${files.cert}.half`, before.cert.slice(0, 100));
  renameSync(`${files.cert}.half`, files.cert);
  await nextTurn();
  expect({ ...options }).toEqual(before);
  await issueCertificates(root, ['lookup'], NOW);
  await nextTurn();
  expect(options.cert).not.toBe(before.cert);
});

it('refuses a key that is not that of the certificate, with the mend and without the key', () => {
  const mixed = { ...files, key: filesIn(root).of('broker') };
  expect(() => new Identity(mixed)).toThrow(expect.objectContaining({ code: 'IDENTITY_UNUSABLE' }));
  expect(() => new Identity({ ...files, ca: join(root, 'none') })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('HUTONG_TLS_CA') }),
  );
});
