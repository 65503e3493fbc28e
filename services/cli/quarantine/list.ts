/** What is kept, for who looks at it. It must never print a whole number of a document. */

import Table from 'cli-table3';
import { describeLocation } from '#exchange/formats/location.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import type { Kept, Quarantine } from '#services/cli/shared/quarantine.ts';

export function listKept(quarantine: Quarantine, asJson: boolean, print: Print): number {
  const kept = quarantine.list();
  if (asJson) {
    for (const one of kept) print(JSON.stringify({ ...factsOf(one) }));
    return EXIT.ok;
  }
  const table = new Table({ head: ['id', 'where', 'why', 'kept until'], style: { head: [], border: [] } });
  for (const { id, place, why, keptUntil } of kept.map(factsOf)) table.push([id, place, why, keptUntil]);
  print(kept.length === 0 ? 'Nothing is kept.' : table.toString());
  return EXIT.ok;
}

export function showKept(quarantine: Quarantine, id: string, print: Print): number {
  const kept = quarantine.get(id);
  if (kept === null) {
    print(noneOf(id));
    return EXIT.failed;
  }
  const { hint } = kept.why;
  print(JSON.stringify({ ...factsOf(kept), mend: hint, event: withoutNumber(kept.json) }, null, 2));
  return EXIT.ok;
}

export function noneOf(id: string): string {
  return `${id}: nothing of that id is kept; it may have expired`;
}

interface Facts {
  readonly id: string;
  readonly place: string;
  readonly why: string;
  readonly keptUntil: string;
}

export function factsOf({ id, location, why, expiresAtMs }: Kept): Facts {
  const { field, reason, code } = why;
  return {
    id,
    place: describeLocation(location),
    why: `${field === '' ? '' : `${field}: `}${reason}${code === undefined ? '' : ` [${code}]`}`,
    keptUntil: new Date(expiresAtMs).toISOString(),
  };
}

/** Its last four characters tell its owner whose it is. */
function withoutNumber(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) =>
    key === 'documentNumber' && typeof value === 'string' ? `…${value.slice(-4)}` : value,
  );
}
