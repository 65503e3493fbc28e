/**
 * A signing key that had leaked: what its thief signed since then claims, registers and withdraws nothing, also where
 * it was in force before that was known.
 */

import { describe, expect, it } from 'vitest';
import { ExchangeNow } from '#exchange/fold/exchange-now.ts';
import { signatureHeaders } from '#exchange/keys/signatures.ts';
import { publicKeyRecord } from '#exchange/topics/public-keys.ts';
import { signingRevokedRecord } from '#exchange/topics/revoked-signing.ts';
import { withdrawalRecord } from '#exchange/topics/withdrawals.ts';
import type { Admin, Kafka } from '#platform/kafka/client.ts';
import { LOG } from '#test/support/first-edition.ts';
import { publicKey, publishedKeys, READ_ALREADY, signingKey } from '#test/support/keys.ts';
import { withdrawal } from '#test/support/withdrawals.ts';
import { schemaSource, SILENT, turns } from '#test/unit/platform/kafka/support.ts';
import { START } from './support.ts';
import { type Message, registered, watermark } from './tail.ts';

const LEAKED_MS = 700;

/** Topics in memory: each consumer is given them from their beginning, once they may be read. */
function exchange() {
  const keys = publishedKeys();
  const topics = new Map<string, Message[]>();
  const readers = new Map<object, (topic: string, from: number) => Promise<void>>();
  const held = { isAway: false, isHeld: false, groups: [] as string[], ticks: 0 };
  const consumer = (group: string) => {
    held.groups.push(group);
    const self = {
      events: { CRASH: 'consumer.crash' },
      on: () => undefined,
      connect: async () => {
        if (held.isAway) throw new Error('away');
      },
      subscribe: async () => undefined,
      disconnect: async () => void readers.delete(self),
      run: async ({ eachBatch }: { eachBatch: (payload: object) => Promise<void> }) => {
        readers.set(self, async (topic, from) => {
          const messages = (topics.get(topic) ?? []).slice(from).map((message, index) => ({
            timestamp: '1',
            ...message,
            offset: String(from + index),
          }));
          if (messages.length === 0) return;
          await eachBatch({ batch: { topic, messages, lastOffset: () => String(from + messages.length - 1) } });
        });
        if (!held.isHeld) for (const topic of topics.keys()) await readers.get(self)?.(topic, 0);
      },
    };
    return self;
  };
  const kafka = { consumer: ({ groupId }: { groupId: string }) => consumer(groupId) } as unknown as Kafka;
  const admin = {
    fetchTopicOffsets: async (topic: string) => [
      { partition: 0, low: '0', high: String(topics.get(topic)?.length ?? 0) },
    ],
  } as unknown as Admin;
  let group = 0;
  const start = () =>
    ExchangeNow.start({
      log: LOG,
      kafka,
      admin,
      schemas: schemaSource(),
      signatures: keys,
      keys: READ_ALREADY,
      groupId: () => `group-${(group += 1)}`,
      logger: SILENT,
      sleep: () => turns(1),
      now: () => 2_000,
      onWithdrawals: () => void (held.ticks += 1),
      onFatal: () => undefined,
    });
  return {
    keys,
    held,
    start,
    readers,
    append: async (topic: string, message: Message) => {
      const all = topics.get(topic) ?? [];
      topics.set(topic, [...all, message]);
      for (const read of readers.values()) await read(topic, all.length);
    },
    release: async () => {
      held.isHeld = false;
      for (const read of readers.values()) for (const topic of topics.keys()) await read(topic, 0);
    },
    leak: (sinceMs: number | null) =>
      keys.take({
        ...signingRevokedRecord({ key: 'province-43-1', why: 'stolen', sinceMs }, signingKey('operator')),
        appendedAtMs: 1_500,
      }),
  };
}

const by = (message: Message, atMs: number, number = 1): Message => {
  const principal = `province-${message.key?.toString().slice(0, 2)}`;
  const headers = signatureHeaders(signingKey(principal, number), { key: message.key, value: message.value });
  return { ...message, headers, timestamp: String(atMs) };
};
const throughOf = (now: ExchangeNow, before: Readonly<Record<string, number>> = {}) => {
  const held = Object.entries(before).map(([instance, throughMs]) => ({
    instance,
    throughMs,
    province: instance.slice(0, 2) as '43',
  }));
  const { watermarks } = now.freshnessAt(0, START, held);
  return Object.fromEntries(watermarks.map(({ instance, throughMs }) => [instance, throughMs]));
};

