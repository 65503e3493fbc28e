/** The sender on kafkajs: what it asks of the client, and what it makes of the client's answer. */

import { describe, expect, it } from 'vitest';
import type { Kafka, Producer } from '#platform/kafka/client.ts';
import { KafkaSender, sendOnce } from '#platform/kafka/sender.ts';

const record = (topic: string, partition: number) => ({
  topic,
  partition,
  key: Buffer.from('k'),
  value: Buffer.from('v'),
  headers: {},
});

function fakeKafka(answer: unknown = []) {
  const calls: string[] = [];
  const asked: { acks?: number; options?: object; compression?: number | undefined } = {};
  let made = 0;
  const kafka = {
    producer: (options: object) => {
      made += 1;
      const name = `producer ${made}`;
      asked.options = options;
      return {
        connect: async () => void calls.push(`${name} connects`),
        disconnect: async () => void calls.push(`${name} disconnects`),
        sendBatch: async ({ acks, compression, topicMessages }: Parameters<Producer['sendBatch']>[0]) => {
          asked.acks = acks as number;
          asked.compression = compression;
          const parts = topicMessages?.map(
            ({ topic, messages }) => `${topic} ${messages.map(({ partition }) => partition).join('')}`,
          );
          calls.push(`${name} sends ${parts?.join(', ')}`);
          return answer;
        },
      };
    },
  };
  return { kafka: kafka as unknown as Kafka, calls, asked };
}

it('packs batches where it is told to, and no others', async () => {
  const { kafka, asked } = fakeKafka([{ topicName: 'positions', partition: 0, baseOffset: '0' }]);
  const packedAs: unknown[] = [];
  for (const packs of [true, false]) {
    await (await KafkaSender.connect(kafka, packs)).send([record('positions', 0)]);
    packedAs.push(asked.compression);
  }
  expect(packedAs).toEqual([1, undefined]);
});

describe('a batch', () => {
  it('is one request, idempotent, to all in-sync replicas, and says where it ends in each partition', async () => {
    const { kafka, calls, asked } = fakeKafka([
      { topicName: 'tests', partition: 0, baseOffset: '40', logAppendTime: '1660000000000' },
      { topicName: 'tests', partition: 3, baseOffset: '7', logAppendTime: '1660000000001' },
      { topicName: 'vaccinations', partition: 0, baseOffset: '0', logAppendTime: '-1' },
    ]);
    const sender = await KafkaSender.connect(kafka);
    const acknowledgements = await sender.send([
      record('tests', 0),
      record('vaccinations', 0),
      record('tests', 3),
      record('tests', 0),
    ]);
    expect(calls).toEqual(['producer 1 connects', 'producer 1 sends tests 030, vaccinations 0']);
    expect(asked).toMatchObject({
      acks: -1,
      options: { idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false },
    });
    expect(acknowledgements).toEqual([
      { topic: 'tests', partition: 0, nextOffset: 42, appendedAtMs: 1_660_000_000_000 },
      { topic: 'tests', partition: 3, nextOffset: 8, appendedAtMs: 1_660_000_000_001 },
      { topic: 'vaccinations', partition: 0, nextOffset: 1, appendedAtMs: -1 },
    ]);
  });
});

describe('a batch of which the client has not sent all', () => {
  it('is not acknowledged, whatever the client says', async () => {
    const { kafka } = fakeKafka([
      { topicName: 'tests', partition: 0, baseOffset: '40', logAppendTime: '1660000000000' },
    ]);
    const sender = await KafkaSender.connect(kafka);
    await expect(sender.send([record('tests', 0), record('tests', 3)])).rejects.toMatchObject({
      code: 'KAFKA_UNAVAILABLE',
      retriable: true,
      message: 'tests/3 was not acknowledged with its batch',
    });
  });
});

describe('a new identity', () => {
  it('is a new producer, and the old one is closed', async () => {
    const { kafka, calls } = fakeKafka([
      { topicName: 'tests', partition: 0, baseOffset: '40', logAppendTime: '1660000000000' },
    ]);
    const sender = await KafkaSender.connect(kafka);
    await sender.renew();
    await sender.send([record('tests', 0)]);
    await sender.close();
    expect(calls).toEqual([
      'producer 1 connects',
      'producer 1 disconnects',
      'producer 2 connects',
      'producer 2 sends tests 0',
      'producer 2 disconnects',
    ]);
  });
});

describe('records that are sent by a connection of their own', () => {
  it('leave none behind, whether they were acknowledged or not', async () => {
    const answered = fakeKafka([{ topicName: 'tests', partition: 0, baseOffset: '0', logAppendTime: '-1' }]);
    await sendOnce(answered.kafka, [record('tests', 0)]);
    expect(answered.calls.at(-1)).toBe('producer 1 disconnects');
    const { kafka, calls } = fakeKafka([]);
    await expect(sendOnce(kafka, [record('tests', 0)])).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE' });
    expect(calls.at(-1)).toBe('producer 1 disconnects');
  });
});
