/**
 * `hutong view verify`: computes the view from the log in memory, some partitions at a time, and compares the live one
 * with it. Changes nothing.
 */

import type { PersonKey } from '#core/field/identity.ts';
import type { Log } from '#exchange/topics/log.ts';
import { ViewKeys } from '#exchange/view/keys.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { type Addresses, connect, type Connected, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';
import { catchUp } from './catch-up.ts';
import { Comparison, type Tally } from './compare.ts';
import { LogFollower } from './log-follower.ts';
import { lookAtLive } from './looks.ts';
import { MemoryViewStore } from './memory-store.ts';
import { comparisonTable, namedPeople, sum } from './report.ts';
import { walk } from './walk.ts';

export interface VerifyOptions extends Addresses {
  /** Null: all. */
  readonly partitions: readonly number[] | null;
  /** Partitions that are held in memory at a time. */
  readonly atOnce: number;
  /** Parts into which the people of a partition are divided by their key; the log is read once for each. */
  readonly slices: number;
}

/**
 * @returns 1 when some differ
 * @throws RangeError of an unknown partition; HutongError of what isn't there or readable
 */
export async function verifyView(log: Log, options: VerifyOptions, print: Print): Promise<number> {
  const connected = await connect(log, options);
  try {
    const all = options.partitions ?? Array.from({ length: connected.partitions }, (_, partition) => partition);
    const unknown = all.find((partition) => partition >= connected.partitions);
    if (unknown !== undefined)
      throw new RangeError(`there is no partition ${unknown}: they are 0 to ${connected.partitions - 1}`);
    const tallies: Tally[] = [];
    for (let at = 0; at < all.length; at += options.atOnce) {
      for (let slice = 0; slice < options.slices; slice += 1)
        add(
          tallies,
          await verifySome(
            connected,
            new Set(all.slice(at, at + options.atOnce)),
            (key) => (key[0] as number) % options.slices === slice,
          ),
        );
    }
    print(comparisonTable(tallies, ['live', 'by the log']));
    for (const line of namedPeople(tallies)) print(line);
    return sum(tallies, ({ differing }) => differing) === 0 ? EXIT.ok : EXIT.failed;
  } catch (error) {
    throw sayable(error);
  } finally {
    await closeAll(connected.close);
  }
}

async function verifySome(
  connected: Connected,
  partitions: ReadonlySet<number>,
  keeps: (key: PersonKey) => boolean,
): Promise<readonly Tally[]> {
  const { log, admin, redis } = connected;
  const viewKeys = new ViewKeys(log);
  const store = new MemoryViewStore(keeps);
  const ends = (await endsOf(admin, log.topics)).filter(({ partition }) => partitions.has(partition));
  const follower = await LogFollower.start({
    connected,
    store,
    deadLetters: { write: async () => undefined, note: async () => undefined, claimed: async () => undefined },
    wanted: partitions,
  });
  try {
    await catchUp({ follower, ends, label: `partitions ${[...partitions].join(', ')}`, trouble: connected.trouble });
    const comparison = new Comparison(async (partition, keys) => {
      const live = await lookAtLive(redis, viewKeys, partition, keys);
      return { live, other: store.stateOf(partition, keys) };
    }, partitions);
    return await follower.during(compareWithLog(connected, store, comparison, partitions, keeps));
  } finally {
    await closeAll(() => follower.stop());
  }
}

async function compareWithLog(
  { log, redis }: Connected,
  store: MemoryViewStore,
  comparison: Comparison,
  partitions: ReadonlySet<number>,
  keeps: (key: PersonKey) => boolean,
): Promise<readonly Tally[]> {
  for (const partition of partitions)
    for (const person of store.people(partition)) await comparison.add(partition, person);
  // Those of whom the log knows nothing, or nothing yet.
  const others = new Set<string>();
  for await (const keys of walk(redis, new ViewKeys(log), 'looking for others')) {
    for (const { partition, personKey } of keys) {
      if (personKey === null || !partitions.has(partition) || !keeps(personKey) || store.has(partition, personKey))
        continue;
      const name = personKey.toString('latin1');
      if (!others.has(name)) await comparison.add(partition, personKey);
      others.add(name);
    }
  }
  await comparison.finish();
  return comparison.tallies;
}

/** Slices of a partition are one in the report. */
function add(tallies: Tally[], more: readonly Tally[]): void {
  for (const tally of more) {
    const known = tallies.find(({ partition }) => partition === tally.partition);
    if (known === undefined) {
      tallies.push(tally);
      continue;
    }
    known.live += tally.live;
    known.other += tally.other;
    known.liveChecksum = BigInt.asUintN(64, known.liveChecksum + tally.liveChecksum);
    known.otherChecksum = BigInt.asUintN(64, known.otherChecksum + tally.otherChecksum);
    known.differing += tally.differing;
    known.unsure += tally.unsure;
    known.named.push(...tally.named);
  }
}
