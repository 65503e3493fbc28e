/**
 * That one rebuild at a time is at work on the views of a log: two would refuse each other's steps, and both give up
 * with an error that says nothing of the other. Whoever holds the lease renews it; of a run that was killed it ends by
 * itself. It guards people from a mistake, no data: a step is refused by the positions, whoever holds the lease.
 */

import { randomUUID } from 'node:crypto';
import type { Log } from '#exchange/topics/log.ts';
import { HutongError } from '#platform/errors.ts';
import { every } from '#platform/limits/every.ts';
import { until } from '#platform/limits/until.ts';
import { type Redis, redisUnavailable } from '#platform/redis.ts';

const LEASE_MS = 3_000;
const RENEW_EVERY_MS = 750;
const LOOK_EVERY_MS = 250;

/** By the holder alone: renews, or with 0 gives it back. */
const HOLDERS_SCRIPT = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('del', KEYS[1]) end
return redis.call('pexpire', KEYS[1], ARGV[2])`;

export class RebuildLease {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #holder = randomUUID();
  #stopRenewing: () => void = () => undefined;

  private constructor(redis: Redis, log: Log) {
    this.#redis = redis;
    this.#key = `${log.keyPrefix}rebuild`;
  }

  /**
   * Waits for longer than the lease of a run that was killed lasts.
   * @throws HutongError ALREADY_RUNNING, REDIS_UNAVAILABLE
   */
  static async take(redis: Redis, log: Log): Promise<RebuildLease> {
    const lease = new RebuildLease(redis, log);
    if (await until(() => lease.#tryTake(), { everyMs: LOOK_EVERY_MS, waitMsMax: 2 * LEASE_MS })) return lease;
    throw new HutongError('ALREADY_RUNNING', 'another hutong view rebuild is at work on these views', {
      retriable: false,
      hint: 'wait for it; or stop it, and this one goes on from where it was',
    });
  }

  async giveBack(): Promise<void> {
    this.#stopRenewing();
    await this.#ask(0);
  }

  async #tryTake(): Promise<boolean> {
    const taken = await this.#redis.set(this.#key, this.#holder, 'PX', LEASE_MS, 'NX').catch((cause: unknown) => {
      // A rebuild says by itself how much room it needs, and begins nothing.
      if (String(cause).includes('OOM')) return 'full' as const;
      throw redisUnavailable(cause);
    });
    if (taken === 'full') return true;
    if (taken !== 'OK') return false;
    // One that Redis doesn't hear of in time ends: then another may begin, and the positions decide.
    this.#stopRenewing = every(RENEW_EVERY_MS, () => this.#ask(LEASE_MS));
    return true;
  }

  async #ask(leaseMs: number): Promise<void> {
    await this.#redis.eval(HOLDERS_SCRIPT, 1, this.#key, this.#holder, leaseMs).catch(() => undefined);
  }
}
