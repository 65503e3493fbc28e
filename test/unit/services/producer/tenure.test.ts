/** Whether a process still is its instances: it never calls accepted what its successor may not know of. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Registrations } from '#exchange/topics/registrations.ts';
import type { HutongError } from '#platform/errors.ts';
import { Tenure } from '#services/producer/tenure.ts';
import { SILENT, turns } from '#test/unit/platform/kafka/support.ts';
import { fakeTimers } from './support.ts';

beforeEach(fakeTimers);
afterEach(() => void vi.useRealTimers());

/** The topic of the registrations, and processes that look at it. */
class Topic {
  readonly #registrations = new Registrations();
  #end = 0;
  nowMs = 0;
  isAway = false;
  readonly slept: number[] = [];
  readonly lost: string[] = [];

  register(epoch: number, process: string): void {
    this.#registrations.register({ province: '43', instance: '43-a', epoch, process }, this.nowMs);
    this.#end += 1;
  }

  retire(epoch: number): void {
    this.#registrations.retire({ instance: '43-a', epoch, by: 'li', why: 'gone' }, this.nowMs);
    this.#end += 1;
  }

  tenure(process: string): Tenure {
    return new Tenure({
      process,
      read: async () => this.#registrations,
      end: async () => {
        if (this.isAway) throw new Error('away');
        return this.#end;
      },
      monotonicMs: () => this.nowMs,
      sleep: async (ms) => void this.slept.push(ms),
      logger: SILENT,
      onLost: ({ code }) => void this.lost.push(code),
    });
  }

  async pass(ms: number): Promise<void> {
    this.nowMs += ms;
    await vi.advanceTimersByTimeAsync(ms);
    await turns();
  }
}

async function begun(topic: Topic, process: string): Promise<Tenure> {
  const tenure = topic.tenure(process);
  topic.register((await tenure.epochsFor(['43-a'])).get('43-a') as number, process);
  await tenure.begin();
  return tenure;
}

describe('a process', () => {
  it('that is the first of its instance takes epoch 1 and waits for nobody', async () => {
    const topic = new Topic();
    const tenure = topic.tenure('p');
    expect(await tenure.epochsFor(['43-a', '11-a'])).toEqual(
      new Map([
        ['43-a', 1],
        ['11-a', 1],
      ]),
    );
    topic.register(1, 'p');
    const alone = await begun(new Topic(), 'p');
    expect(alone.held()).toBeNull();
    expect(topic.slept).toEqual([]);
  });
  it('that takes an instance up again waits until the one before it calls nothing accepted any more', async () => {
    const topic = new Topic();
    const former = await begun(topic, 'p');
    await begun(topic, 'q');
    expect(topic.slept).toEqual([3_000]);
    await topic.pass(500);
    await expect(former.held()).rejects.toMatchObject({ code: 'PRODUCER_SUPERSEDED' });
    expect(topic.lost).toEqual(['PRODUCER_SUPERSEDED']);
  });
  it('that was slower than another with the same epoch doesn’t begin', async () => {
    const topic = new Topic();
    const tenure = topic.tenure('q');
    await tenure.epochsFor(['43-a']);
    topic.register(1, 'p');
    topic.register(1, 'q');
    await expect(tenure.begin()).rejects.toMatchObject({ code: 'PRODUCER_SUPERSEDED' });
  });
  it('that is retired ends', async () => {
    const topic = new Topic();
    await begun(topic, 'p');
    topic.retire(1);
    await topic.pass(500);
    expect(topic.lost).toEqual(['PRODUCER_SUPERSEDED']);
  });
});

describe('what Kafka acknowledges', () => {
  it('while nobody can look is called accepted after the next look, and by then no successor has begun', async () => {
    const topic = new Topic();
    const tenure = await begun(topic, 'p');
    topic.isAway = true;
    await topic.pass(1_500);
    expect(tenure.held()).toBeNull();
    await topic.pass(500);
    let isHeld = false;
    const held = (tenure.held() as Promise<void>).then(() => void (isHeld = true));
    await topic.pass(5_000);
    expect(isHeld).toBe(false);
    topic.isAway = false;
    await topic.pass(500);
    await held;
    expect(isHeld).toBe(true);
  });
  it('by a process that stood still while another began isn’t called accepted', async () => {
    const topic = new Topic();
    const former = await begun(topic, 'p');
    topic.nowMs += 10_000; // it stands still: no timer of it ran
    topic.register(2, 'q');
    const refused = (former.held() as Promise<void>).catch(({ code }: HutongError) => code);
    await topic.pass(500);
    expect(await refused).toBe('PRODUCER_SUPERSEDED');
  });
});