/** Hunan's own, and from 700 on what the thief of its key says; Beijing's beside it. */
async function robbed() {
  const robbery = exchange();
  const { append } = robbery;
  await append('producers', by(registered('43-a', 1), 100));
  await append('producers', by(registered('11-a', 1), 100));
  await append('watermarks', by(watermark('43-a', 600, 0, 1), 600));
  await append('watermarks', by(watermark('11-a', 1_000, 0, 1), 1_000));
  await append('producers', by(registered('43-thief', 1), LEAKED_MS));
  await append('watermarks', by(watermark('43-a', 1_400, 0, 7), 1_400));
  const now = await robbery.start();
  return { ...robbery, now };
}

describe('a signing key that had leaked', () => {
  it('had its thief’s watermark stay in force after it was known that it had leaked', async () => {
    const { now, leak } = await robbed();
    expect(throughOf(now)).toEqual({ '43-a': 1_400, '43-thief': 0, '11-a': 1_000 });
    leak(LEAKED_MS);
    throughOf(now);
    await turns(20);
    // What was stored with a position came into force by nobody knows which key.
    expect(throughOf(now, { '43-a': 1_400, '11-a': 900 })).toEqual({ '43-a': 600, '11-a': 1_000 });
  });
  it('has nothing of its holder in force while the topics are read anew, and all of the others’', async () => {
    const { now, leak, held, release } = await robbed();
    held.isHeld = true;
    leak(LEAKED_MS);
    expect(throughOf(now, { '43-a': 1_400 })).toEqual({ '43-a': 0, '43-thief': 0, '11-a': 1_000 });
    await turns(20);
    expect(throughOf(now)).toMatchObject({ '43-a': 0, '11-a': 1_000 });
    expect(now.claimed({ instance: '43-a', epoch: 1, topic: 'tests' }, 0, START, null)).toEqual({ kind: 'later' });
    await release();
    await turns(20);
    expect(throughOf(now)).toEqual({ '43-a': 600, '11-a': 1_000 });
    expect(held.ticks).toBe(1);
  });
  it('lets its holder go on under the next one, as the process that it was', async () => {
    const { now, leak, keys, append } = await robbed();
    leak(LEAKED_MS);
    keys.take(publicKeyRecord(publicKey('province-43', 2), signingKey('operator')));
    throughOf(now);
    await turns(20);
    await append('watermarks', by(watermark('43-a', 1_600, 0, 1), 1_600, 2));
    await append('watermarks', by(watermark('43-a', 1_700, 0, 1), 1_700));
    expect(throughOf(now)).toEqual({ '43-a': 1_600, '11-a': 1_000 });
  });
  it('is read anew once Kafka is back, with one reader at a time, and each under a group of its own', async () => {
    const { now, leak, held, readers } = await robbed();
    held.isAway = true;
    leak(LEAKED_MS);
    throughOf(now);
    await turns(20);
    expect(throughOf(now)).toMatchObject({ '43-a': 0 });
    held.isAway = false;
    await turns(20);
    expect(throughOf(now)).toMatchObject({ '43-a': 600 });
    expect([readers.size, new Set(held.groups).size]).toEqual([1, held.groups.length]);
    await now.stop();
    expect(readers.size).toBe(0);
  });
  it('is read anew once more where it had leaked earlier still; where it hadn’t leaked, nothing is', async () => {
    const { now, leak, held } = await robbed();
    leak(null);
    expect(throughOf(now)).toMatchObject({ '43-a': 1_400 });
    await turns(20);
    expect(held.groups).toHaveLength(1);
    for (const sinceMs of [LEAKED_MS, 500]) {
      leak(sinceMs);
      throughOf(now);
      await turns(20);
    }
    expect(throughOf(now)).toEqual({ '43-a': 0, '11-a': 1_000 });
    expect(held.groups).toHaveLength(3);
  });
  it('had its thief’s withdrawal go on to hide results', async () => {
    const robbery = await robbed();
    const { now, leak, append } = robbery;
    const { atMs: _at, ...withdrawn } = withdrawal();
    const said = withdrawalRecord({ withdrawn }, signingKey('province-43')) as Message;
    await append('withdrawals', { ...said, timestamp: '800' });
    const inForce = () => now.freshnessAt(0, START, []).withdrawals.map(({ id }) => id);
    expect(inForce()).toEqual(['w1']);
    leak(LEAKED_MS);
    inForce();
    await turns(20);
    expect([inForce(), now.withdrawals]).toEqual([[], []]);
  });
});
