/**
 * Whoever withdraws results in a simulated run, or undoes it, and somebody who may not; and which withdrawals must be
 * in force by that. It never asks what it is there to judge.
 */

import { NATIONAL, type Withdrawal, type Withdrawer } from '#core/withdrawals/withdrawal.ts';
import { SIGNED_BY } from '#exchange/keys/signatures.ts';
import { principalOf, withdrawalRecord } from '#exchange/topics/withdrawals.ts';
import { signingKey } from '#test/support/keys.ts';
import { undoing, withdrawal } from '#test/support/withdrawals.ts';
import { PROVINCES } from './people.ts';
import type { Surroundings } from './producers.ts';
import type { SaidInTruth } from './truth.ts';

/** In some runs, a few times. */
export function withdrawSometimes(world: Surroundings, sometime: (run: () => void) => void): void {
  const { random } = world;
  for (let said = random.chance(0.3) ? random.between(1, 6) : 0; said > 0; said -= 1) sometime(() => say(world));
}

function say(world: Surroundings): void {
  const { random, log, truth, happens } = world;
  const by = random.pick<Withdrawer>([...PROVINCES, NATIONAL]);
  const signer = random.chance(0.2) ? 'province-11' : principalOf(by);
  const id = `w${random.below(4)}`;
  const isUndone = random.chance(0.4);
  const province = by === NATIONAL ? random.pick(PROVINCES) : by;
  const { atMs: _at, ...withdrawn } = withdrawal({ id, by, province, run: null, method: 'nucleic_acid' });
  const of = by === NATIONAL ? random.pick<Withdrawer>([...PROVINCES, NATIONAL]) : by;
  const { atMs: _when, ...undone } = undoing({ undoes: id, of, by });
  const record = withdrawalRecord(isUndone ? { undone } : { withdrawn }, signingKey(signer));
  const { topic, key, value } = record;
  log.append(topic, 0, { key, value, headers: { [SIGNED_BY]: signer } });
  happens.call(
    world,
    isUndone ? 'a withdrawal is undone' : 'results are withdrawn',
    `${id} of ${by}, signed by ${signer}: `,
  );
  if (signer !== principalOf(by)) return;
  truth.saidOfWithdrawals[isUndone ? 'undone' : 'withdrawn'].push({ id, by: isUndone ? of : by });
}

/** Names of those in force, in their order; `said` is all that was said rightly. */
export function inForceBy({ withdrawn, undone }: SaidInTruth): string {
  const names = withdrawn
    .filter(({ id, by }) => !undone.some((one) => one.id === id && one.by === by))
    .map(({ id, by }) => `${by} ${id}`);
  return [...new Set(names)].sort().join();
}

export function namesOf(inForce: readonly Withdrawal[]): string {
  return inForce.map(({ id, by }) => `${by} ${id}`).join();
}
