/**
 * Bytes of Metadata answers of version 12, as the Kafka protocol guide lays them out, and a cluster that gives them.
 */

import type { Cluster } from 'kafkajs';

const int32 = (value: number) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]);
export const text = (value: string) => Buffer.concat([Buffer.of(value.length + 1), Buffer.from(value)]);
export const list = (...items: Buffer[]) => Buffer.concat([Buffer.of(items.length + 1), ...items]);
export const NO_TAGS = Buffer.of(0);
const UNKNOWN_TAG = Buffer.of(1, 0x85, 0x01, 3, 9, 9, 9); // tag 133 with three bytes

const broker = (rack: Buffer) => Buffer.concat([int32(1), text('127.0.0.1'), int32(9092), rack, NO_TAGS]);
const partition = (index: number) =>
  Buffer.concat([
    Buffer.of(0, 0),
    int32(index),
    int32(1),
    int32(0),
    list(int32(1)),
    list(int32(1)),
    list(),
    UNKNOWN_TAG,
  ]);
export const topic = (name: Buffer, id: Buffer, partitions: number, errorCode = 0) =>
  Buffer.concat([
    Buffer.of(errorCode >> 8, errorCode),
    name,
    id,
    Buffer.of(0),
    list(...Array.from({ length: partitions }, (_, index) => partition(index))),
    int32(0x80000000),
    NO_TAGS,
  ]);
/** A whole answer about these topics. */
export const answer = (...topics: Buffer[]) =>
  Buffer.concat([
    UNKNOWN_TAG,
    int32(0),
    list(broker(Buffer.of(0)), broker(text('rack'))),
    text('cluster-1'),
    int32(1),
    list(...topics),
    NO_TAGS,
  ]);

/** @param brokersAway how many brokers are asked, and don't answer, before the one that does */
export function clusterThatAnswers(payload: Buffer | Error, sent: Buffer[] = [], brokersAway = 0): Cluster {
  const send = async ({
    request,
    response,
  }: {
    request: { encode: () => Promise<{ buf: Buffer }> };
    response: { decode: (payload: Buffer) => Promise<object>; parse: (decoded: object) => Promise<object> };
  }) => {
    sent.push((await request.encode()).buf);
    if (payload instanceof Error) throw payload;
    return response.parse(await response.decode(payload));
  };
  const findBroker = async ({ nodeId }: { nodeId: string }) => {
    if (Number(nodeId) <= brokersAway) throw new Error('connection refused');
    return { connectionPool: { send } };
  };
  const brokers = Object.fromEntries(Array.from({ length: brokersAway + 1 }, (_, index) => [index + 1, {}]));
  return { brokerPool: { brokers, findBroker } } as unknown as Cluster;
}
