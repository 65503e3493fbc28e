/**
 * The gates: they ask the look-ups without end, one that fails after the other, and keep a bounded sample of the
 * answers for the checks. A look-up may answer, or say at once that it can't; anything else is a surprise.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '#core/answer/recognise.ts';
import { type Random, seededRandom } from '#exercises/town/random.ts';
import type { Asking, Crowd } from './crowd.ts';
import { Pauses } from './pauses.ts';

export interface LookupDoor {
  readonly lookup: string;
  readonly url: string;
}

export interface KeptAnswer {
  readonly asking: Asking;
  readonly lookup: string;
  readonly askedAtMs: number;
  /** Whether nothing was broken from the question to the answer. */
  readonly calm: boolean;
  readonly answer: Answer;
}

const ASKED_AT_ONCE = 3;
const PAUSE_MS = 25;
const REQUEST_MS_MAX = 6_000;
const KEPT_MAX = 1_500;
/** So many that people of nearly every partition are among them. */
const FRESH_ANSWERS = 25;

export class Gates {
  readonly surprises: string[] = [];
  /** True while nothing is broken. */
  calm = false;
  readonly #doors: readonly LookupDoor[];
  readonly #crowd: Crowd;
  readonly #seed: number;
  readonly #token: () => Promise<string>;
  readonly #pauses = new Pauses();
  readonly #lastByLookup = new Map<string, number>();
  /** How many of its last answers in a row had nothing to excuse. */
  readonly #freshByLookup = new Map<string, number>();
  #kept: KeptAnswer[] = [];
  #answers = 0;
  #round = 0;
  #running: Promise<unknown> | null = null;
  #stopped = new AbortController();

  /** @param token of a caller that may ask for every destination */
  constructor(doors: readonly LookupDoor[], crowd: Crowd, seed: number, token: () => Promise<string>) {
    this.#doors = doors;
    this.#crowd = crowd;
    this.#seed = seed;
    this.#token = token;
  }

  /** A sample of the round's answers. */
  get kept(): readonly KeptAnswer[] {
    return this.#kept;
  }

  get answers(): number {
    return this.#answers;
  }

  start(): void {
    this.#round += 1;
    this.#kept = [];
    this.#freshByLookup.clear();
    this.#answers = 0;
    this.#pauses.begin();
    this.#stopped = new AbortController();
    this.#running = Promise.all(
      Array.from({ length: ASKED_AT_ONCE }, (_, gate) =>
        this.#askOn(gate, seededRandom(this.#seed + 1_000 * this.#round + gate)),
      ),
    );
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  longestPauseMs(): number {
    return this.#pauses.longestMs();
  }

  servedSince(atMs: number): boolean {
    return this.#doors.every(({ lookup }) => (this.#lastByLookup.get(lookup) ?? 0) > atMs);
  }

  /**
   * Whether each look-up has all data at hand again: no province behind, the published rules taken and in sight, in
   * many answers in a row.
   */
  areFresh(): boolean {
    return this.#doors.every(({ lookup }) => (this.#freshByLookup.get(lookup) ?? 0) >= FRESH_ANSWERS);
  }

  async #askOn(gate: number, random: Random): Promise<void> {
    for (let turn = gate; !this.#stopped.signal.aborted; turn += 1) {
      const door = this.#doors[turn % this.#doors.length] as LookupDoor;
      // No answer: the other look-up is next.
      await this.#ask(door, this.#crowd.asking(random), random).catch(() => undefined);
      await delay(PAUSE_MS, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
    }
  }

  async #ask({ lookup, url }: LookupDoor, asking: Asking, random: Random): Promise<void> {
    const { destination, purpose, person, personKey } = asking;
    const who = random.chance(0.5) ? { person } : { personKey: personKey.toString('hex') };
    const body = JSON.stringify({
      destination,
      purpose,
      ...who,
      authorisation: { consent: 'the person, by showing the document' },
    });
    const [calm, askedAtMs] = [this.calm, Date.now()];
    const response = await fetch(`${url}/v1/recognitions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await this.#token()}`, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
    });
    const answer = (await response.json()) as Answer;
    if (response.status === 503) return;
    if (response.status !== 200)
      return void this.surprises.push(`${lookup} answered ${response.status}: ${JSON.stringify(answer).slice(0, 200)}`);
    this.#pauses.served();
    this.#lastByLookup.set(lookup, performance.now());
    const fresh =
      answer.provincesBehind.length === 0 &&
      !answer.exchangeBehind &&
      answer.rules.publishedAt !== null &&
      answer.rules.outOfSightSince === null;
    this.#freshByLookup.set(lookup, fresh ? (this.#freshByLookup.get(lookup) ?? 0) + 1 : 0);
    this.#keep({ asking, lookup, askedAtMs, calm: calm && this.calm, answer }, random);
  }

  /** Each answer of the round stays with the same chance. */
  #keep(answer: KeptAnswer, random: Random): void {
    this.#answers += 1;
    if (this.#kept.length < KEPT_MAX) this.#kept.push(answer);
    else if (random.below(this.#answers) < KEPT_MAX) this.#kept[random.below(KEPT_MAX)] = answer;
  }
}
