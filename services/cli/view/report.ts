/** What a comparison found, as a table by partition and as people's keys. */

import Table from 'cli-table3';
import type { Tally } from './compare.ts';

export function comparisonTable(tallies: readonly Tally[], [first, second]: readonly [string, string]): string {
  const table = new Table({
    style: { head: [], border: [] },
    head: ['partition', `people ${first}`, `people ${second}`, `checksum ${first}`, `checksum ${second}`, 'differing'],
  });
  for (const { partition, live, other, liveChecksum, otherChecksum, differing } of [...tallies].sort(
    (a, b) => a.partition - b.partition,
  )) {
    table.push([partition, live, other, hex(liveChecksum), hex(otherChecksum), differing]);
  }
  const people = sum(tallies, ({ live, other }) => Math.max(live, other));
  const differing = sum(tallies, (tally) => tally.differing);
  const unsure = sum(tallies, (tally) => tally.unsure);
  const doubt =
    unsure === 0
      ? ''
      : ` Of ${unsure} of them it isn't sure: one of the two stood still behind the other, or their ` +
        'events kept coming.';
  const found =
    differing === 0
      ? `All ${people} people have the same view, byte for byte.`
      : `${differing} of ${people} people have different views.${doubt}`;
  return `${table.toString()}\n${found}`;
}

/** Partition and person key of those that differ, a line each; and how many more there are. */
export function* namedPeople(tallies: readonly Tally[]): Generator<string> {
  for (const { partition, named, differing } of tallies) {
    for (const key of named) yield `partition ${partition} person ${key.toString('hex')}`;
    if (differing > named.length) yield `partition ${partition} and ${differing - named.length} more`;
  }
}

export function sum(tallies: readonly Tally[], of: (tally: Tally) => number): number {
  return tallies.reduce((total, tally) => total + of(tally), 0);
}

function hex(checksum: bigint): string {
  return checksum.toString(16).padStart(16, '0');
}
