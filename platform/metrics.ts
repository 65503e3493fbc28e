/**
 * The catalogue of all metrics: name, kind, help with when to look, labels. No label may name a person or grow without
 * bound: provinces, partitions, outcomes and reasons are fixed lists.
 */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const LATENCY_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];

const CATALOGUE = {
  hutong_events_total: {
    kind: 'counter',
    help:
      'Events at the intake by province and outcome (accepted, refused, duplicate, unavailable). Look when ' +
      'unavailable rises: Kafka is slow or away.',
    labels: ['province', 'outcome'],
  },
  hutong_events_refused_total: {
    kind: 'counter',
    help:
      'Events that a door refused, by province and by the problem that each sender was told. Look when one rises: ' +
      'a sender is set up wrongly, and what it sends is in no view.',
    labels: ['province', 'problem'],
  },
  hutong_events_checked_total: {
    kind: 'counter',
    help: 'Events that a door was asked to check only, by province and outcome (acceptable, refused).',
    labels: ['province', 'outcome'],
  },
  hutong_outbox_events: {
    kind: 'gauge',
    help: 'Events that wait for Kafka, by province. Look when it stays near the bound: requests are about to get 503.',
    labels: ['province'],
  },
  hutong_publish_batch_seconds: {
    kind: 'histogram',
    help: 'Time of one batch to Kafka until its acknowledgement by all in-sync replicas.',
    labels: [],
  },
  hutong_publish_to_visible_seconds: {
    kind: 'histogram',
    help: 'From acceptance at the intake until look-ups see it, by province and topic. Look when p99 passes 2 s.',
    labels: ['province', 'topic'],
  },
  hutong_materialised_events_total: {
    kind: 'counter',
    help:
      'Events whose effect is in the view, by province, topic and status; an event that is read again counts again. ' +
      'Look when the corrected or retracted ones of a province rise: its laboratories make mistakes.',
    labels: ['province', 'topic', 'status'],
  },
  hutong_issued_ahead_seconds: {
    kind: 'gauge',
    help:
      'How far the time at which an event was issued was ahead of its acceptance at most, in the last 5 to 10 ' +
      'minutes, by province and topic; negative: each came later. Look when one passes 0: a clock there is at least ' +
      'so far ahead.',
    labels: ['province', 'topic'],
  },
  hutong_partition_lag_records: {
    kind: 'gauge',
    help: 'Records between the stored position and the end of the log. Look when it grows for a minute.',
    labels: ['topic', 'partition'],
  },
  hutong_partition_stopped: {
    kind: 'gauge',
    help:
      '1 while a partition is stopped because the log no longer holds its position. Look at once: a person ' +
      'must decide.',
    labels: ['partition'],
  },
  hutong_log_drops_history: {
    kind: 'gauge',
    help:
      'Settings by which shared topics would drop records that a rebuild needs (retention, compaction). ' +
      'Look at any, at once: what is dropped is gone.',
    labels: [],
  },
  hutong_commit_seconds: { kind: 'histogram', help: 'Time of one atomic step in Redis.', labels: [] },
  hutong_commits_refused_total: {
    kind: 'counter',
    help:
      'Atomic steps that Redis refused because another position was stored or another generation is live. ' +
      'A few at a rebalance, and one a partition at the end of a rebuild, are normal.',
    labels: [],
  },
  hutong_positions_reloaded_total: {
    kind: 'counter',
    help:
      'Partitions that went back to the stored position, by cause: assigned; position_refused (another ' +
      'wrote, or Redis went back); store_unavailable; store_full (look at once); fetched_elsewhere.',
    labels: ['cause'],
  },
  hutong_watermark_age_seconds: {
    kind: 'gauge',
    help:
      'Age of a province’s watermark in the partition where it is oldest. Look when one passes 30 s: ' +
      'answers about that province become undetermined.',
    labels: ['province'],
  },
  hutong_withdrawals_in_force: {
    kind: 'gauge',
    help:
      'Withdrawals of laboratories’ results that are in force, by the province whose laboratory it is. Look when one ' +
      'changes: answers about its people change with it (hutong withdrawals list).',
    labels: ['province'],
  },
  hutong_partitions_with_leaked_records: {
    kind: 'gauge',
    help: 'Partitions whose views may hold what is withdrawn with a key. Look at any (hutong view rebuild --switch).',
    labels: ['principal'],
  },
  hutong_leaked_key_since_seconds: { kind: 'gauge', help: 'Since when its key had leaked.', labels: ['principal'] },
  hutong_dead_letters_total: {
    kind: 'counter',
    help: 'Records sent to the dead-letter topic, by province, topic and reason. Look at any.',
    labels: ['province', 'topic', 'reason'],
  },
  hutong_dead_letters_settled_total: {
    kind: 'counter',
    help:
      'Dead letters whose settlement was taken, by outcome (replayed, discarded); one that is read again ' +
      'counts again.',
    labels: ['outcome'],
  },
  hutong_lookups_total: {
    kind: 'counter',
    help: 'Answers by destination and outcome.',
    labels: ['destination', 'outcome'],
  },
  hutong_lookups_without_rule_total: {
    kind: 'counter',
    help:
      'Answers that no rule is known for, by destination and purpose; in hutong_lookups_total they have an ' +
      'outcome of their own. Look when one rises: people are asked there for something that isn’t known here.',
    labels: ['destination', 'purpose'],
  },
  hutong_lookup_duration_seconds: {
    kind: 'histogram',
    help: 'Time to answer a look-up. Look when p99 passes 0.1 s.',
    labels: [],
  },
  hutong_publications_refused_total: {
    kind: 'counter',
    help: 'Published rules that this look-up could not take; it goes on by the ones before. Look at any.',
    labels: [],
  },
  hutong_rules_out_of_sight: {
    kind: 'gauge',
    help: '1 while it is unknown for longer than the bound whether newer rules were published. Look at once.',
    labels: [],
  },
  hutong_certificate_ends_seconds: {
    kind: 'gauge',
    help:
      'When a certificate that this service has ends, in seconds since 1970, by principal. ' +
      'Look when it is less than 14 days ahead: hutong pki renew.',
    labels: ['principal'],
  },
  hutong_event_loop_delay_seconds: {
    kind: 'gauge',
    help: 'How late the service’s event loop was at most in the last tenth of a second.',
    labels: [],
  },
  hutong_event_loop_late_total: {
    kind: 'counter',
    help:
      'Times that the event loop stood for a second or longer. Look at any: meanwhile nothing was answered, ' +
      'and no watermark written.',
    labels: [],
  },
  hutong_door_in_flight: { kind: 'gauge', help: 'Events that the door is taking, by weight.', labels: [] },
  hutong_door_in_flight_limit: {
    kind: 'gauge',
    help: 'How many are taken at once; it shrinks while the event loop is late. Look when it stays low.',
    labels: [],
  },
  hutong_door_refusals_total: {
    kind: 'counter',
    help: 'Batches that were refused because the door is overloaded. Look when it rises: senders repeat them.',
    labels: [],
  },
  hutong_requests_refused_total: {
    kind: 'counter',
    help:
      'Requests refused because of who makes them, by problem: not-identified, not-entitled, too-many-requests, ' +
      'issuer-unavailable. Look when one rises: a caller is set up wrongly, or tries.',
    labels: ['problem'],
  },
  hutong_caller_limits_reached_total: {
    kind: 'counter',
    help:
      'Requests refused because their caller had asked as much as it may, by limit: requests, people, neighbours. ' +
      'Look at any of neighbours: somebody tries numbers.',
    labels: ['limit'],
  },
  hutong_issuer_keys_age_seconds: {
    kind: 'gauge',
    help:
      'Since the keys of the issuer of tokens were read. Look when it passes 300 s: the issuer is away, and past ' +
      'the bound every request is refused.',
    labels: [],
  },
  hutong_mllp_messages_total: {
    kind: 'counter',
    help: 'Messages by MLLP, by acknowledgement (AA, AE, AR). Look when AR rises: nothing of these is in the log.',
    labels: ['acknowledgement'],
  },
  hutong_mllp_refusals_total: {
    kind: 'counter',
    help: 'Connections and frames by MLLP that came to nothing, by reason. Look when one rises: a sender fails.',
    labels: ['reason'],
  },
  hutong_mllp_connections: { kind: 'gauge', help: 'Connections of senders by MLLP.', labels: [] },
  hutong_lookups_in_flight: { kind: 'gauge', help: 'Look-ups that are being answered, by weight.', labels: [] },
  hutong_lookups_in_flight_limit: {
    kind: 'gauge',
    help:
      'How many are taken at once; it shrinks while the event loop is late. Look when it stays low: the ' +
      'machine is too small.',
    labels: [],
  },
  hutong_lookups_shed_total: {
    kind: 'counter',
    help:
      'Answers that left something out for want of capacity, by part (standing, vaccination, evidence). ' +
      'Look when evidence rises: requests are about to get 503.',
    labels: ['part'],
  },
  hutong_lookup_failures_total: {
    kind: 'counter',
    help: 'Look-ups without an answer, by problem; overloaded: refused for want of capacity.',
    labels: ['problem'],
  },
} as const satisfies Record<
  string,
  { kind: 'counter' | 'gauge' | 'histogram'; help: string; labels: readonly string[] }
