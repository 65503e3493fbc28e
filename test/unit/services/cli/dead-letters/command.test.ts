/** `hutong dead-letters`: what is refused before anything is read or written. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadLettersCommand } from '#services/cli/dead-letters/command.ts';
import { LOG } from '#test/support/first-edition.ts';

const silence = { writeErr: () => undefined, writeOut: () => undefined };
beforeEach(() => void vi.spyOn(console, 'log').mockReturnValue());
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

async function run(...args: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  const said: string[] = [];
  const command = deadLettersCommand(LOG, (text) => void said.push(text))
    .exitOverride()
    .configureOutput(silence);
  for (const each of command.commands) each.copyInheritedSettings(command);
  await command.parseAsync(args, { from: 'user' });
  return { status: Number(process.exitCode ?? 0), said: said.join('\n') };
}

describe('wrong usage', () => {
  it.each([
    ['nobody who does it', 'replay', 'tests/3/41'],
    ['a discard without a reason', 'discard', 'tests/3/41', '--by', 'Li'],
    ['neither letters nor filters', 'replay', '--by', 'Li'],
    ['both letters and filters', 'replay', 'tests/3/41', '--topic', 'tests', '--by', 'Li'],
    ['no place', 'show', '41'],
    ['an unknown reason', 'list', '--reason', 'bad'],
    ['an unknown province', 'list', '--province', '99'],
    ['no instant', 'list', '--since', 'yesterday'],
    ['an endless note', 'replay', 'tests/3/41', '--by', 'x'.repeat(201)],
  ])('%s', async (_what, ...args) => {
    await expect(run(...args)).rejects.toThrow(/required option|name letters|is invalid/);
  });
});

describe('no exchange', () => {
  it('is said, with the option that stands in for it', async () => {
    expect(await run('list', '--run-dir', '/nowhere')).toEqual({
      status: 1,
      said: '/nowhere/addresses.json names no kafka: start the exchange with make up, or give the brokers with --kafka',
    });
  });
});
