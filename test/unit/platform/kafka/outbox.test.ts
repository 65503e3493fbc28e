/** The outbox: a bounded queue, one batch under way at a time, and what a refusal by the broker leads to. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Acknowledgement, Outbox, OUTBOX_LIMITS, type OutboxLimits } from '#platform/kafka/outbox.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { FakeBroker, SILENT, turns } from './support.ts';

const LIMITS: OutboxLimits = { queueRecordsMax: 100, ...OUTBOX_LIMITS };
const record = (name: string, bytes = 10): OutgoingRecord => ({
  topic: 'tests',
  partition: 0,
  key: Buffer.from(name),
  value: Buffer.alloc(bytes),
  headers: {},
});

function outbox(
  broker: FakeBroker,
  limits: Partial<OutboxLimits> = {},
  onAcknowledged: (acknowledgements: readonly Acknowledgement[]) => void = () => undefined,
): Outbox {
  return new Outbox(broker, { ...LIMITS, ...limits }, SILENT, onAcknowledged);
}
const manual = () => new FakeBroker({ automatic: false });

describe('batches', () => {
  it('holds everything that was added in one turn', async () => {
    const broker = new FakeBroker();
    const box = outbox(broker);
    await Promise.all(['a', 'b', 'c'].map((name) => box.add(record(name), 1)));
    expect(broker.calls).toEqual(['send 3']);
  });
  it('is filled while another is under way, and sent after it', async () => {
    const broker = manual();
    const box = outbox(broker);
    const all = [box.add(record('a'), 1)];
    await turns();
    all.push(box.add(record('b'), 2), box.add(record('c'), 3));
    await turns();
    expect(broker.calls).toEqual(['send 1']);
    broker.acknowledge();
    await turns();
    expect(broker.calls).toEqual(['send 1', 'send 2']);
    broker.acknowledge();
    await Promise.all(all);
  });
  it('has no more records than its bound', async () => {
    const broker = new FakeBroker();
    const box = outbox(broker, { batchRecordsMax: 2 });
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => box.add(record(name), 1)));
    expect(broker.calls).toEqual(['send 2', 'send 2', 'send 1']);
    expect(broker.recordsOf('tests').map(({ key }) => key?.toString())).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
  it('has no more bytes than its bound, but for a single record that is larger', async () => {
    const broker = new FakeBroker();
    const box = outbox(broker, { batchBytesMax: 3_000 });
    await Promise.all([1_000, 1_000, 1_000, 9_000, 10].map((bytes) => box.add(record('a', bytes), 1)));
    expect(broker.batches.map((batch) => batch.map(({ value }) => value?.length))).toEqual([
      [1_000, 1_000],
      [1_000],
      [9_000],
      [10],
    ]);
  });
  it('never are two under way at once, and keep the order, whatever is added when', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant('add' as const) },
      fc.constant('turn' as const),
      fc.constant('acknowledge' as const),
      fc.constant('refuse' as const),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        async (steps, batchRecordsMax) => {
          const broker = manual();
          const box = outbox(broker, { batchRecordsMax });
          const outcomes: Promise<string>[] = [];
          for (const now of steps) {
            if (now === 'add')
              outcomes.push(
                box.add(record(String(outcomes.length)), 1).then(
                  () => 'in the log',
                  () => 'given up',
                ),
              );
            else if (now === 'turn') await turns(1);
            else if (broker.isAsked) broker[now]();
          }
          for (const ended = box.drained().then(() => true); !(await Promise.race([ended, turns(1)]));)
            if (broker.isAsked) broker.acknowledge();
          expect(broker.underWayMax).toBeLessThanOrEqual(1);
          const kept = (await Promise.all(outcomes)).flatMap((outcome, index) =>
            outcome === 'in the log' ? [String(index)] : [],
          );
          expect(broker.recordsOf('tests').map(({ key }) => key?.toString())).toEqual(kept);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the queue', () => {
  it('refuses at once when it is full, and counts what is under way', async () => {
    const broker = manual();
    const box = outbox(broker, { queueRecordsMax: 2 });
    const first = box.add(record('a'), 1);
    await turns();
    const second = box.add(record('b'), 1);
    await expect(box.add(record('c'), 1)).rejects.toMatchObject({ code: 'QUEUE_FULL', retriable: true });
    expect(box.length).toBe(2);
    broker.automatic = true;
    broker.acknowledge();
    await Promise.all([first, second, box.drained()]);
    expect(box.length).toBe(0);
  });
  it('never keeps back the exchange’s own small records', async () => {
    const broker = manual();
    const box = outbox(broker, { queueRecordsMax: 1 });
    const waiting = [box.add(record('a'), 1), box.add(record('watermark'), 1, true)];
    await turns();
    broker.acknowledge();
    await expect(Promise.all(waiting)).resolves.toHaveLength(2);
  });
  it('tells when the oldest unacknowledged record was accepted, under way or not', async () => {
    const broker = manual();
    const box = outbox(broker, { batchRecordsMax: 1 });
    expect(box.oldestAcceptedAtMs).toBeNull();
    const all = [box.add(record('a'), 10), box.add(record('b'), 20)];
    expect(box.oldestAcceptedAtMs).toBe(10);
    await turns();
    expect(box.oldestAcceptedAtMs).toBe(10);
    broker.acknowledge();
    await turns();
    expect(box.oldestAcceptedAtMs).toBe(20);
    broker.acknowledge();
    await Promise.all(all);
    expect(box.oldestAcceptedAtMs).toBeNull();
  });
  it('sends a record that is added in the very turn in which the last batch ended', async () => {
    const broker = new FakeBroker();
    const box = outbox(broker);
    const chained = box.add(record('a'), 1).then(() => box.add(record('b'), 2));
    await turns();
    expect(broker.calls).toEqual(['send 1', 'send 1']);
    await chained;
    await box.drained();
    expect(box.length).toBe(0);
  });
});

describe('an acknowledgement', () => {
  it('is reported before the records are', async () => {
    const seen: string[] = [];
    const box = outbox(new FakeBroker(), {}, (acknowledgements) =>
      seen.push(...acknowledgements.map(({ topic, nextOffset }) => `${topic} up to ${nextOffset}`)),
    );
    await box.add(record('a'), 1).then(() => seen.push('added'));
    expect(seen).toEqual(['tests up to 1', 'added']);
  });
});

describe('a refused batch', () => {
  it('is sent again as it was, under a new identity, before anything else', async () => {
    const broker = manual();
    const box = outbox(broker);
    const all = [box.add(record('a'), 1)];
    await turns();
    all.push(box.add(record('b'), 2));
    broker.refuse();
    await turns();
    expect(broker.calls).toEqual(['send 1', 'renew', 'send 1']);
    expect(broker.batches[1]).toEqual(broker.batches[0]);
    broker.automatic = true;
    broker.acknowledge();
    await Promise.all(all);
  });
  it('is given up after three refusals, and the next goes out under a new identity', async () => {
    const broker = manual();
    const box = outbox(broker, { batchRecordsMax: 1 });
    const given = box.add(record('a'), 1);
    const next = box.add(record('b'), 2);
    for (let refusals = 0; refusals < 3; refusals += 1) {
      await turns();
      broker.refuse();
    }
    await expect(given).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE', retriable: true });
    await turns();
    // Without the last renewal the broker could take the next batch for a repeat of the one given up, and acknowledge
    // it unwritten.
    expect(broker.calls).toEqual(['send 1', 'renew', 'send 1', 'renew', 'send 1', 'renew', 'send 1']);
    broker.acknowledge();
    await expect(next).resolves.toBeUndefined();
  });
  it('has nothing sent after it while there is no new identity', async () => {
    const broker = manual();
    broker.renewFails = 4;
    const box = outbox(broker, { batchRecordsMax: 1 });
    const given = box.add(record('a'), 1);
    const second = box.add(record('b'), 2);
    const third = box.add(record('c'), 3);
    await turns();
    broker.automatic = true;
    broker.refuse();
    await expect(given).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE' });
    await Promise.all([second, third]);
    expect(broker.calls).toEqual(['send 1', 'renew', 'renew', 'renew', 'renew', 'renew', 'send 1', 'send 1']);
    expect(broker.recordsOf('tests').map(({ key }) => key?.toString())).toEqual(['b', 'c']);
  });
});
