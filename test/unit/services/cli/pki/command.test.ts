/** `hutong pki`: its exit statuses and what it says; never a key. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { DAY_MS } from '#core/field/time.ts';
import { pkiCommand } from '#services/cli/pki/command.ts';

const runDir = mkdtempSync(join(tmpdir(), 'hutong-pki-'));
const NOW = Date.now();

afterEach(() => {
  rmSync(runDir, { recursive: true, force: true });
  process.exitCode = 0;
});

/** Gives the command, and returns its exit status and what it printed. */
async function run(args: readonly string[], nowMs = NOW): Promise<{ status: unknown; output: string }> {
  const lines: string[] = [];
  process.exitCode = undefined;
  await pkiCommand(
    (text) => void lines.push(text),
    () => nowMs,
  ).parseAsync([...args, '--run-dir', runDir], {
    from: 'user',
  });
  return { status: process.exitCode, output: lines.join('\n') };
}

it('makes an authority, issues, renews, revokes and lists, and never prints a key', async () => {
  const outputs = [
    await run(['init']),
    await run(['init']),
    await run(['issue', 'province-43']),
    await run(['renew', 'province-43']),
    await run(['issue', 'gate-a']),
    await run(['revoke', 'gate-a']),
    await run(['list']),
  ];
  expect(outputs.map(({ status }) => status)).toEqual(outputs.map(() => 0));
  const all = outputs.map(({ output }) => output).join('\n');
  expect(all).toMatch(/Made an authority[\s\S]*already[\s\S]*province-43\.pem ends [\s\S]*Revoked 1 of gate-a/);
  expect(outputs.at(-1)?.output).toMatch(/gate-a .*revoked[\s\S]*province-43 .*valid/);
  expect(all).not.toContain('PRIVATE');
  expect(all).not.toContain(readFileSync(join(runDir, 'pki/province-43.pem'), 'utf8').split('\n')[1]);
});

it('says what is wrong', async () => {
  expect(await run(['issue', 'province-43'])).toMatchObject({ status: 1, output: expect.stringContaining('pki init') });
  await run(['init']);
  expect(await run(['issue', 'Province-43'])).toMatchObject({
    status: 1,
    output: expect.stringContaining('no principal'),
  });
  expect(await run(['renew', 'lookup'])).toMatchObject({ status: 1, output: expect.stringContaining('pki issue') });
  expect(await run(['revoke', 'lookup'])).toMatchObject({ status: 1 });
  await run(['issue', 'lookup']);
  expect(await run(['list'], NOW + 100 * DAY_MS)).toMatchObject({
    status: 1,
    output: expect.stringContaining('ended'),
  });
  await run(['revoke', 'lookup']);
  expect(await run(['renew', 'lookup'])).toMatchObject({ status: 1, output: expect.stringContaining('revoked') });
});
