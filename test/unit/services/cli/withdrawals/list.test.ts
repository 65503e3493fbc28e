/** What `hutong withdrawals list` says. */

import { expect, it } from 'vitest';
import { Withdrawals } from '#core/withdrawals/in-force.ts';
import { at } from '#exercises/town/events.ts';
import { printWithdrawals } from '#services/cli/withdrawals/list.ts';
import { undoing, withdrawal } from '#test/support/withdrawals.ts';

const known = new Withdrawals();
const span = { of: 'sampled' as const, fromMs: at('2022-08-01T00:00+08:00'), toMs: at('2022-08-02T00:00+08:00') };
known.take({ withdrawn: withdrawal({ atMs: at('2022-08-03T00:00+08:00') }) });
known.take({ withdrawn: withdrawal({ id: 'w2', by: 'national', run: null, method: 'antigen', span }) });
known.take({ undone: undoing({ undoes: 'w2', of: 'national', by: 'national', atMs: at('2022-08-04T00:00+08:00') }) });

function printed(all: boolean, asJson: boolean): string {
  const lines: string[] = [];
  printWithdrawals(known, { all, asJson }, (text) => void lines.push(text));
  return lines.join('\n');
}

it('names what is in force, and with --all what was undone and by whom', () => {
  expect(printed(false, false)).toMatch(/w1 .*province-43 .*43 L1.*run R1.*contaminated.*in force/);
  expect(printed(false, false)).not.toContain('w2');
  expect(printed(false, false)).toContain('2 withdrawals, of which 1 are in force.');
  expect(printed(true, false)).toMatch(/w2 .*national .*antigen, sampled from 2022-08-01.*undone by national: checked/);
});

it('says the same as lines of JSON', () => {
  const [second, first] = printed(true, true)
    .split('\n')
    .map((line) => JSON.parse(line) as object)
    .toReversed();
  expect(first).toMatchObject({ id: 'w1', by: '43', run: 'R1', inForce: true, undone: null });
  expect(second).toMatchObject({ id: 'w2', inForce: false, span, undone: { by: 'national', why: 'checked again' } });
});
