/**
 * `hutong view rebuild`: fills a second generation of the view from the log, compares it with the live one, and has
 * look-ups go over to it, partition by partition. All that it knows lies in Redis: broken off at any moment, it goes on
 * from there.
 */

import type { PersonKey } from '#core/field/identity.ts';
import type { Log } from '#exchange/topics/log.ts';
import { Generations } from '#exchange/view/generations.ts';
import { ViewKeys } from '#exchange/view/keys.ts';
import { RebuildLease } from '#exchange/view/rebuild-lease.ts';
import type { ScannedKey } from '#exchange/view/scan.ts';
import { RedisViewStore } from '#exchange/view/store.ts';
import { HutongError } from '#platform/errors.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { mastersOf, type Redis, redisUnavailable } from '#platform/redis.ts';
import { type Addresses, connect, type Connected, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';
import { catchUp } from './catch-up.ts';
import { Comparison } from './compare.ts';
import { partitionsWithLeaks } from './leaked.ts';
import { LogFollower } from './log-follower.ts';
import { type Look, lookAtGenerations } from './looks.ts';
import { type NewLetters, newLettersOnly } from './new-letters.ts';
import { comparisonTable, namedPeople } from './report.ts';
import { sweep, sweepFormerEditions } from './sweep.ts';
import { Switching, type Target } from './switching.ts';
import { walk } from './walk.ts';

export interface RebuildOptions extends Addresses {
  /** Gives up what an earlier rebuild has filled. */
  readonly afresh: boolean;
  /** Prints the keys of differing people. */
  readonly names: boolean;
  /** Asked once the comparison is printed. */
  readonly confirm: () => Promise<boolean>;
}

/**
 * @returns the exit status
 * @throws HutongError of what isn't there; ALREADY_RUNNING; POSITION_UNREACHABLE when the log lacks history
 */
export async function rebuildView(log: Log, options: RebuildOptions, print: Print): Promise<number> {
  const connected = await connect(log, options);
  let letters: NewLetters | undefined;
  let follower: LogFollower | undefined;
  let lease: RebuildLease | undefined;
  let leftOver: ReadonlySet<number>;
  try {
    lease = await RebuildLease.take(connected.redis, log);
    const targets = await chooseTargets(connected, options.afresh, print);
    letters = await newLettersOnly(connected);
    const generations = new Generations(connected.redis, log);
    const switching = new Switching(generations, targets);
    const store = switching.watching(new RedisViewStore(connected.redis, log, 'building'));
    const ends = (await endsOf(connected.admin, log.topics)).filter(({ partition }) => targets.has(partition));
    const following = await LogFollower.start({
      connected,
      store,
      deadLetters: letters.sink,
      marks: letters.marks,
      isKnown: letters.isKnown,
      wanted: new Set(targets.keys()),
    });
    follower = following;
    switching.onSwitched((remaining) => following.restrictTo(remaining));
    await catchUp({ follower, ends, label: 'rebuilding', trouble: connected.trouble });
    const comparison = await follower.during(compareGenerations(connected, targets));
    print(comparisonTable(comparison.tallies, ['live', 'rebuilt']));
    if (options.names) for (const line of namedPeople(comparison.tallies)) print(line);
    if (!(await options.confirm())) {
      print(
        'Not switched: look-ups read the live view as before. hutong view rebuild --switch brings the ' +
          'rebuilt one up to date, compares again and switches; hutong view rebuild --abandon gives it up.',
      );
      return EXIT.ok;
    }
    await follower.during(switching.begin());
    print(`Switched: look-ups of ${targets.size} partitions read the rebuilt view.`);
    const live = new Map([...targets].map(([partition, { building }]) => [partition, building]));
    leftOver = await partitionsWithLeaks(connected, generations, live);
  } catch (error) {
    throw sayable(error);
  } finally {
    // Whatever failed, wherever: nothing may keep the process from ending.
    await closeAll(
      follower && (() => follower?.stop() ?? Promise.resolve()),
      letters?.close,
      lease && (() => lease?.giveBack() ?? Promise.resolve()),
      connected.close,
    );
  }
  const swept = await sweepView(log, options, false, print);
  if (leftOver.size === 0) return swept;
  print(`A key was revoked meanwhile: give the command again, for the views of ${leftOver.size} partitions.`);
  return EXIT.failed;
}

/** `hutong view rebuild --abandon`: gives up what a rebuild has filled and removes it. Look-ups notice nothing. */
export async function abandonRebuild(log: Log, addresses: Addresses, print: Print): Promise<number> {
  const connected = await connect(log, addresses);
  try {
    const generations = new Generations(connected.redis, log);
    const given = await Promise.all(
      Array.from({ length: connected.partitions }, (_, partition) => generations.abandon(partition)),
    );
    const count = given.filter((abandoned) => abandoned !== null).length;
    print(
      count === 0
        ? 'No rebuild was begun.'
        : `Given up: the rebuild that was begun, in ${count} of ${connected.partitions} partitions. ` +
            'Look-ups read the live view as before.',
    );
  } finally {
    await closeAll(connected.close);
  }
  return sweepView(log, addresses, false, print);
}

/** `hutong view sweep`, which also ends each rebuild. @param former views of earlier editions of the log too */
export async function sweepView(log: Log, addresses: Addresses, former: boolean, print: Print): Promise<number> {
  const connected = await connect(log, addresses);
  try {
    print(`Removed ${await sweep(connected.redis, log)} keys of generations that are no longer live.`);
    if (former)
      print(`Removed ${await sweepFormerEditions(connected.redis, log)} keys of earlier editions of the log.`);
    return EXIT.ok;
  } finally {
    await closeAll(connected.close);
  }
}

/** Goes on with a rebuild that was begun, in the partitions that it hasn't switched yet; else begins one in all. */
async function chooseTargets(
  connected: Connected,
  afresh: boolean,
  print: Print,
): Promise<ReadonlyMap<number, Target>> {
  const { log, redis, partitions } = connected;
  const generations = new Generations(redis, log);
  const found = await Promise.all(
    Array.from(
      { length: partitions },
      async (_, partition) => [partition, await generations.pointers(partition)] as const,
    ),
  );
  const begun = new Map(
    found.flatMap(([partition, { live, building }]) =>
      building === null ? [] : [[partition, { live, building }] as const],
    ),
  );
  if (begun.size > 0 && !afresh) {
    const building = new Map([...begun].map(([partition, target]) => [partition, target.building]));
    const stale = await partitionsWithLeaks(connected, generations, building);
    print(`Goes on with the rebuild that was begun, in ${begun.size} of ${partitions} partitions.`);
    if (stale.size > 0) print(`In ${stale.size} it begins anew: a key has been revoked since it was begun there.`);
    for (const partition of stale) {
      const { live } = begun.get(partition) as Target;
      begun.set(partition, { live, building: await generations.begin(partition) });
    }
    return begun;
  }
  await requireRoom(redis);
  return new Map(
    await Promise.all(
      found.map(
        async ([partition, { live }]) => [partition, { live, building: await generations.begin(partition) }] as const,
      ),
    ),
  );
}

/** A Redis that is full refuses the live view's writes too. @throws HutongError REDIS_UNAVAILABLE */
async function requireRoom(redis: Redis): Promise<void> {
  const servers = await Promise.all(mastersOf(redis).map((master) => master.info('memory'))).catch((cause: unknown) => {
    throw redisUnavailable(cause);
  });
  const room = servers.map((memory) =>
    ['used_memory_dataset', 'maxmemory'].map((name) =>
      Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(memory)?.[1] ?? 0),
    ),
  );
  const [used = 0, max = 0] =
    room.find(([usedBytes = 0, maxBytes = 0]) => maxBytes > 0 && 2 * usedBytes > maxBytes) ?? [];
  if (max === 0) return;
  throw new HutongError('REDIS_UNAVAILABLE', `a redis may use ${max} bytes, and two views need about ${2 * used}`, {
    retriable: false,
    hint: 'give it more memory for the time of the rebuild (maxmemory)',
  });
}

