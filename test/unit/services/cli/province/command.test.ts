/** `hutong province` without a Kafka: what it makes, once, what it leaves, and that it shows no secret. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { revokeCertificates } from '#exchange/identity/pki.ts';
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
