/**
 * The load: a steady stream of events through every producer's door, several requests at a time. It counts as accepted
 * what a door said yes to, and sends again what it didn't, as a province would.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { ProvinceCode } from '#core/field/regions.ts';
import { type Random, seededRandom } from '#exercises/town/random.ts';
import type { Fetch } from '#platform/fetch-as.ts';
import type { Crowd } from './crowd.ts';
import { Pauses } from './pauses.ts';

export interface Door {
  readonly producer: string;
  readonly url: string;
  readonly provinces: readonly ProvinceCode[];
}

const REQUESTS_AT_ONCE = 2;
const EVENTS_MAX = 16;
const PAUSE_MS = 80;
/** Longer than a door takes to say that it can't. */
const REQUEST_MS_MAX = 14_000;

interface DoorAnswer {
  readonly results?: readonly {
    readonly index: number;
    readonly outcome: string;
    readonly eventId?: string;
    readonly code?: string;
    readonly pointer?: string;
  }[];
}

export class Stream {
  /** When each event was known to be accepted, by its id; of all rounds. */
  readonly accepted = new Map<string, number>();
  /** Acknowledged by the broker to who writes past the doors. */
  readonly pastTheDoors = new Set<string>();
  /** Answers that no door may give; empty as long as all is well. */
  readonly surprises: string[] = [];
  readonly #doors: readonly Door[];
  readonly #crowd: Crowd;
  readonly #seed: number;
  readonly #ask: Fetch;
  readonly #pauses: ReadonlyMap<string, Pauses>;
  /** When each door last said that it couldn't. */
  readonly #denied = new Map<string, number>();
  #round = 0;
  #running: Promise<unknown> | null = null;
  #stopped = new AbortController();

  /** @param ask as a caller that may send for every province */
  constructor(doors: readonly Door[], crowd: Crowd, seed: number, ask: Fetch) {
    this.#doors = doors;
    this.#crowd = crowd;
    this.#seed = seed;
    this.#ask = ask;
    this.#pauses = new Map(doors.map(({ producer }) => [producer, new Pauses()]));
  }

  start(): void {
    this.#round += 1;
    this.#stopped = new AbortController();
    for (const pauses of this.#pauses.values()) pauses.begin();
    this.resume();
  }

  resume(): void {
    this.#stopped = new AbortController();
    const feeds = this.#doors.flatMap((door, at) =>
      Array.from({ length: REQUESTS_AT_ONCE }, (_, feed) =>
        this.#feed(door, seededRandom(this.#seed + 1_000 * this.#round + 10 * at + feed)),
      ),
    );
    this.#running = Promise.all(feeds);
  }

  /** Resolves when the last request has its answer. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  /** Of the door that was without service for the longest. */
  longestPauseMs(): number {
    return Math.max(...[...this.#pauses.values()].map((pauses) => pauses.longestMs()));
  }

  /** Whether every door has taken something since then. */
  servedSince(atMs: number): boolean {
    return [...this.#pauses.values()].every(({ lastMs }) => lastMs > atMs);
  }

  deniedSince(atMs: number): boolean {
    return this.#doors.every(({ producer }) => (this.#denied.get(producer) ?? 0) > atMs);
  }

  async #feed(door: Door, random: Random): Promise<void> {
    let again: readonly object[] = [];
    while (!this.#stopped.signal.aborted) {
      const batch = again.length > 0 ? again : this.#crowd.events(random, door.provinces, 1 + random.below(EVENTS_MAX));
      again = await this.#send(door, batch).catch(() => batch); // it can't be known what of it was taken
      await delay(PAUSE_MS, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
    }
  }

  /** @returns what has to be sent again */
  async #send({ producer, url }: Door, batch: readonly object[]): Promise<readonly object[]> {
    const response = await this.#ask(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch),
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
    });
    const answer = (await response.json()) as DoorAnswer;
    if (response.status !== 200) {
      if (response.status === 503) this.#denied.set(producer, performance.now());
      else this.surprises.push(`${producer} answered ${response.status}`);
      return batch;
    }
    const nowMs = Date.now();
    const again: object[] = [];
    let taken = false;
    for (const { index, outcome, eventId, code, pointer } of answer.results ?? []) {
      if (outcome === 'unavailable') again.push(batch[index] as object);
      else if (outcome === 'refused') this.surprises.push(`${producer} refused a good event: ${code} at ${pointer}`);
      else {
        taken = true;
        if (!this.accepted.has(eventId ?? '')) this.accepted.set(eventId ?? '', nowMs);
      }
    }
    if (taken) this.#pauses.get(producer)?.served();
    return again;
  }
}
