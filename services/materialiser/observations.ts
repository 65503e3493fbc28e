/**
 * What the materialiser sees of each event and partition: what became visible and when, how far each partition is
 * behind the log, how old each province's watermark is. It only observes, and remembers no person.
 */

import type { PersonEvent } from '#core/events/events.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { SECOND_MS } from '#core/field/time.ts';
import { provinceWatermarkMs } from '#core/view/snapshot.ts';
import type { InForce } from '#core/withdrawals/in-force.ts';
import type { Committed, PartitionWorker } from '#exchange/fold/partition-worker.ts';
import type { Effect } from '#exchange/fold/step.ts';
import { principalOfKey } from '#exchange/keys/files.ts';
import { kindOfTopic, type SharedKind } from '#exchange/topics/log.ts';
import type { ViewStore } from '#exchange/view/store.ts';
import { RecentTimings, TimingsBySource } from '#exchange/view/timings.ts';
import { HutongError } from '#platform/errors.ts';
import type { LabelledHistogram, Metrics } from '#platform/metrics.ts';

export class Observations {
  readonly #metrics: Metrics;
  readonly #visible = new Map<string, LabelledHistogram>();
  readonly #watermarks = new Map<number, Committed['freshness']['watermarks']>();
  readonly #leaks = new Map<number, Committed['freshness']['leaks']>();
  readonly #timings = new Map<number, RecentTimings>();

  constructor(metrics: Metrics, now: () => number) {
    this.#metrics = metrics;
    metrics.beforeExposing(() => this.#exposeClocks(now()));
  }

  committed(
    partition: number,
    effects: readonly Effect[],
    { freshness: { watermarks, leaks } }: { readonly freshness: Pick<Committed['freshness'], 'watermarks' | 'leaks'> },
    nowMs: number,
  ): void {
    this.#watermarks.set(partition, watermarks);
    this.#leaks.set(partition, leaks);
    const events = effects.filter((effect) => 'event' in effect);
    for (const { topic, event } of events) {
      const visibleAfterMs = Math.max(0, nowMs - event.acceptedAtMs);
      const issuedAheadMs = issuedAtMsOf(event) - event.acceptedAtMs;
      const kind = kindOfTopic(topic) as SharedKind;
      this.#timingsOf(partition).observe(event.province, kind, { visibleAfterMs, issuedAheadMs }, nowMs);
      this.#visibleOf(event.province, topic).observe(visibleAfterMs / SECOND_MS);
    }
    // Mostly of a few provinces and one topic.
    for (const [first, ...more] of Map.groupBy(events, labelsText).values()) {
      const { topic, event } = first as (typeof events)[number];
      const labels = { province: event.province, topic, status: statusOf(event) };
      this.#metrics.counter('hutong_materialised_events_total').inc(labels, 1 + more.length);
    }
  }

  /** How the events of a partition fared in the last minutes, as it is stored for who asks after the sources. */
  timingsText(partition: number, nowMs: number): string {
    return this.#timingsOf(partition).text(nowMs);
  }

  /** The store, with its commits measured. */
  measured(store: ViewStore): ViewStore {
    const seconds = this.#metrics.histogram('hutong_commit_seconds');
    const refused = this.#metrics.counter('hutong_commits_refused_total');
    return {
      loadPartition: (partition) => store.loadPartition(partition),
      readViews: (from, keys) => store.readViews(from, keys),
      commit: async (step) => {
        const end = seconds.startTimer();
        return store
          .commit(step)
          .finally(end)
          .catch((error: unknown) => {
            if (error instanceof HutongError && error.code === 'POSITION_REFUSED') refused.inc();
            throw error;
          });
      },
    };
  }

  lag(topic: string, partition: number, records: number): void {
    this.#metrics.gauge('hutong_partition_lag_records').set({ topic, partition: String(partition) }, records);
  }

  /** By whose laboratory it is: a province's own, or of the national role. */
  withdrawals(inForce: InForce): void {
    const gauge = this.#metrics.gauge('hutong_withdrawals_in_force');
    for (const province of PROVINCE_CODES) gauge.set({ province }, 0);
    for (const { province } of inForce) gauge.inc({ province });
  }

  /** Of whose keys had leaked, in how many of the partitions that this instance owns what they withdraw may be. */
  leaks(owned: Iterable<number>): void {
    const within = this.#metrics.gauge('hutong_partitions_with_leaked_records');
    const since = this.#metrics.gauge('hutong_leaked_key_since_seconds');
    within.reset();
    since.reset();
    const earliestMs = new Map<string, number>();
    for (const leaks of [...owned].map((partition) => this.#leaks.get(partition) ?? [])) {
      const open = new Set(leaks.filter(({ isOut }) => !isOut).map(({ key }) => principalOfKey(key)));
      for (const { key, sinceMs } of leaks) {
        const principal = principalOfKey(key);
        earliestMs.set(principal, Math.min(sinceMs, earliestMs.get(principal) ?? sinceMs));
        within.inc({ principal }, open.delete(principal) ? 1 : 0);
      }
    }
    for (const [principal, sinceMs] of earliestMs) since.set({ principal }, sinceMs / SECOND_MS);
  }

  /** Of the partitions that this instance owns, the oldest watermark of each province. */
  watermarkAges(workers: ReadonlyMap<number, PartitionWorker>, nowMs: number): void {
    const gauge = this.#metrics.gauge('hutong_watermark_age_seconds');
    gauge.reset();
    for (const province of PROVINCE_CODES) {
      const ages = [...workers.keys()].map((partition) => {
        const throughMs = provinceWatermarkMs({ watermarks: this.#watermarks.get(partition) ?? [] }, province);
        return throughMs === null ? null : (nowMs - throughMs) / SECOND_MS;
      });
      const known = ages.filter((age) => age !== null);
      if (known.length > 0 && known.length === ages.length) gauge.set({ province }, Math.max(...known));
    }
  }

  #exposeClocks(nowMs: number): void {
    const gauge = this.#metrics.gauge('hutong_issued_ahead_seconds');
    gauge.reset();
    const all = new TimingsBySource();
    for (const timings of this.#timings.values()) all.addStored(timings.text(nowMs));
    for (const [province, topic] of all.sources())
      gauge.set({ province, topic }, (all.at(province, topic)?.issuedAheadMsMax ?? 0) / SECOND_MS);
  }

  #timingsOf(partition: number): RecentTimings {
    const known = this.#timings.get(partition) ?? new RecentTimings();
    this.#timings.set(partition, known);
    return known;
  }

  #visibleOf(province: string, topic: string): LabelledHistogram {
    const name = `${province} ${topic}`;
    const known = this.#visible.get(name);
    if (known !== undefined) return known;
    const made = this.#metrics.histogram('hutong_publish_to_visible_seconds').labels(province, topic);
    this.#visible.set(name, made);
    return made;
  }
}

const statusOf = (event: PersonEvent): string => ('status' in event ? event.status : 'none');
const labelsText = ({ topic, event }: { readonly topic: string; readonly event: PersonEvent }): string =>
  `${event.province} ${topic} ${statusOf(event)}`;

/** When whoever states it wrote it, by a clock of theirs. */
function issuedAtMsOf(event: PersonEvent): number {
  if (event.type === 'TestReported') return event.reportIssuedAtMs;
  return event.type === 'PersonErased' ? event.decidedAtMs : event.recordedAtMs;
}
