/**
 * Compares the views of some partitions, in a thread of its own; see compare.ts.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { agedAt } from '#core/view/retention.ts';
import { operatorIdentity, registryAccess } from '#exchange/identity/operator.ts';
import { decodeView, encodeView } from '#exchange/view/codec.ts';
import { tagOf } from '#exchange/view/hash-slot.ts';
import { BESIDE_VIEWS } from '#exchange/view/keys.ts';
import { type LogRecord, readLog, RecordDecoder } from '#exercises/oracle/log-reader.ts';
import { oracleBytes } from '#exercises/oracle/oracle.ts';
import { parseAddresses } from '#platform/address.ts';
import { createLogger } from '#platform/log.ts';
import { connectRedis, mastersOf } from '#platform/redis.ts';
import { filesOf, type TlsFiles } from '#platform/tls.ts';

export interface CompareWork {
  readonly kafka: string;
  /** Of any principal: see `filesOf`. */
  readonly tls: TlsFiles;
  readonly registry: string;
  readonly redis: string;
  readonly partitions: readonly number[];
  /** 16 bytes an event. */
  readonly acceptedIds: Uint8Array;
}

export interface Compared {
  records: number;
  views: number;
  different: number;
  missing: number;
  unexplained: number;
  /** Accepted events that are in these partitions. */
  acceptedFound: number;
}

const SCAN_COUNT = 10_000;
const MGET_KEYS = 2_000;
const IS_BESIDE_VIEWS = new RegExp(`^\\d+\\{\\w+\\}:(${BESIDE_VIEWS.join('|')})$`);

const work = workerData as CompareWork;
const identity = operatorIdentity(work.tls);
const redis = await connectRedis({ addresses: parseAddresses(work.redis), identity }, createLogger('demo', 'silent'));
try {
  parentPort?.postMessage(await compare());
} finally {
  redis.disconnect();
}

async function compare(): Promise<Compared> {
  const live = await liveGenerations();
  const [log, unexplained] = await Promise.all([
    readLog({ ...work, tls: filesOf(work.tls, 'operator') }),
    viewKeys(live),
  ]);
  const decoder = await RecordDecoder.for(registryAccess(work.registry, work.tls), everyRecord(log));
  const open = idsOf(work.acceptedIds);
  const accepted = open.size;
  const result: Compared = {
    records: 0,
    views: unexplained.size,
    different: 0,
    missing: 0,
    unexplained: 0,
    acceptedFound: 0,
  };
  for (const [partition, records] of log) {
    result.records += records.length;
    // Samples age by the latest acceptance in their partition.
    const acceptedUpToMs = records.reduce(
      (latestMs, record) => Math.max(latestMs, decoder.event(record).acceptedAtMs),
      0,
    );
    const people = Map.groupBy(records, ({ key }) => key.toString('latin1'));
    for (const some of chunks([...people], MGET_KEYS)) {
      const keys = some.map(([key]) =>
        Buffer.from(`${live.get(partition) ?? '1'}{${tagOf(partition)}}${key}`, 'latin1'),
      );
      const stored = await redis.mgetBuffer(keys);
      for (const [index, [, own]] of some.entries()) {
        const events = own.map((record) => decoder.event(record));
        for (const { eventId } of events) open.delete(eventId.replaceAll('-', ''));
        unexplained.delete((keys[index] as Buffer).toString('latin1'));
        const view = stored[index] ?? null;
        if (view === null) result.missing += 1;
        else if (!isSame(view, oracleBytes(events, [], [], acceptedUpToMs), acceptedUpToMs)) result.different += 1;
      }
    }
  }
  return { ...result, unexplained: unexplained.size, acceptedFound: accepted - open.size };
}

/** A view that was stored before midnight has aged since; look-ups see it so. */
function isSame(stored: Buffer, expected: Buffer | null, acceptedUpToMs: number): boolean {
  return (
    expected !== null &&
    (expected.equals(stored) || expected.equals(encodeView(agedAt(decodeView(stored), acceptedUpToMs))))
  );
}

function* everyRecord(log: ReadonlyMap<number, readonly LogRecord[]>): Generator<LogRecord> {
  for (const records of log.values()) yield* records;
}

function* chunks<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < values.length; at += size) yield values.slice(at, at + size);
}

/** Which generation of each partition look-ups read. */
async function liveGenerations(): Promise<ReadonlyMap<number, string>> {
  return new Map(
    await Promise.all(
      work.partitions.map(
        async (partition) => [partition, (await redis.get(`{${tagOf(partition)}}:generation`)) ?? '1'] as const,
      ),
    ),
  );
}

/** All live keys of these partitions, and any that belong to no partition, but for what lies beside views. */
async function viewKeys(live: ReadonlyMap<number, string>): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const master of mastersOf(redis)) {
    for await (const some of master.scanBufferStream({ count: SCAN_COUNT })) {
      for (const key of some as Buffer[]) {
        const name = key.toString('latin1');
        const [, generation, partition] = /^(\d*)\{(\d+)[a-zA-Z]*\}/.exec(name) ?? [];
        const isOwn =
          partition === undefined ? work.partitions.includes(0) : live.get(Number(partition)) === generation;
        if (isOwn && !name.startsWith('limits:') && !IS_BESIDE_VIEWS.test(name)) keys.add(name);
      }
    }
  }
  return keys;
}

function idsOf(bytes: Uint8Array): Set<string> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Set(
    Array.from({ length: bytes.length / 16 }, (_, index) => all.toString('hex', index * 16, index * 16 + 16)),
  );
}
