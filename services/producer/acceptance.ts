/**
 * A batch of raw events to an answer for each: taken in, handed to the publisher of its province, and waited for within
 * a bound. An event is only called a duplicate when identical content was acknowledged by this process before; nothing
 * rests on it, since the merge doesn't mind a repeat.
 */

import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { FAULTS } from '#core/events/event-faults.ts';
import { ERASURE_REACH_MS, type PersonEvent } from '#core/events/events.ts';
import type { PersonKey } from '#core/field/identity.ts';
import { isProvinceCode, type ProvinceCode } from '#core/field/regions.ts';
import { contentOf } from '#core/view/registers.ts';
import type { Caller } from '#exchange/identity/caller.ts';
import { lackOf } from '#exchange/identity/lack.ts';
import { describeError, HutongError } from '#platform/errors.ts';
import { inTurns } from '#platform/limits/turns.ts';
import type { Metrics } from '#platform/metrics.ts';
import { PROBLEM_OF_ERROR, type Refusal, refusalOf } from '#platform/problems.ts';
import type { EventResult } from './door.ts';
import { formFaultOf, type IntakeOptions, newEventId, provinceIn, takesAll, takeEvent } from './intake.ts';
import type { Publisher } from './publisher.ts';

/**
 * Content that was acknowledged, remembered for courtesy; about 20 MB when full. No longer after it was accepted than
 * an erasure reaches: what is sent again after one must not be called a duplicate of what the erasure took.
 */
const REMEMBERED_MAX = 100_000;

export interface RawEvent {
  readonly value: unknown;
  readonly line?: number;
  /** Set where it can’t be read as JSON. */
  readonly refusal?: Refusal;
}

export interface AcceptanceOptions extends IntakeOptions {
  readonly publishers: ReadonlyMap<ProvinceCode, Publisher>;
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
      const pause = inTurns();
      const outcomes: Promise<BareResult>[] = [];
      for (const event of events) {
        outcomes.push(this.#accept(event, caller, traceparent, deadline.passed));
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

  async #accept(
    raw: RawEvent,
    caller: Caller,
    traceparent: string,
    deadline: Promise<BareResult>,
  ): Promise<BareResult> {
    const province = provinceIn(raw.value);
    const refused = raw.refusal ?? notEntitled(caller, province, raw.value);
    const outcome = refused === null ? await this.#take(raw.value, province, traceparent, deadline) : refusal(refused);
    this.#options.metrics.counter('hutong_events_total').inc({
      province: province !== null && isProvinceCode(province) ? province : 'unknown',
      outcome: outcome.outcome,
    });
    return outcome;
  }

  async #take(
    value: unknown,
    province: string | null,
    traceparent: string,
    deadline: Promise<BareResult>,
  ): Promise<BareResult> {
    const publisher = this.#options.publishers.get(province as ProvinceCode);
    if (publisher === undefined) return refusal(formFaultOf(value) ?? this.#unknownProvince(province ?? ''));
    const delivery = {
      eventId: newEventId(),
      acceptedAtMs: publisher.clock.nowMs(),
      producerInstance: publisher.instance,
    };
    const taken = takeEvent(value, delivery, this.#options);
    if (!taken.ok) return refusal(taken.refusal);
    const { key, event } = taken;
    const content = fingerprintOf(key, event);
    const known = this.#acknowledged.get(content);
    if (known !== undefined && delivery.acceptedAtMs < known.acceptedAtMs + ERASURE_REACH_MS)
      return { outcome: 'duplicate', eventId: known.eventId };
    const published = publisher.publish(key, event, traceparent).then((): BareResult => {
      this.#acknowledged.set(content, { eventId: event.eventId, acceptedAtMs: event.acceptedAtMs });
      return { outcome: 'accepted', eventId: event.eventId };
    }, unavailable);
    return Promise.race([published, deadline]);
  }

  #unknownProvince(province: string): Refusal {
    const served = [...this.#options.publishers.keys()].join(', ');
    return isProvinceCode(province)
      ? refusalOf('province-not-served', '/province', {
          hint: `send it to that province’s producer; this one publishes for ${served}`,
        })
      : { pointer: '/province', ...FAULTS.unknownProvince };
  }
}

/** A province that there isn't is a mistake in the event, whoever sends it. */
function notEntitled(caller: Caller, province: string | null, value: unknown): Refusal | null {
  if (province === null || !isProvinceCode(province)) return null;
  const lack = lackOf(caller, { kind: 'report', province });
  if (lack !== null) return refusalOf('not-entitled', '/province', lack);
  return takesAll(value) && lackOf(caller, { kind: 'erase-all' }) !== null
    ? refusalOf('not-the-national-role', '/takes')
    : null;
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
