/** `hutong erasures list`: reads the erasures and the live views of those who asked; prints, changes nothing. */

import Table from 'cli-table3';
import { nameOfProvince, type ProvinceCode } from '#core/field/regions.ts';
import { formatTime } from '#core/field/time.ts';
import type { Log } from '#exchange/topics/log.ts';
import { ViewReader } from '#exchange/view/reader.ts';
import { type Addresses, connect } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { readErasures } from '#services/cli/shared/read-erasures.ts';
import { type ErasureRequest, openAt, requestsOf } from './requests.ts';

export interface ListOptions extends Addresses {
  /** Those too that are open nowhere. */
  readonly all: boolean;
  readonly rowsMax: number;
  readonly asJson: boolean;
}

export interface Listed extends ErasureRequest {
  readonly open: readonly ProvinceCode[];
}

/** Views that are read at once. */
const VIEWS_AT_ONCE = 500;

/** @throws HutongError of whatever isn't there */
export async function listErasures(log: Log, options: ListOptions, print: Print): Promise<number> {
  const connected = await connect(log, options);
  try {
    const requests = requestsOf(await readErasures(connected));
    const reader = new ViewReader(connected.redis, log, connected.partitions);
    const listed: Listed[] = [];
    for (let from = 0; from < requests.length; from += VIEWS_AT_ONCE) {
      const some = requests.slice(from, from + VIEWS_AT_ONCE);
      const snapshots = await reader.readMany(some.map(({ key }) => key));
      for (const [index, request] of some.entries())
        listed.push({ ...request, open: openAt(request, snapshots[index]?.view ?? null) });
    }
    printErasures(listed, options, print);
    return EXIT.ok;
  } finally {
    await connected.close();
  }
}

export function printErasures(
  requests: readonly Listed[],
  { all, rowsMax, asJson }: Pick<ListOptions, 'all' | 'rowsMax' | 'asJson'>,
  print: Print,
): void {
  const open = requests.filter((request) => request.open.length > 0);
  const shown = all ? requests : open;
  if (asJson) {
    for (const request of shown) print(JSON.stringify(asData(request)));
    return;
  }
  if (shown.length > 0) print(tableOf(shown.slice(0, rowsMax)));
  if (shown.length > rowsMax) print(`… and ${shown.length - rowsMax} more: --limit ${shown.length} shows them.`);
  print(
    `${requests.length} people asked to be erased; of ${open.length} some publisher still shows something` +
      (open.length === 0 ? '.' : ': until it erases its own, or the national role erases for all.'),
  );
}

function tableOf(requests: readonly Listed[]): string {
  const table = new Table({
    style: { head: [], border: [] },
    head: ['person', 'erasure', 'by', 'decided at', 'hides', 'still shown by'],
  });
  for (const { key, erasures, open } of requests) {
    const lines = erasures.map(({ erasureId, province, authority, decidedAtMs, takes, erasesThroughMs }) => [
      erasureId,
      `${nameOfProvince(province).en}, ${authority}`,
      formatTime(decidedAtMs),
      `${takes === 'all' ? 'all' : 'its own'} up to ${formatTime(erasesThroughMs)}`,
    ]);
    const column = (index: number): string => lines.map((line) => line[index]).join('\n');
    table.push([
      key.toString('hex'),
      column(0),
      column(1),
      column(2),
      column(3),
      open.length === 0 ? '–' : open.map((province) => nameOfProvince(province).en).join(', '),
    ]);
  }
  return table.toString();
}

function asData({ key, erasures, open }: Listed): object {
  return {
    personKey: key.toString('hex'),
    erasures: erasures.map(({ erasureId, province, authority, legalBasis, decidedAtMs, takes, erasesThroughMs }) => ({
      erasureId,
      province,
      authority,
      legalBasis,
      decidedAt: formatTime(decidedAtMs),
      takes,
      through: formatTime(erasesThroughMs),
    })),
    openAt: open,
  };
}