>;

export type MetricName = keyof typeof CATALOGUE;
type NameOf<K> = { [N in MetricName]: (typeof CATALOGUE)[N]['kind'] extends K ? N : never }[MetricName];

export const METRICS_CATALOGUE: Readonly<
  Record<MetricName, { kind: string; help: string; labels: readonly string[] }>
> = CATALOGUE;

/** A histogram with its labels given. */
export type LabelledHistogram = Histogram.Internal<string>;

/** One process' metrics. Each is made at its first use, so that a service exposes only what it has. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #updates: (() => void)[] = [];
  readonly #made = new Map<MetricName, Counter | Gauge | Histogram>();

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  counter(name: NameOf<'counter'>): Counter {
    return this.#of(name, (options) => new Counter(options)) as Counter;
  }

  gauge(name: NameOf<'gauge'>): Gauge {
    return this.#of(name, (options) => new Gauge(options)) as Gauge;
  }

  histogram(name: NameOf<'histogram'>): Histogram {
    return this.#of(name, (options) => new Histogram({ ...options, buckets: LATENCY_BUCKETS_S })) as Histogram;
  }

  /** Calls back before each exposition, for a gauge that is cheaper to read then than to keep. */
  beforeExposing(update: () => void): void {
    this.#updates.push(update);
  }

  /** The text exposition and its content type. */
  async expose(): Promise<{ body: string; contentType: string }> {
    for (const update of this.#updates) update();
    return { body: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }

  #of(
    name: MetricName,
    make: (options: {
      name: string;
      help: string;
      labelNames: string[];
      registers: Registry[];
    }) => Counter | Gauge | Histogram,
  ): Counter | Gauge | Histogram {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const { help, labels } = CATALOGUE[name];
    const metric = make({ name, help, labelNames: [...labels], registers: [this.#registry] });
    this.#made.set(name, metric);
    return metric;
  }
}
