/** `hutong contract board`: reads what there is of each of the 32, and says what each is ready for. It never writes. */

import Table from 'cli-table3';
import { nameOfProvince } from '#core/field/regions.ts';
import { operatorIdentity } from '#exchange/identity/operator.ts';
import { SHARED_KINDS } from '#exchange/topics/log.ts';
import type { Log } from '#exchange/topics/log.ts';
import { type Addresses, connect, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';
import { askDoors, type DoorsAsked } from './door-counts.ts';
import { readFacts } from './facts.ts';
import { agoWords, percent, type ProvinceFacts, readinessOf, readinessWords, refusedShareOf } from './readiness.ts';

export interface BoardSettings {
  readonly addresses: Addresses;
  readonly runDir: string;
  /** Whose metrics are asked. */
  readonly doors: readonly string[];
  readonly asJson: boolean;
}

/** @throws HutongError of whatever isn't there; CONFIG_INVALID without the operator's public key */
export async function showBoard(
  log: Log,
  { addresses, runDir, doors, asJson }: BoardSettings,
  nowMs: number,
  print: Print,
): Promise<number> {
  const asked = await askDoors(doors, operatorIdentity(addresses.tls));
  const connected = await connect(log, addresses);
  try {
    const facts = await readFacts(connected, { runDir, doors: asked, nowMs });
    if (asJson) for (const one of facts) print(JSON.stringify({ ...one, ...readinessOf(one, nowMs) }));
    else printBoard(facts, asked, nowMs, print);
    return EXIT.ok;
  } catch (error) {
    throw sayable(error);
  } finally {
    await closeAll(connected.close);
  }
}

export function printBoard(
  facts: readonly ProvinceFacts[],
  { asked, away }: Pick<DoorsAsked, 'asked' | 'away'>,
  nowMs: number,
  print: Print,
): void {
  const table = new Table({
    style: { head: [], border: [] },
    head: ['province', 'certificate', 'key', 'instances', 'behind by', ...SHARED_KINDS, 'refused', 'checked', 'is'],
    wordWrap: true,
    colWidths: [null, null, null, null, null, null, null, null, null, null, null, 60],
  });
  for (const one of facts) table.push(rowOf(one, nowMs));
  print(table.toString());
  const ready = facts.filter((one) => readinessOf(one, nowMs).ready.length > 0).length;
  print(
    `${ready} of ${facts.length} are ready for something. Events: those that are in the log, and when the last came.`,
  );
  if (asked === 0) print('No door was asked what it refused: --doors names them.');
  for (const one of away) print(`A door did not answer, so what it refused isn’t counted: ${one}.`);
}

function rowOf(facts: ProvinceFacts, nowMs: number): string[] {
  const { province, certificate, keyPublished, instances, instancesRetired, watermarkMs, sent, door } = facts;
  const share = refusedShareOf(facts);
  return [
    `${province} ${nameOfProvince(province).en}`,
    certificate ?? '?',
    keyPublished ? 'yes' : 'no',
    [...instances, ...instancesRetired.map((name) => `${name} retired`)].join('\n'),
    watermarkMs === null ? '' : agoWords(nowMs - watermarkMs),
    ...SHARED_KINDS.map((kind) => {
      const { records, lastAtMs } = sent[kind];
      return lastAtMs === null ? '' : `${records}, ${agoWords(nowMs - lastAtMs)} ago`;
    }),
    door === null ? '?' : share === null ? '' : percent(share),
    door === null ? '?' : checkedWords(door),
    readinessWords(readinessOf(facts, nowMs)),
  ];
}

function checkedWords({ checked, checkedRefused }: NonNullable<ProvinceFacts['door']>): string {
  return checked + checkedRefused === 0 ? '' : `${checked + checkedRefused}, ${checkedRefused} refused`;
}
