/** `hutong keys rotate` without a Kafka: the next key beside the one in use, and that it shows no secret. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initPki, issueCertificates, readIssued, revokeCertificates } from '#exchange/identity/pki.ts';
import { makeKeys, makeSigningKey } from '#exchange/keys/make.ts';
import { makeClient } from '#platform/tokens/client-file.ts';
import { followRegistered, issuerIn, writeRegistered } from '#platform/tokens/registered-clients.ts';
import { keysCommand } from '#services/cli/keys/command.ts';
import { LOG } from '#test/support/first-edition.ts';

const runDir = mkdtempSync(join(tmpdir(), 'hutong-rotate-'));

afterEach(() => {
  rmSync(runDir, { recursive: true, force: true });
  process.exitCode = 0;
});

async function run(...args: readonly string[]): Promise<{ status: unknown; output: string }> {
  const lines: string[] = [];
  process.exitCode = undefined;
  const command = keysCommand(LOG, (text) => void lines.push(text));
  for (const one of command.commands) one.exitOverride().configureOutput({ writeErr: () => undefined });
  await command.parseAsync([...args, '--run-dir', runDir], { from: 'user' });
  return { status: process.exitCode, output: lines.join('\n') };
}

describe('the next of what a principal has', () => {
  const read = (path: string): string => readFileSync(join(runDir, path), 'utf8');
  const kidOf = (path: string): string => (JSON.parse(read(path)) as { privateKey: { kid: string } }).privateKey.kid;
  beforeEach(async () => {
    for (const principal of ['province-43', 'national', 'operator']) {
      makeKeys(join(runDir, 'keys'), principal);
      makeSigningKey(join(runDir, 'keys'), principal);
    }
    await initPki(join(runDir, 'pki'), Date.now());
    await issueCertificates(join(runDir, 'pki'), ['province-43', 'gate-44'], Date.now());
    for (const client of ['province-43', 'gate-44']) makeClient(join(runDir, 'clients'), client);
  });

  it('key of records lies beside the former one, and the materialisers get it first', async () => {
    const former = read('keys/record/province-43-1.key');
    const { status, output } = await run('rotate', 'province-43', 'tag-key');
    expect([status, read('keys/record/province-43-1.key')]).toEqual([0, former]);
    expect(output).not.toContain(read('keys/record/province-43-2.key').trim());
    expect(output.indexOf('materialiser')).toBeLessThan(output.indexOf("province-43's producers"));
  });

  it('signing key is not made where it can’t be published first', async () => {
    expect(await run('rotate', 'province-43', 'signing-key')).toMatchObject({
      status: 1,
      output: expect.stringContaining('give its address with --kafka'),
    });
    expect(readdirSync(join(runDir, 'keys/signing'))).not.toContain('province-43-2.pem');
  });

  it('certificate takes the place of the former one, which isn’t revoked', async () => {
    const former = read('pki/province-43.crt');
    expect((await run('rotate', 'province-43', 'certificate')).status).toBe(0);
    expect(read('pki/province-43.crt')).not.toBe(former);
    expect(readIssued(join(runDir, 'pki')).map(({ revokedAtMs }) => revokedAtMs)).toEqual([null, null, null]);
  });

  it('client key waits for an issuer that isn’t ours to know it, and is the same when asked again', async () => {
    const { output } = await run('rotate', 'province-43', 'client-key');
    expect(output).toContain('"kid":"province-43-2"');
    expect(output).not.toContain('"d":');
    expect([kidOf('clients/province-43.json'), kidOf('clients/province-43.next.json')]).toEqual([
      'province-43',
      'province-43-2',
    ]);
    expect((await run('rotate', 'province-43', 'client-key')).output).toBe(output);
  });

  it('client key is known to a development issuer beside the former one, and used at once', async () => {
    const issuer = issuerIn(runDir);
    writeRegistered(issuer, [
      { id: 'province-43', held: {}, publicKeys: [makeClient(join(runDir, 'clients'), 'province-43')] },
    ]);
    const followed = followRegistered(issuer);
    const kidsNow = (): unknown[] => followed().flatMap(({ publicKeys }) => publicKeys.map(({ kid }) => kid));
    expect(kidsNow()).toEqual(['province-43']);
    expect((await run('rotate', 'province-43', 'client-key')).status).toBe(0);
    expect([kidOf('clients/province-43.json'), ...kidsNow()]).toEqual([
      'province-43-2',
      'province-43',
      'province-43-2',
    ]);
    await run('rotate', 'province-43', 'client-key');
    expect(kidsNow()).toEqual(['province-43', 'province-43-2', 'province-43-3']);
    expect(read('issuer/clients.json')).not.toContain('"d"');
  });

  it('is given to nobody who was revoked, or does not belong', async () => {
    await revokeCertificates(join(runDir, 'pki'), 'province-43', Date.now());
    expect(await run('rotate', 'province-43', 'certificate')).toMatchObject({ status: 1 });
    expect(await run('rotate', 'province-44', 'tag-key')).toMatchObject({
      status: 1,
      output: expect.stringContaining('hutong province add 44'),
    });
    expect(await run('rotate', 'province-43', 'secret').catch((error: Error) => error.message)).toContain(
      'Allowed choices',
    );
  });

  it('is made for the national role, the operator and a gate as for a province, of what they have', async () => {
    for (const principal of ['national', 'operator']) {
      expect(await run('rotate', principal, 'tag-key')).toMatchObject({ status: 0 });
      expect(read(`keys/record/${principal}-2.key`)).not.toBe(read(`keys/record/${principal}-1.key`));
      expect((await run('rotate', principal, 'client-key')).output).toContain(`${principal} has no client`);
    }
    expect(await run('rotate', 'gate-44', 'client-key')).toMatchObject({
      status: 0,
      output: expect.stringContaining('"kid":"gate-44-2"'),
    });
    expect(await run('rotate', 'gate-44', 'certificate')).toMatchObject({ status: 0 });
    for (const what of ['tag-key', 'signing-key'])
      expect(await run('rotate', 'gate-44', what)).toMatchObject({
        status: 1,
        output: expect.stringContaining('no key'),
      });
    expect(await run('rotate', 'everybody', 'tag-key').catch((error: Error) => error.message)).toContain('province-');
  });

  it('starts no earlier than what is said of a key reaches, and a certificate has no start of its own', async () => {
    const soon = new Date(Date.now() + 30_000).toISOString();
    expect(await run('rotate', 'province-43', 'tag-key', '--valid-from', soon)).toMatchObject({
      status: 1,
      output: expect.stringContaining('less than a minute ahead'),
    });
    expect(readdirSync(join(runDir, 'keys/record'))).not.toContain('province-43-2.key');
    const refused = await run('rotate', 'gate-44', 'certificate', '--valid-from', soon).catch((error: Error) => error);
    expect(refused).toMatchObject({ message: expect.stringContaining('--valid-from is of a tag-key') });
  });
});
