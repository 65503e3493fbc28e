/**
 * A publisher that vouches, on a broker that fails: what it claims is what was acknowledged, whatever else is in the
 * log, and whoever reads its claims and the log finds that nothing is missing.
 */

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Statement } from '#core/vouch/claims.ts';
import { signed } from '#exchange/topics/public-keys.ts';
import { decodeOwnValue } from '#exchange/topics/records.ts';
import { personErased } from '#exercises/town/events.ts';
import { Vouched } from '#services/cli/vouch/vouched.ts';
import { LOG } from '#test/support/first-edition.ts';
import { publishedKeys, TAGS } from '#test/support/keys.ts';
import { type FakeBroker, schemaSource, turns } from '#test/unit/platform/kafka/support.ts';
import { fakeTimers, PARTITIONS, PublisherRig } from './support.ts';

beforeEach(fakeTimers);
afterEach(() => void vi.useRealTimers());

const KEYS = publishedKeys();
type Told = Statement & { readonly instance: string; readonly epoch: number };

async function statementsIn(broker: FakeBroker, topic: string): Promise<readonly Told[]> {
  return Promise.all(
    broker.recordsOf(topic).map(async (record) => {
      expect(KEYS.faultOf('province-43', signed(record))).toBeNull();
      return (await decodeOwnValue(record.value, schemaSource())) as Told;
    }),
  );
}

async function judged(broker: FakeBroker) {
  const vouched = new Vouched(TAGS);
  for (const told of await statementsIn(broker, 'vouchers')) vouched.claim(told.instance, told.epoch, told);
  for (const topic of LOG.topics)
    for (let partition = 0; partition < PARTITIONS; partition += 1)
      for (const [offset, record] of broker.recordsOf(topic, partition).entries())
        vouched.record({ ...record, offset, appendedAtMs: 0 });
  return { judgements: vouched.judgements(), unfounded: vouched.unfounded };
}

async function second(rig: PublisherRig): Promise<void> {
  rig.pass(1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  await turns();
}

const person = (name: number): Buffer => Buffer.alloc(16, `person ${name}`);

describe('watermarks', () => {
  it('are signed, the first one in full, and then once a minute', async () => {
    const rig = new PublisherRig();
    await rig.start();
    for (let count = 0; count < 61; count += 1) await second(rig);
    const statements = await statementsIn(rig.broker, 'watermarks');
    expect(statements.map(({ sequence }) => sequence)).toEqual(statements.map((_, index) => index + 1));
    const full = statements.filter(({ sequence, full: on }) => sequence === on).map(({ sequence }) => sequence);
    expect(full).toEqual([1, 61]);
    expect(statements[0]?.heads).toHaveLength(LOG.topics.length * PARTITIONS);
  });
  it('are kept for ever only where they say something new, and then with the full one that they build on', async () => {
    const rig = new PublisherRig();
    await rig.start();
    for (let count = 0; count < 70; count += 1) await second(rig);
    expect(await statementsIn(rig.broker, 'vouchers')).toHaveLength(1);
    await rig.publish(person(1)).done;
    await second(rig);
    await rig.publish(person(1)).done;
    await second(rig);
    const kept = await statementsIn(rig.broker, 'vouchers');
    expect(kept.map(({ sequence, full }) => sequence === full)).toEqual([true, true, false]);
    expect(kept[2]?.full).toBe(kept[1]?.sequence);
  });
});

it('tags an erasure of all as the national role, and one of its own as its province', async () => {
  const rig = new PublisherRig();
  await rig.start();
  for (const takes of ['all', 'own'] as const)
    await rig.publisher.publish(person(1), personErased({ takes }), undefined);
  const [all, own] = [0, 1].flatMap((partition) => rig.broker.recordsOf('erasures', partition));
  expect([all?.headers['tag-key'], own?.headers['tag-key']]).toEqual(['national-1', 'province-43-1']);
  await second(rig);
  const { judgements } = await judged(rig.broker);
  expect(judgements).toMatchObject([{ claimedAndThere: 2, claimedAndMissing: [], thereAndUnclaimed: [] }]);
});

describe('what a publisher has claimed', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ publish: fc.nat(3) }),
      fc.record({ refuse: fc.constantFrom('there', 'not there') }),
      fc.constant('second' as const),
    ),
    { minLength: 1, maxLength: 25 },
  );
  it('is in the log, and what isn’t claimed there is what failed, however often Kafka does', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (drawn) => {
        const rig = new PublisherRig();
        await rig.start();
        const done: Promise<unknown>[] = [];
        for (const step of drawn) {
          if (step === 'second') await second(rig);
          else if ('publish' in step) done.push(rig.publish(person(step.publish)).done.catch(() => 'unavailable'));
          else {
            rig.broker.automatic = false;
            done.push(rig.publish(person(0)).done.catch(() => 'unavailable'));
            await turns();
            if (rig.broker.isAsked) rig.broker.refuse({ appended: step.refuse === 'there' });
            rig.broker.automatic = true;
            await turns();
            while (rig.broker.isAsked) rig.broker.acknowledge();
          }
          await turns();
        }
        const said = await Promise.all(done);
        await second(rig);
        const { judgements, unfounded } = await judged(rig.broker);
        expect(unfounded).toBe(0);
        expect(judgements.flatMap(({ claimedAndMissing }) => claimedAndMissing)).toEqual([]);
        const there = judgements.reduce((sum, { claimedAndThere }) => sum + claimedAndThere, 0);
        expect(there).toBe(said.filter((one) => one !== 'unavailable').length);
      }),
      { numRuns: 25 },
    );
  });
});
