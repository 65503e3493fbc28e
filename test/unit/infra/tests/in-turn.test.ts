/** Programs beside each other: what they print is never mixed, and how each ended is known. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { InTurn } from '#infra/tests/in-turn.ts';

function inTurn() {
  let printed = '';
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      printed += chunk.toString();
      done();
    },
  });
  return { programs: new InTurn(output, process.env), printed: () => printed };
}

it('shows all of the first before any of the second, though the first waits for the second', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-in-turn-'));
  try {
    const file = join(folder, 'second-was-here');
    const { programs, printed } = inTurn();
    const ended = await Promise.all([
      programs.run('bash', ['-c', `echo one; until [ -e ${file} ]; do sleep 0.02; done; echo two >&2`]),
      programs.run('bash', ['-c', `echo three; touch ${file}; exit 1`]),
    ]);
    expect(ended).toEqual([true, false]);
    expect(existsSync(file)).toBe(true);
    expect(printed().replaceAll(/> bash .*/g, '> bash')).toBe('\n> bash\none\ntwo\n\n> bash\nthree\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('counts what could not be started as failed, and says so', async () => {
  const { programs, printed } = inTurn();
  expect(await programs.run('hutong-has-no-such-program', [])).toBe(false);
  expect(printed()).toContain('ENOENT');
});

it('stops what still runs', async () => {
  const { programs } = inTurn();
  const ended = programs.run('sleep', ['600']);
  programs.stop();
  expect(await ended).toBe(false);
});
