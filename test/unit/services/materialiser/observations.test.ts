/** What the materialiser measures: events once visible, refused commits, how far behind, and how old watermarks are. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { PartitionHost } from '#exchange/fold/partition-host.ts';
import type { PartitionWorker } from '#exchange/fold/partition-worker.ts';
import { topicOf } from '#exchange/topics/records.ts';
import { samplingRecorded, testReported, vaccinationAdministered } from '#exercises/town/events.ts';
import { HutongError } from '#platform/errors.ts';
import type { Admin } from '#platform/kafka/client.ts';
import { Metrics } from '#platform/metrics.ts';
import { measureLag } from '#services/materialiser/lag.ts';
import { Observations } from '#services/materialiser/observations.ts';
import { LOG } from '#test/support/first-edition.ts';
import { withdrawal } from '#test/support/withdrawals.ts';
import { MemoryStore, START, unavailable } from '#test/unit/exchange/fold/support.ts';

const KEY = Buffer.alloc(16);
const NOW_MS = testReported().acceptedAtMs + 1_500;
const watermark = (province: '43' | '11', secondsAgo: number, name = 'a') => ({
  province,
  instance: `${province}-${name}`,
  throughMs: NOW_MS - secondsAgo * 1_000,
});
const workersOf = (...partitions: number[]) =>
  new Map(partitions.map((partition) => [partition, { position: START } as PartitionWorker]));

let metrics: Metrics;
let observations: Observations;
beforeEach(() => {
  metrics = new Metrics();
  observations = new Observations(metrics, () => NOW_MS);
});
const exposed = async (name: string) =>
  (await metrics.expose()).body.split('\n').filter((line) => line.startsWith(name));

describe('events that became visible', () => {
  it('are counted by province, topic and status, and timed; what was unreadable isn’t one', async () => {
    const effects = [testReported(), samplingRecorded({ province: '11' }), vaccinationAdministered()].map((event) => ({
      key: KEY,
      event,
      topic: topicOf(LOG, event.type),
      offset: 0,
    }));
    observations.committed(
      0,
      [...effects, { key: KEY, unreadable: { topic: 'tests', offset: 1 } }],
      { freshness: { watermarks: [], leaks: [] } },
      NOW_MS,
    );
    expect(await exposed('hutong_materialised_events_total')).toEqual([
      'hutong_materialised_events_total{province="43",topic="tests",status="final"} 1',
      'hutong_materialised_events_total{province="11",topic="tests",status="final"} 1',
      'hutong_materialised_events_total{province="43",topic="vaccinations",status="final"} 1',
    ]);
    expect(await exposed('hutong_publish_to_visible_seconds_sum')).toEqual([
      'hutong_publish_to_visible_seconds_sum{province="43",topic="tests"} 1.5',
      'hutong_publish_to_visible_seconds_sum{province="11",topic="tests"} 1.5',
      'hutong_publish_to_visible_seconds_sum{province="43",topic="vaccinations"} 1.5',
    ]);
  });
  it('before they were accepted, by this clock, count as visible at once', async () => {
    observations.committed(
      0,
      [{ key: KEY, event: testReported({ acceptedAtMs: NOW_MS + 50 }), topic: 'tests', offset: 0 }],
      { freshness: { watermarks: [], leaks: [] } },
      NOW_MS,
    );
    expect(await exposed('hutong_publish_to_visible_seconds_sum')).toEqual([
      'hutong_publish_to_visible_seconds_sum{province="43",topic="tests"} 0',
    ]);
  });
});

describe('the clock by which events are issued', () => {
  it('is told by its greatest lead, of all partitions', async () => {
    for (const [partition, aheadMs] of [-9_000, 2_000].entries()) {
      const { acceptedAtMs } = testReported();
      const event = testReported({ reportIssuedAtMs: acceptedAtMs + aheadMs });
      const effects = [{ key: KEY, event, topic: 'tests', offset: 0 }];
      observations.committed(partition, effects, { freshness: { watermarks: [], leaks: [] } }, NOW_MS);
    }
    expect(await exposed('hutong_issued_ahead_seconds{')).toEqual([
      'hutong_issued_ahead_seconds{province="43",topic="tests"} 2',
    ]);
    expect(observations.timingsText(1, NOW_MS)).toContain('"43 tests":[2000,');
    expect(observations.timingsText(2, NOW_MS)).toBe('{}');
  });
});

it('withdrawals in force are told by whose laboratory it is, and no longer once they are undone', async () => {
  const inForce = [withdrawal(), withdrawal({ id: 'w2', by: 'national' }), withdrawal({ province: '11', by: '11' })];
  const some = async () => (await exposed('hutong_withdrawals_in_force{')).filter((line) => !line.endsWith(' 0'));
  observations.withdrawals(inForce);
  expect(await some()).toEqual([
    'hutong_withdrawals_in_force{province="11"} 1',
    'hutong_withdrawals_in_force{province="43"} 2',
  ]);
  observations.withdrawals([]);
  expect(await some()).toEqual([]);
});

describe('the measured store', () => {
  it('counts a commit that is refused apart from one that is lost, and hands on both', async () => {
    const store = new MemoryStore();
    const measured = observations.measured(store);
    const step = {
      partition: 0,
      generation: 1,
      expected: '',
      position: START,
      freshness: { watermarks: [], incompleteProvinces: [], withdrawals: [], acceptedUpToMs: 0, leaks: [] },
      views: [],
    };
    await measured.commit(step);
    await expect(measured.commit(step)).rejects.toBeInstanceOf(HutongError);
    store.beforeCommit = () => {
      throw unavailable('REDIS_UNAVAILABLE');
    };
    await expect(measured.commit(step)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
    expect(await exposed('hutong_commits_refused_total')).toEqual(['hutong_commits_refused_total 1']);
    expect(await exposed('hutong_commit_seconds_count')).toEqual(['hutong_commit_seconds_count 3']);
    await expect(measured.loadPartition(0)).resolves.toMatchObject({ position: START });
    await expect(measured.readViews({ partition: 0, generation: 1, expected: '' }, [])).resolves.toEqual([]);
  });
});

describe('the age of a province’s watermark', () => {
  const ages = async (...partitions: number[]) => {
    observations.watermarkAges(workersOf(...partitions), NOW_MS);
    return exposed('hutong_watermark_age_seconds{');
  };
  it('is that of its slowest instance, in the partition where it is oldest', async () => {
    observations.committed(
      0,
      [],
      { freshness: { watermarks: [watermark('43', 2), watermark('43', 5, 'b')], leaks: [] } },
      NOW_MS,
    );
    observations.committed(
      1,
      [],
      { freshness: { watermarks: [watermark('43', 1), watermark('43', 9, 'b')], leaks: [] } },
      NOW_MS,
    );
    expect(await ages(0, 1)).toEqual(['hutong_watermark_age_seconds{province="43"} 9']);
  });
  it('isn’t told while a partition doesn’t know the province, nor of a partition that another copy owns', async () => {
    observations.committed(
      0,
      [],
      { freshness: { watermarks: [watermark('43', 2), watermark('11', 3)], leaks: [] } },
      NOW_MS,
    );
    observations.committed(1, [], { freshness: { watermarks: [watermark('43', 4)], leaks: [] } }, NOW_MS);
    expect(await ages(0, 1)).toEqual(['hutong_watermark_age_seconds{province="43"} 4']);
    expect(await ages(0)).toEqual([
      'hutong_watermark_age_seconds{province="11"} 3',
      'hutong_watermark_age_seconds{province="43"} 2',
    ]);
    expect(await ages()).toEqual([]);
  });
});

describe('partitions with leaked records', () => {
  const leak = (isOut: boolean) => ({ key: 'province-43-1', of: '43' as const, sinceMs: 5_000, isOut });
  const told = async (...owned: number[]) => {
    observations.leaks(owned);
    return [
      ...(await exposed('hutong_partitions_with_leaked_records')),
      ...(await exposed('hutong_leaked_key_since_seconds')),
    ];
  };
  const of = (count: number) => [
    `hutong_partitions_with_leaked_records{principal="province-43"} ${count}`,
    'hutong_leaked_key_since_seconds{principal="province-43"} 5',
  ];
  it('are counted by whose key it was, of those that this copy owns, without those folded without it', async () => {
    observations.committed(0, [], { freshness: { watermarks: [], leaks: [leak(false)] } }, NOW_MS);
    observations.committed(1, [], { freshness: { watermarks: [], leaks: [leak(true)] } }, NOW_MS);
    observations.committed(2, [], { freshness: { watermarks: [], leaks: [leak(false)] } }, NOW_MS);
    expect(await told(0, 1, 2)).toEqual(of(2));
    expect(await told(0, 1)).toEqual(of(1));
    observations.committed(0, [], { freshness: { watermarks: [], leaks: [leak(true)] } }, NOW_MS);
    expect(await told(0, 1)).toEqual(of(0));
    expect(await told(7)).toEqual([]);
  });
});

describe('the lag', () => {
  const measure = (fetchTopicOffsets: () => Promise<object[]>) =>
    measureLag(
      { fetchTopicOffsets } as unknown as Admin,
      LOG,
      { workers: workersOf(1) } as unknown as PartitionHost,
      observations,
    );
  it('is from the position to the end of the log, of owned partitions only', async () => {
    await measure(async () => [
      { partition: 0, high: '9' },
      { partition: 1, high: '30' },
    ]);
    expect(await exposed('hutong_partition_lag_records{')).toEqual([
      'hutong_partition_lag_records{topic="tests",partition="1"} 30',
      'hutong_partition_lag_records{topic="vaccinations",partition="1"} 30',
      'hutong_partition_lag_records{topic="codes",partition="1"} 30',
      'hutong_partition_lag_records{topic="erasures",partition="1"} 30',
    ]);
  });
  it('stands while Kafka is away', async () => {
    await measure(async () => [{ partition: 1, high: '30' }]);
    await measure(() => Promise.reject(new Error('away')));
    expect(await exposed('hutong_partition_lag_records{topic="tests"')).toEqual([
      'hutong_partition_lag_records{topic="tests",partition="1"} 30',
    ]);
  });
});
