/**
 * The generations of a view, by partition: which is live, which a rebuild fills, the switch from one to the other, and
 * the removal of those that are neither. Each change is one script, since look-ups and materialisers go on meanwhile.
 */

import { isProvinceCode } from '#core/field/regions.ts';
import { type FoldedLeak, leaksWithin, withLeaks } from '#core/view/leaks.ts';
import { Sightings } from '#core/vouch/sightings.ts';
import type { Log } from '#exchange/topics/log.ts';
import { type Redis, redisUnavailable } from '#platform/redis.ts';
import { abandoned, type Generation, numberIn, parseBuilding, parseGeneration, ViewKeys } from './keys.ts';
import { parseFreshness, type StoredFreshness } from './stored-freshness.ts';
import { parseSightings, sightingsText } from './stored-sightings.ts';

const SWITCH_SCRIPT = `
-- KEYS[1] the pointer to the live generation      KEYS[2] the pointer to the one being built
-- KEYS[3] position, KEYS[5] freshness in the live generation
-- KEYS[4] position, KEYS[6] freshness in the one being built
-- KEYS[7] withdrawals in the live generation, KEYS[8] in the one being built
-- KEYS[9] sightings in the live generation, KEYS[10] in the one being built
-- ARGV[1] the live generation   ARGV[2] the one being built
-- ARGV[3] what KEYS[5] must hold now, ARGV[4] what KEYS[6] must; '' for nothing
-- ARGV[5] what KEYS[6] holds from then on
-- ARGV[6] what KEYS[9] must hold now, ARGV[7] what KEYS[10] must; '' for nothing
-- ARGV[8] what KEYS[10] holds from then on; '' for what it holds
-- returns 'switched'; or why not, and then nothing is changed:
--         'ended' (these are not the generations),
--         'behind' (the one being built has not consumed all that the live one has, or either has just moved on),
--         'other_log' (they were made from different topics)
if (redis.call('GET', KEYS[1]) or '1') ~= ARGV[1] or redis.call('GET', KEYS[2]) ~= ARGV[2] then return 'ended' end
local built = redis.call('GET', KEYS[4])
if not built then return 'behind' end
local live = redis.call('GET', KEYS[3])
if live then
  live, built = cjson.decode(live), cjson.decode(built)
  if live.clusterId ~= built.clusterId then return 'other_log' end
  for topic, at in pairs(live.topics) do
    local reached = built.topics[topic]
    if not reached or reached.topicId ~= at.topicId then return 'other_log' end
    if reached.nextOffset < at.nextOffset then return 'behind' end
  end
end
local live_freshness, built_freshness = redis.call('GET', KEYS[5]) or '', redis.call('GET', KEYS[6]) or ''
if live_freshness ~= ARGV[3] or built_freshness ~= ARGV[4] then return 'behind' end
local live_seen, built_seen = redis.call('GET', KEYS[9]) or '', redis.call('GET', KEYS[10]) or ''
if live_seen ~= ARGV[6] or built_seen ~= ARGV[7] then return 'behind' end
if ARGV[8] ~= '' then redis.call('SET', KEYS[10], ARGV[8]) end
local withdrawals = redis.call('GET', KEYS[7])
if withdrawals then redis.call('SET', KEYS[8], withdrawals) end
redis.call('SET', KEYS[6], ARGV[5])
redis.call('SET', KEYS[1], ARGV[2])
redis.call('DEL', KEYS[2])
return 'switched'
`;

/** In the script, for a Redis that came back from an older state may have made the generation live again. */
const REMOVE_SCRIPT = `
-- KEYS[1]   the pointer to the live generation
-- KEYS[2]   the pointer to the one being built
-- KEYS[3..] keys of a generation that is thought to be neither
-- ARGV[1]   that generation
-- returns   how many were removed; -1 when it is live or being built: then nothing is changed
if (redis.call('GET', KEYS[1]) or '1') == ARGV[1] or redis.call('GET', KEYS[2]) == ARGV[1] then return -1 end
local removed = 0
for i = 3, #KEYS do removed = removed + redis.call('UNLINK', KEYS[i]) end
return removed
`;

const ABANDON_SCRIPT = `
-- KEYS[1]  the pointer to the generation being built
-- ARGV[1]  the generation that was found there
-- ARGV[2]  what says that it was given up
-- returns  1 when it was given up now, 0 when another one is being built or none
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
`;

export type SwitchOutcome = 'switched' | 'ended' | 'behind' | 'other_log';

export interface Pointers {
  readonly live: Generation;
  /** Null: nothing is being built. */
  readonly building: Generation | null;
}

interface WithScripts {
  hutongSwitch(...keysAndValues: string[]): Promise<SwitchOutcome>;
  hutongAbandon(key: string, found: string, abandoned: string): Promise<number>;
  hutongRemove(keyCount: number, ...keysAndValues: (string | Buffer)[]): Promise<number>;
}

/** All methods: @throws HutongError REDIS_UNAVAILABLE */
export class Generations {
  readonly #redis: Redis & WithScripts;
  readonly #keys: ViewKeys;

