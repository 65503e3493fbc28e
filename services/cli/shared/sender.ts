/**
 * Sends events through the door in bounded batches, few at a time, and asks again, a bounded number of times, for those
 * that got no answer: later and later, at no fixed time, and within a budget, lest many importers overwhelm a door that
 * comes back. Asking again is safe: the door knows an event that it already has. Once the door stays away,
 * nothing more is sent, and every event that wasn't answered is reported as such.
 */

import { type EventResult, postEvents, type Sends } from '#exchange/door/post-events.ts';
import type { Outgoing } from '#exchange/formats/location.ts';
import { backoffMs, fullJitterMs } from '#platform/limits/backoff.ts';
import { RetryBudget, type RetryBudgetLimits } from '#platform/limits/retry-budget.ts';

export interface SenderSettings extends Sends {
  /** The door's full address: where events are reported, or where they are only checked. */
  readonly url: string;
  readonly batchEventsMax: number;
  readonly batchBytesMax: number;
  readonly requestsMax: number;
  readonly retriesMax: number;
  /**
   * Ceiling of the first wait, drawn evenly below it; it doubles with each further one. What the door asks for is
   * added.
   */
  readonly firstWaitMs: number;
  /** Bound of any wait, also of one that the door asks for. */
  readonly waitMsMax: number;
  /** Of all requests together; a batch that finds it used up waits. */
  readonly budget: RetryBudgetLimits;
}

export const SENDER_DEFAULTS = {
  batchEventsMax: 500,
  batchBytesMax: 4 * 1024 * 1024,
  requestsMax: 2,
  retriesMax: 6,
  firstWaitMs: 500,
  waitMsMax: 30_000,
  budget: { share: 0.1, perSecond: 0.5, savedMax: 5 },
  timeoutMs: 60_000,
} as const satisfies Omit<SenderSettings, 'url' | 'token'>;

export type FinalResult =
  | Exclude<EventResult, { kind: 'unavailable' }>
  | { readonly kind: 'not_sent'; readonly why: string };
export type OnResult<E extends Outgoing> = (event: E, result: FinalResult) => void;

/** Of events that may say more of themselves to who sends them; the door gets the event alone. */
export class Sender<E extends Outgoing = Outgoing> {
  readonly #settings: SenderSettings;
  readonly #onResult: OnResult<E>;
  readonly #underWay = new Set<Promise<void>>();
  readonly #budget: RetryBudget;
  #batch: E[] = [];
  #batchBytes = 0;
  /** Why the door counts as away; null while it answers. */
  #away: string | null = null;

  constructor(settings: SenderSettings, onResult: OnResult<E>) {
    this.#settings = settings;
    this.#budget = new RetryBudget(settings.budget, performance.now());
    this.#onResult = onResult;
  }

  get away(): string | null {
    return this.#away;
  }

  /** Resolves once there's room for the next event. */
  async add(event: E): Promise<void> {
    if (this.#away !== null) return this.#giveUp([event], this.#away);
    const bytes = Buffer.byteLength(event.json) + 1;
    if (this.#batch.length > 0 && this.#batchBytes + bytes > this.#settings.batchBytesMax) await this.flush();
    this.#batch.push(event);
    this.#batchBytes += bytes;
    if (this.#batch.length >= this.#settings.batchEventsMax) await this.flush();
  }

  /** Sends what has gathered; resolves when it's under way. */
  async flush(): Promise<void> {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    this.#batchBytes = 0;
    while (this.#underWay.size >= this.#settings.requestsMax) await Promise.race(this.#underWay);
    const delivery: Promise<void> = this.#deliver(batch).finally(() => this.#underWay.delete(delivery));
    this.#underWay.add(delivery);
  }

  /** Resolves when every event has its result. */
  async finish(): Promise<void> {
    await this.flush();
    await Promise.all(this.#underWay);
  }

  async #deliver(batch: readonly E[]): Promise<void> {
    let open = batch;
    this.#budget.asked();
    for (let retry = 0; ; retry++) {
      const before = open.length;
      if (this.#away !== null) return this.#giveUp(open, this.#away);
      const reply = await postEvents(this.#settings.url, open, this.#settings);
      if (reply.kind === 'no_door') return this.#giveUp(open, (this.#away ??= reply.why));
      if (reply.kind === 'split') return this.#split(open, reply.why);
      const why = reply.kind === 'again' ? reply.why : 'it could not take all events';
      if (reply.kind === 'answered') open = this.#passOn(open, reply.results);
      if (open.length === 0) return;
      if (open.length < before) retry = 0; // it takes them, if slowly
      if (retry >= this.#settings.retriesMax) return this.#giveUp(open, (this.#away ??= why));
      await this.#wait(retry + 1, reply.afterMs ?? 0);
    }
  }

  /** Until this batch may be sent again. */
  async #wait(retry: number, askedMs: number): Promise<void> {
    const { firstWaitMs, waitMsMax } = this.#settings;
    await sleep(
      Math.min(askedMs + backoffMs(retry, { firstMs: firstWaitMs, maxMs: waitMsMax }, Math.random()), waitMsMax),
    );
    for (let waitMs = this.#budget.take(performance.now()); waitMs > 0; waitMs = this.#budget.take(performance.now())) {
      await sleep(waitMs + fullJitterMs(waitMs, Math.random()));
    }
  }

  /** Passes on what was answered; returns the events that were not. */
  #passOn(events: readonly E[], results: ReadonlyMap<number, EventResult>): readonly E[] {
    return events.filter((event, index) => {
      const result = results.get(index);
      if (result === undefined || result.kind === 'unavailable') return true;
      this.#onResult(event, result);
      return false;
    });
  }

  /** Halves, so that one event which the door can't read doesn't take the others down. */
  async #split(events: readonly E[], why: string): Promise<void> {
    const [first] = events;
    if (events.length === 1 && first !== undefined) {
      this.#onResult(first, {
        kind: 'refused',
        pointer: '',
        code: '',
        detail: `the door can’t read it: ${why}`,
        hint: 'compare it with the door’s API documentation',
      });
      return;
    }
    const half = Math.ceil(events.length / 2);
    await this.#deliver(events.slice(0, half));
    await this.#deliver(events.slice(half));
  }

  #giveUp(events: readonly E[], why: string): void {
    for (const event of events) this.#onResult(event, { kind: 'not_sent', why });
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