async function compareGenerations(
  { redis, log }: Connected,
  targets: ReadonlyMap<number, Target>,
): Promise<Comparison> {
  const viewKeys = new ViewKeys(log);
  const lookAt = (partition: number, keys: readonly PersonKey[]): Promise<Look> => {
    const { live, building } = targets.get(partition) as Target;
    return lookAtGenerations(redis, viewKeys, partition, live, building, keys);
  };
  const comparison = new Comparison(lookAt, targets.keys());
  for await (const keys of walk(redis, viewKeys, 'comparing')) {
    for (const [partition, people] of peopleIn(keys, targets, 'live'))
      for (const person of people) await comparison.add(partition, person);
    for (const [partition, people] of peopleIn(keys, targets, 'building')) {
      const { live } = await lookAt(partition, people);
      // Whoever has a live view too is added by that one's key.
      for (const [index, person] of people.entries())
        if (live.views[index] === null) await comparison.add(partition, person);
    }
  }
  await comparison.finish();
  return comparison;
}

function peopleIn(
  keys: readonly ScannedKey[],
  targets: ReadonlyMap<number, Target>,
  which: keyof Target,
): Map<number, PersonKey[]> {
  const people = new Map<number, PersonKey[]>();
  for (const { partition, generation, personKey } of keys) {
    if (personKey === null || targets.get(partition)?.[which] !== generation) continue;
    const known = people.get(partition);
    if (known === undefined) people.set(partition, [personKey]);
    else known.push(personKey);
  }
  return people;
}
