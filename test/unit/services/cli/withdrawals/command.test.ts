/** The options of `hutong withdraw`: what can't be meant is refused before anything is read. */

import { afterEach, describe, expect, it } from 'vitest';
import { withdrawCommand } from '#services/cli/withdrawals/command.ts';
import { LOG } from '#test/support/first-edition.ts';

async function run(...args: readonly string[]): Promise<string> {
  let said = '';
  const command = withdrawCommand(LOG, (text) => void (said += text))
    .exitOverride()
    .configureOutput({ writeErr: (text) => void (said += text) });
  await command.parseAsync(['--run-dir', '/nowhere', ...args], { from: 'user' }).catch(() => undefined);
  return said;
}

afterEach(() => {
  process.exitCode = 0;
});

const AS = ['--as', 'province-43'];
const LABORATORY = ['--laboratory', 'L1'];
const WHY = ['--why', 'contaminated'];

describe('hutong withdraw', () => {
  it.each([
    ['by nobody', [...LABORATORY, '--run', 'R1', ...WHY], '--as'],
    ['by the operator', ['--as', 'operator', ...LABORATORY, '--run', 'R1', ...WHY], 'nobody else withdraws'],
    [
      'of another province’s',
      [...AS, '--province', '44', ...LABORATORY, '--run', 'R1', ...WHY],
      'only its own province',
    ],
    ['by the nation of nobody’s', ['--as', 'national', ...LABORATORY, '--run', 'R1', ...WHY], '--province'],
    ['of no laboratory', [...AS, '--run', 'R1', ...WHY], 'names no laboratory'],
    ['of everything', [...AS, ...LABORATORY, ...WHY], 'no run, no method and no span'],
    ['without an end', [...AS, ...LABORATORY, '--from', '2022-08-01T00:00+08:00', ...WHY], 'belong together'],
    [
      'that ends before it begins',
      [...AS, ...LABORATORY, '--from', '2022-08-02T00:00+08:00', '--to', '2022-08-01T00:00+08:00', ...WHY],
      'its span of time is none',
    ],
    ['with a person’s number', [...AS, ...LABORATORY, '--run', 'R1', '--why', 'of 11010519491231002X'], 'number'],
    ['without a reason', [...AS, ...LABORATORY, '--run', 'R1'], '--why'],
    ['that is undone and said at once', [...AS, '--undo', 'w1', '--run', 'R1', ...WHY], '--undo'],
  ])('%s is wrong usage', async (_what, args, said) => {
    expect(await run(...args)).toContain(said);
  });
  it.each([
    ['a run', [...AS, ...LABORATORY, '--run', 'R1', ...WHY]],
    ['a preview, which needs no reason', [...AS, ...LABORATORY, '--method', 'antigen', '--preview']],
    ['an undoing', [...AS, '--undo', 'w1', ...WHY]],
    ['the nation’s', ['--as', 'national', '--province', '43', ...LABORATORY, '--run', 'R1', ...WHY]],
  ])('of %s goes on to ask the exchange', async (_what, args) => {
    expect(await run(...args)).toContain('/nowhere/addresses.json');
  });
});
