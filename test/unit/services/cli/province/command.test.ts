/** `hutong province` without a Kafka: what it makes, once, what it leaves, and that it shows no secret. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIssued, revokeCertificates } from '#exchange/identity/pki.ts';
import { makeClient } from '#platform/tokens/client-file.ts';
import { followRegistered, issuerIn, writeRegistered } from '#platform/tokens/registered-clients.ts';
import { provinceCommand } from '#services/cli/province/command.ts';

const runDir = mkdtempSync(join(tmpdir(), 'hutong-province-'));

afterEach(() => {
  rmSync(runDir, { recursive: true, force: true });
  process.exitCode = 0;
});

const add = (code: string): Promise<{ status: unknown; output: string }> => run('add', code);

async function run(...args: readonly string[]): Promise<{ status: unknown; output: string }> {
  const lines: string[] = [];
  process.exitCode = undefined;
  const given = [...args, '--run-dir', runDir];
  const command = provinceCommand((text) => void lines.push(text));
  for (const one of command.commands) one.exitOverride().configureOutput({ writeErr: () => undefined });
  await command.parseAsync(given, { from: 'user' });
  return { status: process.exitCode, output: lines.join('\n') };
}

const MADE = [
  'pki/province-43.pem',
  'clients/province-43.json',
  'keys/record/province-43-1.key',
  'keys/signing/province-43-1.pem',
];

it('makes what a province needs, says whom to give it, and shows no secret', async () => {
  const { status, output } = await add('43');
  expect(status).toBe(0);
  expect(output).toMatch(/湖南省 \/ Hunan is province-43/);
  expect(output).toContain('"hutong":{"provinces":["43"]}');
  expect(output).toContain('its rights there are still to be given');
  for (const path of MADE) {
    expect(statSync(join(runDir, path)).mode & 0o777).toBe(0o600);
    const secret = readFileSync(join(runDir, path), 'utf8');
    const shown = path.endsWith('.json')
      ? (JSON.parse(secret) as { privateKey: { d: string } }).privateKey.d
      : (secret.split('\n').find((line) => line !== '' && !line.startsWith('-----')) ?? '');
    expect(shown.length).toBeGreaterThan(20);
    expect(output).not.toContain(shown);
  }
});

it('leaves what there is when it is given again', async () => {
  await add('43');
  const before = MADE.map((path) => readFileSync(join(runDir, path), 'utf8'));
  expect((await add('43')).status).toBe(0);
  expect(MADE.map((path) => readFileSync(join(runDir, path), 'utf8'))).toEqual(before);
  expect(readdirSync(join(runDir, 'keys/record'))).toHaveLength(1);
});

it('lets nobody in again who was revoked', async () => {
  await add('43');
  await revokeCertificates(join(runDir, 'pki'), 'province-43', Date.now());
  expect(await add('43')).toMatchObject({ status: 1, output: expect.stringContaining('hutong pki issue province-43') });
});

describe('the next of what a province has', () => {
  const read = (path: string): string => readFileSync(join(runDir, path), 'utf8');
  const kidOf = (path: string): string => (JSON.parse(read(path)) as { privateKey: { kid: string } }).privateKey.kid;
  beforeEach(async () => void (await add('43')));

  it('key of records lies beside the former one, and the materialisers get it first', async () => {
    const former = read('keys/record/province-43-1.key');
    const { status, output } = await run('rotate', '43', 'tag-key');
    expect([status, read('keys/record/province-43-1.key')]).toEqual([0, former]);
    expect(output).not.toContain(read('keys/record/province-43-2.key').trim());
    expect(output.indexOf('materialiser')).toBeLessThan(output.indexOf("province-43's producers"));
  });

  it('signing key is not made where it can’t be published first', async () => {
    expect(await run('rotate', '43', 'signing-key')).toMatchObject({
      status: 1,
      output: expect.stringContaining('give its address with --kafka'),
    });
    expect(readdirSync(join(runDir, 'keys/signing'))).toEqual(['province-43-1.pem']);
  });

  it('certificate takes the place of the former one, which isn’t revoked', async () => {
    const former = read('pki/province-43.crt');
    expect((await run('rotate', '43', 'certificate')).status).toBe(0);
    expect(read('pki/province-43.crt')).not.toBe(former);
    expect(readIssued(join(runDir, 'pki')).map(({ revokedAtMs }) => revokedAtMs)).toEqual([null, null]);
  });

  it('client key waits for an issuer that isn’t ours to know it, and is the same when asked again', async () => {
    const { output } = await run('rotate', '43', 'client-key');
    expect(output).toContain('"kid":"province-43-2"');
    expect(output).not.toContain('"d":');
    expect([kidOf('clients/province-43.json'), kidOf('clients/province-43.next.json')]).toEqual([
      'province-43',
      'province-43-2',
    ]);
    expect((await run('rotate', '43', 'client-key')).output).toBe(output);
  });

  it('client key is known to a development issuer beside the former one, and used at once', async () => {
    const issuer = issuerIn(runDir);
    writeRegistered(issuer, [
      { id: 'province-43', held: {}, publicKeys: [makeClient(join(runDir, 'clients'), 'province-43')] },
    ]);
    const followed = followRegistered(issuer);
    const kidsNow = (): unknown[] => followed().flatMap(({ publicKeys }) => publicKeys.map(({ kid }) => kid));
    expect(kidsNow()).toEqual(['province-43']);
    expect((await run('rotate', '43', 'client-key')).status).toBe(0);
    expect([kidOf('clients/province-43.json'), ...kidsNow()]).toEqual([
      'province-43-2',
      'province-43',
      'province-43-2',
    ]);
    await run('rotate', '43', 'client-key');
    expect(kidsNow()).toEqual(['province-43', 'province-43-2', 'province-43-3']);
    expect(read('issuer/clients.json')).not.toContain('"d"');
  });

  it('is given to nobody who was revoked, or does not belong', async () => {
    await revokeCertificates(join(runDir, 'pki'), 'province-43', Date.now());
    expect(await run('rotate', '43', 'certificate')).toMatchObject({ status: 1 });
    expect(await run('rotate', '44', 'tag-key')).toMatchObject({
      status: 1,
      output: expect.stringContaining('hutong province add 44'),
    });
    expect(await run('rotate', '43', 'secret').catch((error: Error) => error.message)).toContain('Allowed choices');
  });
});
