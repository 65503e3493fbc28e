/**
 * Compares the live view with another state of it, person by person, while both move. Two views that are equal are
 * never called different; a person whose events come in just then is looked at again until each state has passed where
 * the other one was. What is judged is what both have consumed.
 */

import { hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { PersonKey } from '#core/field/identity.ts';
import { agedAt } from '#core/view/retention.ts';
import type { Position } from '#core/view/snapshot.ts';
import { decodeView, encodeView } from '#exchange/view/codec.ts';
import { storedPosition } from '#exchange/view/store.ts';
import type { Look } from './looks.ts';
import { Suspect } from './suspect.ts';

/** Two states of these people; of nobody: the positions alone. */
export type LookAt = (partition: number, keys: readonly PersonKey[]) => Promise<Look>;

export interface Tally {
  readonly partition: number;
  /** People who have a view. */
  live: number;
  other: number;
  /** Sums over the people of a hash of key and view, modulo 2^64: independent of their order. */
  liveChecksum: bigint;
  otherChecksum: bigint;
  differing: number;
  /** Of the first NAMED_MAX that differ. */
  readonly named: PersonKey[];
  /**
   * Of those that differ, people of whom it isn't sure: a state stood still behind the other, or events kept coming.
   */
  unsure: number;
}

const KEYS_AT_ONCE = 1_000;
/**
 * In a round each state passes the place where the other one was. Events of a person that keep coming may keep the two
 * views different in every round. After so many rounds the person is named, and it is said that it isn't sure.
 */
const ROUNDS_MAX = 30;
const LOOK_EVERY_MS = 50;
/** 15 s: an idle materialiser moves its position once a second. */
const PASS_LOOKS_MAX = 300;
const SUSPECTS_MAX = 5_000;
const NAMED_MAX = 10_000;

export class Comparison {
  readonly #lookAt: LookAt;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #tallies = new Map<number, Tally>();
  readonly #waiting = new Map<number, PersonKey[]>();
  readonly #suspects = new Map<number, PersonKey[]>();

  constructor(lookAt: LookAt, partitions: Iterable<number>, sleep: (ms: number) => Promise<void> = (ms) => delay(ms)) {
    this.#lookAt = lookAt;
    this.#sleep = sleep;
    for (const partition of partitions)
      this.#tallies.set(partition, {
        partition,
        live: 0,
        other: 0,
        liveChecksum: 0n,
        otherChecksum: 0n,
        differing: 0,
        named: [],
        unsure: 0,
      });
  }

  get tallies(): readonly Tally[] {
    return [...this.#tallies.values()];
  }

  /** Each person once; whoever is added twice counts twice, in both states. */
  async add(partition: number, key: PersonKey): Promise<void> {
    const waiting = this.#waiting.get(partition) ?? [];
    this.#waiting.set(partition, waiting);
    if (waiting.push(key) >= KEYS_AT_ONCE) await this.#firstLook(partition);
  }

  /** Looks at those that wait, and again at those that differed at first. */
  async finish(): Promise<void> {
    for (const partition of this.#waiting.keys()) await this.#firstLook(partition);
    await Promise.all([...this.#suspects.keys()].map((partition) => this.#decide(partition)));
  }

  async #firstLook(partition: number): Promise<void> {
    const keys = this.#waiting.get(partition) ?? [];
    if (keys.length === 0) return;
    this.#waiting.set(partition, []);
    const suspects = this.#suspects.get(partition) ?? [];
    this.#suspects.set(partition, suspects);
    suspects.push(...this.#judge(partition, keys, await this.#lookAt(partition, keys)));
    if (suspects.length > SUSPECTS_MAX) await this.#decide(partition);
  }

  async #decide(partition: number): Promise<void> {
    const suspects = this.#suspects.get(partition) ?? [];
    this.#suspects.set(partition, []);
    for (let at = 0; at < suspects.length; at += KEYS_AT_ONCE)
      await this.#decideSome(
        partition,
        suspects.slice(at, at + KEYS_AT_ONCE).map((key) => new Suspect(key)),
      );
  }

  async #decideSome(partition: number, suspects: readonly Suspect[]): Promise<void> {
    let open = suspects;
    for (let rounds = 1; open.length > 0; rounds += 1) {
      const begin = await this.#lookAt(partition, keysOf(open));
      open = this.#watch(partition, open, begin);
      for (const suspect of open) suspect.watch();
      let now = begin;
      let looks = 0;
      for (; open.length > 0 && looks < PASS_LOOKS_MAX && !havePassed(now, begin); looks += 1) {
        await this.#sleep(LOOK_EVERY_MS);
        now = await this.#lookAt(partition, keysOf(open));
        open = this.#watch(partition, open, now);
      }
      const isSure = looks < PASS_LOOKS_MAX;
      const decided = open.filter(({ isStill }) => !isSure || isStill || rounds === ROUNDS_MAX);
      await this.#name(partition, decided, isSure && rounds < ROUNDS_MAX);
      open = open.filter((suspect) => !decided.includes(suspect));
    }
  }

  /** Those who are still suspect after a look; the others are counted. */
  #watch(partition: number, open: readonly Suspect[], look: Look): readonly Suspect[] {
    const left = new Set(
      this.#judge(partition, keysOf(open), look, (index) =>
        (open[index] as Suspect).see(look.live.views[index] ?? null, look.other.views[index] ?? null),
      ),
    );
    return open.filter(({ key }) => left.has(key));
  }

  async #name(partition: number, suspects: readonly Suspect[], isSure: boolean): Promise<void> {
    if (suspects.length === 0) return;
    const { live, other } = await this.#lookAt(partition, keysOf(suspects));
    for (const [index, { key }] of suspects.entries())
      this.#take(
        this.#tallies.get(partition) as Tally,
        key,
        live.views[index] ?? null,
        other.views[index] ?? null,
        true,
        isSure,
      );
  }

  /**
   * Counts those who are decided; gives back those whose views differ while the states are at different positions.
   * @param isCleared of the person at an index: known to have the same view for another reason
   */
  #judge(
    partition: number,
    keys: readonly PersonKey[],
    { live, other }: Look,
    isCleared: (index: number) => boolean = () => false,
  ): PersonKey[] {
    const atOnePlace = isSame(live.position, other.position);
    return keys.filter((key, index) => {
      const [a = null, b = null] = [live.views[index], other.views[index]];
      const differs = !isCleared(index) && !sameView(a, b, Math.max(live.acceptedUpToMs, other.acceptedUpToMs));
      if (differs && !atOnePlace) return true;
      this.#take(this.#tallies.get(partition) as Tally, key, a, b, differs, true);
      return false;
    });
  }

  #take(
    tally: Tally,
    key: PersonKey,
    live: Buffer | null,
    other: Buffer | null,
    differs: boolean,
    isSure: boolean,
  ): void {
    const liveSum = checksum(key, live);
    const otherSum = differs ? checksum(key, other) : liveSum;
    tally.liveChecksum = BigInt.asUintN(64, tally.liveChecksum + liveSum);
    tally.otherChecksum = BigInt.asUintN(64, tally.otherChecksum + otherSum);
    tally.live += live === null ? 0 : 1;
    tally.other += other === null ? 0 : 1;
    if (!differs) return;
    tally.differing += 1;
    tally.unsure += isSure ? 0 : 1;
    if (tally.named.length < NAMED_MAX) tally.named.push(key);
  }
}

