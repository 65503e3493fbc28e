/** `hutong withdrawals list`: what is withdrawn, by whom and why, and what of it was undone. It changes nothing. */

import Table from 'cli-table3';
import { formatTime } from '#core/field/time.ts';
import type { Withdrawals } from '#core/withdrawals/in-force.ts';
import type { Scope } from '#core/withdrawals/withdrawal.ts';
import type { Log } from '#exchange/topics/log.ts';
import { principalOf, readWithdrawals } from '#exchange/topics/withdrawals.ts';
import { connectLog, type LogAddresses } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';

export interface ListOptions extends LogAddresses {
  /** Undone ones too. */
  readonly all: boolean;
  readonly asJson: boolean;
}

/** @throws HutongError KAFKA_UNAVAILABLE */
export async function listWithdrawals(log: Log, options: ListOptions, print: Print): Promise<number> {
  const connected = await connectLog(log, options);
  try {
    printWithdrawals(await readWithdrawals(connected.kafka, await connected.signatures()), options, print);
    return EXIT.ok;
  } finally {
    await closeAll(connected.close);
  }
}

export function printWithdrawals(
  known: Withdrawals,
  { all, asJson }: Pick<ListOptions, 'all' | 'asJson'>,
  print: Print,
): void {
  const inForce = new Set(known.inForce);
  const shown = known.all.filter(({ withdrawal }) => all || inForce.has(withdrawal));
  if (asJson) {
    for (const { withdrawal, undoing } of shown) {
      const { atMs, ...said } = withdrawal;
      const undone = undoing === null ? null : { by: undoing.by, why: undoing.why, at: formatTime(undoing.atMs) };
      print(JSON.stringify({ ...said, at: formatTime(atMs), inForce: inForce.has(withdrawal), undone }));
    }
    return;
  }
  if (shown.length > 0) {
    const table = new Table({
      style: { head: [], border: [] },
      head: ['withdrawal', 'by', 'at', 'laboratory', 'what', 'why', 'state'],
    });
    for (const { withdrawal, undoing } of shown) {
      const { id, by, atMs, province, laboratory, why } = withdrawal;
      const state =
        undoing !== null
          ? `undone by ${principalOf(undoing.by)}: ${undoing.why}`
          : inForce.has(withdrawal)
            ? 'in force'
            : 'beyond the bound';
      table.push([
        id,
        principalOf(by),
        formatTime(atMs),
        `${province} ${laboratory}`,
        scopeText(withdrawal),
        why,
        state,
      ]);
    }
    print(table.toString());
  }
  print(`${known.all.length} withdrawals, of which ${inForce.size} are in force.`);
}

function scopeText({ run, method, span }: Scope): string {
  const parts = [
    run === null ? null : `run ${run}`,
    method,
    span === null ? null : `${span.of} from ${formatTime(span.fromMs)} to ${formatTime(span.toMs)}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}
