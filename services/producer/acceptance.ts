/**
 * A batch of raw events to an answer for each: taken in, handed to the publisher of its province, and waited for within
 * a bound. An event is only called a duplicate when identical content was acknowledged by this process before; nothing
 * rests on it, since the merge doesn't mind a repeat.
 */

import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { ERASURE_REACH_MS, type PersonEvent } from '#core/events/events.ts';
import type { PersonKey } from '#core/field/identity.ts';
import { isProvinceCode, type ProvinceCode } from '#core/field/regions.ts';
import { contentOf } from '#core/view/registers.ts';
import type { Caller } from '#exchange/identity/caller.ts';
import { type IntakeOptions, provinceIn, type Taken } from '#exchange/intake/intake.ts';
import { type Judge, judgeEvent, type RawEvent } from '#exchange/intake/judge.ts';
import { describeError, HutongError } from '#platform/errors.ts';
import { inTurns } from '#platform/limits/turns.ts';
import type { Metrics } from '#platform/metrics.ts';
import { PROBLEM_OF_ERROR, type Refusal } from '#platform/problems.ts';
import type { EventCheck, EventResult } from './door.ts';
import { newEventId } from './event-id.ts';
import type { Publisher } from './publisher.ts';

/**
 * Content that was acknowledged, remembered for courtesy; about 20 MB when full. No longer after it was accepted than
 * an erasure reaches: what is sent again after one must not be called a duplicate of what the erasure took.
 */
const REMEMBERED_MAX = 100_000;

export interface AcceptanceOptions extends IntakeOptions {
  readonly publishers: ReadonlyMap<ProvinceCode, Publisher>;
  /** Whether the publishers tag as the national role where an event is its word. */
  readonly speaksForNation: boolean;
  readonly metrics: Metrics;
  readonly acceptTimeoutMs: number;
}

/** What became of an event, before its index and line are told. */
type BareResult = Omit<EventResult, 'index' | 'line'>;

export class Acceptance {
  readonly #options: AcceptanceOptions;
  readonly #acknowledged = new LRUCache<string, { readonly eventId: string; readonly acceptedAtMs: number }>({
    max: REMEMBERED_MAX,
  });

  constructor(options: AcceptanceOptions) {
    this.#options = options;
  }

  /** @param caller takes no other province's events than those that it holds */
  async acceptAll(events: readonly RawEvent[], caller: Caller, traceparent: string): Promise<EventResult[]> {
    const deadline = deadlineIn(this.#options.acceptTimeoutMs);
    try {
      const judge = this.#judgeOf(caller);
      const pause = inTurns();
      const outcomes: Promise<BareResult>[] = [];
      for (const event of events) {
        outcomes.push(this.#accept(event, judge, traceparent, deadline.passed));
        await pause();
      }
      return (await Promise.all(outcomes)).map((outcome, index) => {
        const line = events[index]?.line;
        return { index, ...(line === undefined ? {} : { line }), ...outcome };
      });
    } finally {
      deadline.clear();
    }
  }

  /** What would become of each event, by the same judgement. Nothing of it is published or remembered. */
  async checkAll(events: readonly RawEvent[], caller: Caller): Promise<EventCheck[]> {
    const judge = this.#judgeOf(caller);
    const pause = inTurns();
    const checks: EventCheck[] = [];
    for (const [index, event] of events.entries()) {
      const taken = judgeEvent(event, judge);
      const line = event.line === undefined ? {} : { line: event.line };
      const check = taken.ok ? { outcome: 'acceptable' as const } : { outcome: 'refused' as const, ...taken.refusal };
      this.#count('hutong_events_checked_total', event, check.outcome);
      checks.push({ index, ...line, ...check });
      await pause();
    }
    return checks;
  }

  #judgeOf(caller: Caller): Judge {
    const { publishers, speaksForNation } = this.#options;
    return {
      caller,
      speaksForNation,
      served: publishers.keys(),
      deliveryFor: (province) => {
        const publisher = publishers.get(province);
        return publisher === undefined
          ? null
          : {
              eventId: newEventId(),
              acceptedAtMs: publisher.clock.nowMs(),
              producerInstance: publisher.instance,
            };
      },
      options: this.#options,
    };
  }

  async #accept(raw: RawEvent, judge: Judge, traceparent: string, deadline: Promise<BareResult>): Promise<BareResult> {
    const taken = judgeEvent(raw, judge);
    const result = taken.ok ? await this.#publish(taken, traceparent, deadline) : refusal(taken.refusal);
    this.#count('hutong_events_total', raw, result.outcome);
    if (!taken.ok) this.#countRefusal(raw, taken.refusal);
    return result;
  }

  async #publish(
    { key, event }: Extract<Taken, { ok: true }>,
    traceparent: string,
    deadline: Promise<BareResult>,
  ): Promise<BareResult> {
    const content = fingerprintOf(key, event);
    const known = this.#acknowledged.get(content);
    if (known !== undefined && event.acceptedAtMs < known.acceptedAtMs + ERASURE_REACH_MS)
      return { outcome: 'duplicate', eventId: known.eventId };
    const publisher = this.#options.publishers.get(event.province) as Publisher;
    const published = publisher.publish(key, event, traceparent).then((): BareResult => {
      this.#acknowledged.set(content, { eventId: event.eventId, acceptedAtMs: event.acceptedAtMs });
      return { outcome: 'accepted', eventId: event.eventId };
    }, unavailable);
    return Promise.race([published, deadline]);
  }

  #count(metric: 'hutong_events_total' | 'hutong_events_checked_total', { value }: RawEvent, outcome: string): void {
    this.#options.metrics.counter(metric).inc({ province: namedIn(value), outcome });
  }

  #countRefusal({ value }: RawEvent, { code }: Refusal): void {
    this.#options.metrics.counter('hutong_events_refused_total').inc({ province: namedIn(value), problem: code });
  }
}

function namedIn(value: unknown): ProvinceCode | 'unknown' {
  const province = provinceIn(value);
  return province !== null && isProvinceCode(province) ? province : 'unknown';
}

function fingerprintOf(key: PersonKey, event: PersonEvent): string {
  return hash('sha256', `${key.toString('latin1')}${contentOf(event)}`, 'base64').slice(0, 22);
}

function refusal(reason: Refusal): BareResult {
  return { outcome: 'refused', ...reason };
}

/** The event may or may not be in the log: it is to be sent again. */
const UNAVAILABLE = ['QUEUE_FULL', 'KAFKA_UNAVAILABLE', 'PRODUCER_SUPERSEDED'] as const;

function unavailable(error: unknown): BareResult {
  const code = error instanceof HutongError ? UNAVAILABLE.find((known) => known === error.code) : undefined;
  if (code === undefined) throw error;
  return { outcome: 'unavailable', code: PROBLEM_OF_ERROR[code], detail: describeError(error) };
}

/** One timer for a whole batch; `passed` resolves, for every event that still waits, when it ends. */
function deadlineIn(timeoutMs: number): { passed: Promise<BareResult>; clear: () => void } {
  const { promise, resolve } = Promise.withResolvers<BareResult>();
  const timer = setTimeout(
    () =>
      resolve({
        outcome: 'unavailable',
        code: 'kafka-unavailable',
        detail: `no acknowledgement within ${timeoutMs} ms`,
      }),
    timeoutMs,
  );
  return { passed: promise, clear: () => clearTimeout(timer) };
}