  constructor(redis: Redis, log: Log) {
    redis.defineCommand('hutongSwitch', { lua: SWITCH_SCRIPT, numberOfKeys: 10 });
    redis.defineCommand('hutongAbandon', { lua: ABANDON_SCRIPT, numberOfKeys: 1 });
    redis.defineCommand('hutongRemove', { lua: REMOVE_SCRIPT });
    this.#redis = redis as Redis & WithScripts;
    this.#keys = new ViewKeys(log);
  }

  async pointers(partition: number): Promise<Pointers> {
    const [live, building] = await ask(() =>
      this.#redis.mget(this.#keys.live(partition), this.#keys.building(partition)),
    );
    return { live: parseGeneration(live), building: parseBuilding(building) };
  }

  /** How a generation stands to keys that had leaked; null: nothing of it is stored. */
  async leaksOf(partition: number, generation: Generation): Promise<readonly FoldedLeak[] | null> {
    const stored = await ask(() => this.#redis.get(this.#keys.freshness(generation, partition)));
    return stored === null ? null : parseFreshness(stored).leaks;
  }

  /**
   * Has a rebuild fill the next generation. What an earlier rebuild filled is given up: its number is never used again,
   * so nothing that it left behind can get into the new one.
   */
  async begin(partition: number): Promise<Generation> {
    const [live, building] = await ask(() =>
      this.#redis.mget(this.#keys.live(partition), this.#keys.building(partition)),
    );
    const next = Math.max(parseGeneration(live), numberIn(building)) + 1;
    await ask(() => this.#redis.set(this.#keys.building(partition), String(next)));
    return next;
  }

  /**
   * Ends what a rebuild fills: a rebuild that still runs can write no more, and the generation may be removed. Its
   * number stays behind, so that it isn't used again.
   * @returns the generation, null when none was being built
   */
  async abandon(partition: number): Promise<Generation | null> {
    for (;;) {
      const { building } = await this.pointers(partition);
      if (building === null) return null;
      if (
        (await ask(() =>
          this.#redis.hutongAbandon(this.#keys.building(partition), String(building), abandoned(building)),
        )) === 1
      )
        return building;
    }
  }

  /** 'behind' may pass: whoever asked tries again after the next commit. */
  async switch(partition: number, live: Generation, building: Generation): Promise<SwitchOutcome> {
    const keysOf = (kind: 'position' | 'freshness' | 'withdrawals' | 'sightings'): string[] =>
      [live, building].map((generation) => this.#keys[kind](generation, partition));
    const [fresh, seen] = [keysOf('freshness'), keysOf('sightings')];
    const held = (await ask(() => this.#redis.mget(...fresh, ...seen))).map((stored) => stored ?? '');
    const [ofLive, ofBuilding, seenLive, seenBuilding] = held as [string, string, string, string];
    const keys = [
      this.#keys.live(partition),
      this.#keys.building(partition),
      ...keysOf('position'),
      ...fresh,
      ...keysOf('withdrawals'),
      ...seen,
    ];
    return ask(() =>
      this.#redis.hutongSwitch(
        ...keys,
        String(live),
        String(building),
        ofLive,
        ofBuilding,
        JSON.stringify(freshnessAfter(parseFreshness(ofLive), parseFreshness(ofBuilding))),
        seenLive,
        seenBuilding,
        sightingsAfter(seenLive, seenBuilding),
      ),
    );
  }

  /** @returns how many were removed; 0 of a generation that is live or being built */
  async remove(partition: number, generation: Generation, keys: readonly Buffer[]): Promise<number> {
    const all = [this.#keys.live(partition), this.#keys.building(partition), ...keys];
    return Math.max(0, await ask(() => this.#redis.hutongRemove(all.length, ...all, String(generation))));
  }
}

/**
 * A watermark that was in force at one position is in force at every later one, so those of the live generation are
 * taken over: the provinces aren't behind after a switch. What the rebuild alone has passed, it alone knows: who is
 * incomplete by it, how late it was accepted, and which leaks it was folded without. A rebuild knows of no withdrawals.
 *
 * What a rebuild leaves out because its key had leaked may be its province's own, and then it is missing. Who goes on
 * finds out (exchange/fold/sight.ts); until then the province is incomplete.
 */
function freshnessAfter(live: StoredFreshness, built: StoredFreshness): StoredFreshness {
  const leaks = withLeaks(built.leaks, live.leaks, { isFirst: false });
  const stillIn = leaksWithin(leaks);
  const leftOut = leaksWithin(live.leaks).filter(({ key }) => !stillIn.some((leak) => leak.key === key));
  const missing = leftOut.map(({ of }) => (isProvinceCode(of) ? of : null));
  return {
    ...live,
    incompleteProvinces: [...new Set([...live.incompleteProvinces, ...built.incompleteProvinces, ...missing])],
    acceptedUpToMs: built.acceptedUpToMs,
    leaks,
  };
}

/** They are of the rebuild's position; but what was open to the live one it has found judged already. */
function sightingsAfter(live: string, built: string): string {
  const [ofLive, ofBuilt] = [parseSightings(live), parseSightings(built)];
  if (ofBuilt === undefined || ofLive === undefined) return built || live;
  const sightings = new Sightings(ofBuilt);
  sightings.takeOpen(ofLive);
  return sightingsText(sightings.stored);
}

async function ask<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (cause) {
    throw redisUnavailable(cause);
  }
}
