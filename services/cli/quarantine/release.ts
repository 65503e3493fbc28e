/**
 * What becomes of what is kept once somebody has looked: sent as it is, or deleted. What the door doesn't take stays
 * kept, with the door's reason.
 */

import { clientAs } from '#services/cli/shared/as.ts';
import { doorUrl } from '#services/cli/shared/door-url.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import type { Kept, Quarantine } from '#services/cli/shared/quarantine.ts';
import { type FinalResult, Sender, SENDER_DEFAULTS, type SenderSettings } from '#services/cli/shared/sender.ts';
import { factsOf, noneOf } from './list.ts';

interface Door {
  readonly runDir: string;
  readonly to?: URL;
  readonly as?: string;
}

/** @throws RangeError where no door is known, or nobody as whom to send */
export async function releaseKept(
  quarantine: Quarantine,
  ids: readonly string[] | 'all',
  { runDir, to, as }: Door,
  print: Print,
): Promise<number> {
  const { found, isAll } = chosenOf(quarantine, ids, print);
  if (found.length === 0) return isAll ? EXIT.ok : EXIT.failed;
  const url = await doorUrl(to, runDir);
  const { token, fetch } = clientAs(as ?? senderOf(found), runDir);
  const status = await sendKept(quarantine, found, { ...SENDER_DEFAULTS, url, token, fetch }, print);
  return status === EXIT.ok && !isAll ? EXIT.failed : status;
}

/** @returns the exit status */
export async function sendKept(
  quarantine: Quarantine,
  kept: readonly Kept[],
  settings: SenderSettings,
  print: Print,
): Promise<number> {
  let refused = 0;
  const settle = (one: Kept, result: FinalResult) => {
    if (result.kind === 'accepted' || result.kind === 'duplicate') {
      quarantine.discard(one.id);
      return print(`${one.id}: ${result.kind}`);
    }
    if (result.kind !== 'refused') return print(`${one.id}: not sent, and still kept`);
    refused += 1;
    const { pointer, code, detail, hint } = result;
    const again = { ...one, why: { field: pointer, reason: detail, code, hint } };
    quarantine.again(one, again.why);
    print(`${one.id}: refused, and still kept: ${factsOf(again).why}. To mend: ${hint}`);
  };
  const sender = new Sender<Kept>(settings, settle);
  for (const one of kept) await sender.add(one);
  await sender.finish();
  if (sender.away !== null) {
    print(`The door at ${settings.url} is not available: ${sender.away}.`);
    return EXIT.doorAway;
  }
  return refused > 0 ? EXIT.failed : EXIT.ok;
}

export function discardKept(quarantine: Quarantine, ids: readonly string[] | 'all', print: Print): number {
  const { found, isAll } = chosenOf(quarantine, ids, print);
  for (const { id } of found) quarantine.discard(id);
  print(`${found.length} deleted`);
  return isAll ? EXIT.ok : EXIT.failed;
}

function chosenOf(
  quarantine: Quarantine,
  ids: readonly string[] | 'all',
  print: Print,
): { readonly found: readonly Kept[]; readonly isAll: boolean } {
  if (ids === 'all') return { found: quarantine.list(), isAll: true };
  const found: Kept[] = [];
  for (const id of new Set(ids)) {
    const kept = quarantine.get(id);
    if (kept === null) print(noneOf(id));
    else found.push(kept);
  }
  return { found, isAll: found.length === new Set(ids).size };
}

function senderOf(kept: readonly Kept[]): string {
  const provinces = new Set(kept.map(({ json }) => (JSON.parse(json) as { readonly province?: string }).province));
  const [province] = provinces;
  if (provinces.size === 1 && province !== undefined) return `province-${province}`;
  throw new RangeError('the events are of several provinces: say as whom to send them, with --as');
}