const keysOf = (suspects: readonly Suspect[]): PersonKey[] => suspects.map(({ key }) => key);

function isSame(a: Position | null, b: Position | null): boolean {
  return a === null || b === null ? a === b : storedPosition(a) === storedPosition(b);
}

/** Whether each state has reached where the other one was. */
function havePassed(now: Look, begin: Look): boolean {
  return hasPassed(now.live.position, begin.other.position) && hasPassed(now.other.position, begin.live.position);
}

function hasPassed(position: Position | null, seen: Position | null): boolean {
  return Object.entries(seen?.topics ?? {}).every(
    ([topic, { nextOffset }]) => (position?.topics[topic]?.nextOffset ?? 0) >= nextOffset,
  );
}

/** Byte by byte; views that were stored by different versions or at different times, by what still counts of them. */
function sameView(a: Buffer | null, b: Buffer | null, acceptedUpToMs: number): boolean {
  if (a === null || b === null) return a === b;
  if (a.equals(b)) return true;
  const asOfNow = (view: Buffer): Buffer => encodeView(agedAt(decodeView(view), acceptedUpToMs));
  try {
    return asOfNow(a).equals(asOfNow(b));
  } catch {
    return false; // one of them is no view at all
  }
}

function checksum(key: PersonKey, view: Buffer | null): bigint {
  return view === null ? 0n : hash('sha256', Buffer.concat([key, view]), 'buffer').readBigUInt64BE(0);
}
