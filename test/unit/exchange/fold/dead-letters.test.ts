/** A dead letter keeps the record's bytes, says where it came from and why, and whom it marks incomplete. */

import { describe, expect, it } from 'vitest';
import { DeadLetters } from '#exchange/fold/dead-letters.ts';
import { letterOf, noteOf } from '#exchange/topics/letters.ts';
import { Outbox, OUTBOX_LIMITS } from '#platform/kafka/outbox.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import { Metrics } from '#platform/metrics.ts';
import { FakeBroker, SILENT, turns } from '#test/unit/platform/kafka/support.ts';

const RECORD: IncomingRecord = {
  topic: 'tests',
  partition: 3,
  offset: 41,
  appendedAtMs: 1,
  key: Buffer.from('k'),
  value: Buffer.from([9, 9]),
  headers: { ce_source: Buffer.from('/provinces/43/producers/43-a'), ce_id: 'e', twice: ['a', 'b'], gone: undefined },
};
const letter = (changed: object = {}) => ({
  record: RECORD,
  reason: 'not_wire_format' as const,
  detail: 'd',
  key: null,
  marked: '43' as const,
  ...changed,
});

function rig(broker = new FakeBroker()) {
  const metrics = new Metrics();
  return {
    broker,
    metrics,
    letters: new DeadLetters(
      new Outbox(broker, { queueRecordsMax: 1, ...OUTBOX_LIMITS }, SILENT, () => undefined),
      metrics,
    ),
  };
}

describe('a dead letter', () => {
  it('holds the record’s bytes and headers, its origin and the reason', async () => {
    const { broker, letters, metrics } = rig();
    await letters.write(letter());
    const [written] = broker.recordsOf('dead-letters');
    expect(written).toEqual({
      topic: 'dead-letters',
      partition: 0,
      key: RECORD.key,
      value: RECORD.value,
      headers: {
        ce_source: Buffer.from('/provinces/43/producers/43-a'),
        ce_id: 'e',
        'dead-letter-topic': 'tests',
        'dead-letter-partition': '3',
        'dead-letter-offset': '41',
        'dead-letter-appended-at': '1',
        'dead-letter-reason': 'not_wire_format',
        'dead-letter-detail': 'd',
        'dead-letter-marks': 'province:43',
      },
    });
    expect((await metrics.expose()).body).toContain(
      'hutong_dead_letters_total{province="43",topic="tests",reason="not_wire_format"} 1',
    );
  });
  it('isn’t kept back by a full queue, and isn’t counted before Kafka has it', async () => {
    const { broker, letters, metrics } = rig(new FakeBroker({ automatic: false }));
    const all = Promise.all([
      letters.write(letter()),
      letters.write(letter()),
      letters.write(letter({ reason: 'tombstone', record: { ...RECORD, key: null, value: null } })),
    ]);
    await turns();
    expect((await metrics.expose()).body).not.toContain('hutong_dead_letters_total{');
    broker.acknowledge();
    await all;
    expect(broker.recordsOf('dead-letters')).toHaveLength(3);
  });
  it('that Kafka refuses is an error, so that the position stays where it is', async () => {
    const { broker, letters } = rig(new FakeBroker({ automatic: false }));
    const failure = letters.write(letter()).catch((error: unknown) => error);
    for (let refusals = 0; refusals < 3; refusals += 1) {
      await turns();
      broker.refuse();
    }
    expect(await failure).toMatchObject({ code: 'KAFKA_UNAVAILABLE', retriable: true });
  });
  it('marks the person where there is one, else the province, else all of them', async () => {
    const { broker, letters } = rig();
    await letters.write(letter({ key: Buffer.alloc(16) }));
    await letters.write(letter());
    await letters.write(letter({ marked: null }));
    expect(broker.recordsOf('dead-letters').map(({ headers }) => letterOf(headers)?.marks)).toEqual([
      undefined,
      '43',
      null,
    ]);
  });
  it('that is settled gets a note with who did it and which record, but no bytes', async () => {
    const { broker, letters, metrics } = rig();
    const note = {
      settlement: {
        place: { topic: 'tests', partition: 3, offset: 41 },
        through: 41,
        as: 'replayed',
        by: 'Li',
        why: 'schema registered',
      },
      at: { topic: 'tests', partition: 3, offset: 99 },
    } as const;
    await letters.note(note);
    const [written] = broker.recordsOf('dead-letters');
    expect(written).toMatchObject({ key: null, value: null });
    expect(noteOf(written?.headers ?? {})).toEqual(note);
    expect((await metrics.expose()).body).toContain('hutong_dead_letters_settled_total{outcome="replayed"} 1');
  });
});
