/**
 * Bytes: of an event in the log, and of a person in Redis, keys and bookkeeping included. Measured on the running
 * parts, never estimated.
 */

import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PersonEvent } from '#core/events/events.ts';
import { DAY_MS, HOUR_MS } from '#core/field/time.ts';
import { merge } from '#core/view/merge.ts';
import { NO_FRESHNESS, type Position } from '#core/view/snapshot.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import type { Log } from '#exchange/topics/log.ts';
import { encodeView } from '#exchange/view/codec.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { NO_POSITION, RedisViewStore, type StoredPosition } from '#exchange/view/store.ts';
import { at, samplingRecorded, testReported, vaccinationAdministered } from '#exercises/town/events.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { mastersOf, type Redis } from '#platform/redis.ts';

/** Of the shared topics' segments, on all brokers. */
export function logBytes(runDir: string, log: Log): number {
  const data = join(runDir, 'data');
  const brokers = readdirSync(data).filter((name) => /^kafka(-\d+)?$/.test(name));
  return brokers.reduce((sum, broker) => sum + brokerBytes(join(data, broker, 'log'), log), 0);
}

function brokerBytes(dir: string, { topics }: Log): number {
  const partitions = readdirSync(dir).filter((name) => topics.some((topic) => name.startsWith(`${topic}-`)));
  const segments = partitions.flatMap((name) =>
    readdirSync(join(dir, name))
      .filter((file) => file.endsWith('.log'))
      .map((file) => join(dir, name, file)),
  );
  return segments.reduce((sum, segment) => sum + statSync(segment).size, 0);
}

export async function memoryOf(redis: Redis): Promise<{ bytes: number; keys: number }> {
  const masters = await Promise.all(
    mastersOf(redis).map(async (master) => ({
      bytes: Number(/^used_memory:(\d+)/m.exec(await master.info('memory'))?.[1]),
      keys: await master.dbsize(),
    })),
  );
  return {
    bytes: masters.reduce((sum, { bytes }) => sum + bytes, 0),
    keys: masters.reduce((sum, { keys }) => sum + keys, 0),
  };
}

/** Someone who tests every other day: as many results as a view keeps, four samplings, three doses. */
export function fullView(): PersonView {
  const latestMs = at('2022-08-10T18:00+08:00');
  const name = (prefix: string): string => `${prefix}${randomBytes(5).toString('hex')}`;
  const tests = Array.from({ length: 8 }, (_, index) => {
    const sampledAtMs = latestMs - 2 * index * DAY_MS;
    return testReported({
      laboratory: '广州金域医学检验中心',
      sampleId: name('GZ'),
      sampledAtMs,
      testedAtMs: sampledAtMs + 5 * HOUR_MS,
      reportIssuedAtMs: sampledAtMs + 8 * HOUR_MS,
    });
  });
  const samplings = Array.from({ length: 4 }, (_, index) =>
    samplingRecorded({ site: '天河体育中心采样点', sampleId: name('GZ'), sampledAtMs: latestMs - 2 * index * DAY_MS }),
  );
  const doses = Array.from({ length: 3 }, (_, index) =>
    vaccinationAdministered({ doseId: name('D'), doseNumber: index + 1, manufacturer: 'Sinovac Life Sciences' }),
  );
  return [...tests, ...samplings, ...doses].reduce(
    (view: PersonView, event: PersonEvent) => merge(view, event),
    EMPTY_VIEW,
  );
}

const COMMIT = 500;

/** Writes that many people with full views into an empty Redis. @returns bytes a person, and of that the view alone */
export async function sizeOfFullViews(
  redis: Redis,
  log: Log,
  partitions: number,
  people: number,
): Promise<{ perPerson: number; view: number }> {
  const before = await memoryOf(redis);
  const store = new RedisViewStore(redis, log);
  const keys = Map.groupBy(
    Array.from({ length: people }, () => randomBytes(16)),
    (key) => partitionOf(key, partitions),
  );
  let viewBytes = 0;
  for (const [partition, own] of keys) {
    let expected: StoredPosition = NO_POSITION;
    for (let from = 0; from < own.length; from += COMMIT) {
      const views = own.slice(from, from + COMMIT).map((key) => [key, fullView()] as const);
      for (const [, view] of views) viewBytes += encodeView(view).length;
      const position: Position = { clusterId: 'measured', topics: { tests: { topicId: 't', nextOffset: from } } };
      expected = await store.commit({
        partition,
        generation: FIRST_GENERATION,
        expected,
        position,
        freshness: NO_FRESHNESS,
        views,
      });
    }
  }
  const after = await memoryOf(redis);
  return { perPerson: (after.bytes - before.bytes) / people, view: viewBytes / people };
}
