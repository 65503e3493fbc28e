/**
 * The materialiser's metrics: what became visible and when, how far each partition is behind the log, how old each
 * province's watermark is. Only observes.
 */

import { PROVINCE_CODES } from '#core/field/regions.ts';
import { SECOND_MS } from '#core/field/time.ts';
import { provinceWatermarkMs } from '#core/view/snapshot.ts';
import type { Committed, PartitionWorker } from '#exchange/fold/partition-worker.ts';
import type { Effect } from '#exchange/fold/step.ts';
import type { ViewStore } from '#exchange/view/store.ts';
import { HutongError } from '#platform/errors.ts';
import type { LabelledHistogram, Metrics } from '#platform/metrics.ts';

export class Observations {
  readonly #metrics: Metrics;
  readonly #visible = new Map<string, LabelledHistogram>();
  readonly #watermarks = new Map<number, Committed['watermarks']>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  committed(partition: number, effects: readonly Effect[], { watermarks }: Committed, nowMs: number): void {
    this.#watermarks.set(partition, watermarks);
    const counts: Record<string, number> = {};
    for (const effect of effects) {
      if (!('event' in effect)) continue;
      const { province, acceptedAtMs } = effect.event;
      counts[effect.topic] = (counts[effect.topic] ?? 0) + 1;
      this.#visibleOf(province).observe(Math.max(0, nowMs - acceptedAtMs) / SECOND_MS);
    }
    for (const [topic, count] of Object.entries(counts))
      this.#metrics.counter('hutong_materialised_events_total').inc({ topic }, count);
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

  #visibleOf(province: string): LabelledHistogram {
    const known = this.#visible.get(province);
    if (known !== undefined) return known;
    const made = this.#metrics.histogram('hutong_publish_to_visible_seconds').labels(province);
    this.#visible.set(province, made);
    return made;
  }
}
