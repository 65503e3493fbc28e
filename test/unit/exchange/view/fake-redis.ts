/** A Redis of a few lines, and what tests of both sides of the view put into it. */

import { merge } from '#core/view/merge.ts';
import type { Position } from '#core/view/snapshot.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { testReported } from '#exercises/town/events.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import type { Redis } from '#platform/redis.ts';

export const KEY = Buffer.from('0123456789abcdef');
export const PARTITION = partitionOf(KEY, 8);
export const VIEW = merge(EMPTY_VIEW, testReported());
export const position = (nextOffset: number): Position => ({
  clusterId: 'c',
  topics: { vaccinations: { topicId: 'v', nextOffset: 0 }, tests: { topicId: 't', nextOffset } },
});
export const FRESHNESS = {
  watermarks: [{ province: '43', instance: '43-a', throughMs: 5 }],
  incompleteProvinces: [null],
  withdrawals: [],
  acceptedUpToMs: 7,
  leaks: [],
} as const;

/** Holds what it is given; takes a commit, and applies it or says that it didn't. */
export class FakeRedis {
  readonly held = new Map<string, Buffer>();
  commands = 0;
  away = false;
  isCluster = false;
  /** So many commands more are lost with the node that they were sent to. */
  lost = 0;
  applies = true;
  lacksWithdrawals = false;
  /** Runs after each read. */
  afterRead: () => void = () => undefined;
  committed: (string | Buffer)[] = [];

  defineCommand(): void {}
  async mget(...keys: string[]): Promise<(string | null)[]> {
    return (await this.mgetBuffer(...keys)).map((value) => value?.toString() ?? null);
  }
  async mgetBuffer(...keys: (string | Buffer | Buffer[])[]): Promise<(Buffer | null)[]> {
    this.commands += 1;
    if (this.away || this.lost-- > 0) throw new Error('Connection is closed.');
    const answer = keys.flat().map((key) => this.held.get(Buffer.from(key as string).toString('latin1')) ?? null);
    this.afterRead();
    return answer;
  }
  async get(key: string): Promise<string | null> {
    return this.held.get(key)?.toString() ?? null;
  }
  async hutongCommit(count: number, ...parts: (string | Buffer)[]): Promise<number> {
    this.commands += 1;
    if (this.away) throw new Error('Command timed out');
    this.committed = [String(count), ...parts];
    if (this.lacksWithdrawals && parts[count + 5] === '') return 2;
    return this.applies ? 1 : 0;
  }
  async info(): Promise<string> {
    if (this.away) throw new Error('away');
    return 'maxmemory:0\r\nmaxmemory_policy:volatile-lru\r\n';
  }
  asRedis(): Redis {
    return this as unknown as Redis;
  }
}
