/** What install.sh can't install it names in one line, with the command to run, and stops. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ROOT } from '#platform/folders.ts';

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'hutong-bin-'));
  for (const name of ['bash', 'dirname', 'sha256sum', 'cut', 'sed', 'head', 'tr', 'uname', 'cat', 'npm']) link(name);
  symlinkSync(process.execPath, join(bin, 'node'));
  script('id', 'echo 0');
});
afterEach(() => rmSync(bin, { recursive: true }));

function link(name: string): void {
  const dir = (process.env['PATH'] ?? '').split(delimiter).find((one) => existsSync(join(one, name)));
  if (dir === undefined) throw new Error(`${name} is missing on this machine`);
  symlinkSync(join(dir, name), join(bin, name));
}

function script(name: string, body: string): void {
  rmSync(join(bin, name), { force: true });
  writeFileSync(join(bin, name), `#!${join(bin, 'bash')}\n${body}\n`, { mode: 0o755 });
}

function install(...further: readonly string[]): { status: number | null; lines: string[] } {
  const { status, stderr } = spawnSync(join(bin, 'bash'), [join(ROOT, 'infra/install.sh'), ...further], {
    env: { PATH: bin, CACHE_DIR: join(bin, 'cache') },
    encoding: 'utf8',
  });
  return { status, lines: stderr.trim().split('\n') };
}

it('names the packages and the command where there is no apt', () => {
  const { status, lines } = install();
  expect(status).not.toBe(0);
  expect(lines).toHaveLength(1);
  const install17 = 'apt-get install -y --no-install-recommends openjdk-17-jre-headless maven redis-server prometheus';
  expect(lines[0]).toMatch(new RegExp(`without apt-get.*: apt-get update && ${install17}$`));
});

it('names the command where it is neither root nor may use sudo', () => {
  script('id', 'echo 1000');
  script('apt-get', 'exit 99');
  const { status, lines } = install();
  expect(status).not.toBe(0);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/without root or sudo; as root run: apt-get update && apt-get install/);
});

it('names only what is missing', () => {
  for (const name of ['redis-server', 'prometheus', 'mvn']) script(name, '');
  script('java', `echo 'openjdk version "11.0.2" 2019-01-15' >&2`);
  expect(install().lines[0]).toMatch(/recommends openjdk-17-jre-headless$/);
});

it('names a program that only one command needs where that command asks for it', () => {
  for (const name of ['redis-server', 'prometheus', 'mvn']) script(name, '');
  script('java', `echo 'openjdk version "21.0.2" 2024-01-16' >&2`);
  expect(install('wrk').lines[0]).toMatch(/recommends wrk$/);
});

it('says where Node comes from when it is too old', () => {
  script('node', 'if [[ $1 == -p ]]; then echo 18; else echo v18.0.0; fi');
  const { status, lines } = install();
  expect(status).not.toBe(0);
  expect(lines).toEqual([expect.stringMatching(/node v18\.0\.0 is too old: install Node\.js 20 or later/)]);
});
