/**
 * One round: waves of injections, each healed before the next; catching up, a calm while; then the stream is stopped
 * and everything checked. What goes wrong on the way is a violation, never an exception.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '#exercises/town/random.ts';
import { BEHIND_MS_MAX } from './checks/answers.ts';
import { type Checked, checkAll, type Guarantee, type Violations } from './checks/checks.ts';
import { type Bite, type Injection, hasBitten, healingStages } from './scene/injection.ts';
import type { Scene } from './scene/scene.ts';

/** The parts of a round, in their order; those up to `catching up` come again with each wave. */
export type Phase = 'breaking' | 'healing' | 'catching up' | 'coming to rest' | 'calm' | 'checks';

export interface RoundResult {
  /** Of all its waves. */
  readonly injections: readonly string[];
  /** Accepted in this round. */
  readonly events: number;
  readonly answers: number;
  readonly answersChecked: number;
  /** Events that are in the log more than once, of this round. */
  readonly doubled: number;
  readonly lookupPauseMs: number;
  readonly streamPauseMs: number;
  /** From the end of a wave's healing until all is served again and the view has caught up; of the slowest wave. */
  readonly catchUpMs: number | null;
  /** What each injection has done, in the order of the injections. */
  readonly bites: readonly (readonly Bite[])[];
  readonly violations: Violations;
  /** Where its time went. */
  readonly tookMs: Readonly<Partial<Record<Phase, number>>>;
}

/** The injections of a round that did nothing: of them it says nothing. */
export function withoutBite({ injections, bites }: Pick<RoundResult, 'injections' | 'bites'>): string[] {
  return injections.filter((_, index) => !hasBitten(bites[index] ?? []));
}

const CALM_ANSWERS = 60;
/** How far apart injections of one wave begin. */
const APART_MS_MAX = 1_500;

export class Round {
  readonly #scene: Scene;
  readonly #waves: readonly (readonly Injection[])[];
  readonly #random: Random;
  readonly #violations: Partial<Record<Guarantee, string[]>> = {};
  #catchUpMs: number | null = null;
  readonly #bites = new Map<Injection, readonly Bite[]>();
  readonly #tookMs: Partial<Record<Phase, number>> = {};

  constructor(scene: Scene, waves: readonly (readonly Injection[])[], random: Random) {
    this.#scene = scene;
    this.#waves = waves;
    this.#random = random;
  }

  /** @param doubledBefore of the rounds before, whose log is the same */
  async run(doubledBefore: number): Promise<RoundResult> {
    const { stream, gates } = this.#scene;
    const acceptedBefore = stream.accepted.size;
    stream.start();
    gates.start();
    await this.#orViolates('recovered', () => this.#disturb());
    const [lookupPauseMs, streamPauseMs] = [gates.longestPauseMs(), stream.longestPauseMs()];
    const checked = await this.#in('checks', () => this.#check());
    const injections = this.#waves.flat();
    return {
      injections: injections.map(({ name }) => name),
      events: stream.accepted.size - acceptedBefore,
      answers: gates.answers,
      answersChecked: checked?.answersChecked ?? 0,
      doubled: (checked?.doubled ?? doubledBefore) - doubledBefore,
      lookupPauseMs,
      streamPauseMs,
      catchUpMs: this.#catchUpMs,
      bites: injections.map((injection) => this.#bites.get(injection) ?? []),
      violations: merged(this.#violations, checked),
      tookMs: this.#tookMs,
    };
  }

  async #disturb(): Promise<void> {
    const { gates } = this.#scene;
    await this.#in('catching up', () => this.#scene.settled());
    let slowestMs = 0;
    for (const [index, wave] of this.#waves.entries()) {
      // Else an instance might have no partition that could be taken from it.
      if (index > 0) await this.#in('coming to rest', () => this.#scene.groupAtRest());
      slowestMs = Math.max(slowestMs, await this.#endure(wave));
    }
    this.#catchUpMs = slowestMs;
    await this.#in('coming to rest', () => this.#scene.atRest());
    await this.#in('calm', async () => {
      gates.calm = true;
      await delay(BEHIND_MS_MAX); // so that there are events of the calm itself that must be visible by now
      await this.#scene.answered(CALM_ANSWERS);
      gates.calm = false;
    });
  }

  /** One wave: all of it breaks, all of it heals. @returns how long it took after that until all was served again */
  async #endure(wave: readonly Injection[]): Promise<number> {
    const scene = this.#scene;
    const all = (injections: readonly Injection[], work: (injection: Injection, index: number) => Promise<void>) =>
      Promise.all(injections.map(work));
    await this.#in('breaking', () =>
      all(wave, async (injection, index) => {
        await delay(index === 0 ? 0 : this.#random.below(APART_MS_MAX));
        await this.#orViolates('recovered', () => injection.inject(scene, this.#random), injection.name);
      }),
    );
    await this.#in('healing', async () => {
      for (const stage of healingStages(wave))
        await all(stage, async (injection) => {
          await this.#orViolates('recovered', () => injection.heal(scene), `healing of ${injection.name}`);
        });
    });
    const healedMs = performance.now();
    await this.#in('catching up', async () => {
      await all(wave, async (injection) => {
        // An injection that can't say what it did has failed, as the violations tell.
        const bites = await this.#orViolates('recovered', () => injection.bites(scene), `what ${injection.name} did`);
        this.#bites.set(injection, bites ?? []);
      });
      await scene.settled();
    });
    return performance.now() - healedMs;
  }

  async #check(): Promise<Checked | undefined> {
    const { stream, gates, exchange, poison, rules } = this.#scene;
    await Promise.all([stream.stop(), gates.stop()]);
    await this.#orViolates('recovered', () => exchange.caughtUp());
    this.#noteSurprises();
    return this.#orViolates('recovered', () =>
      checkAll({
        exchange,
        rules,
        accepted: stream.accepted,
        pastTheDoors: stream.pastTheDoors,
        kept: gates.kept,
        poison: poison.reasons,
      }),
    );
  }

  /** Adds the time that the work takes to that of its phase. */
  async #in<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    const sinceMs = performance.now();
    try {
      return await work();
    } finally {
      this.#tookMs[phase] = Math.round((this.#tookMs[phase] ?? 0) + performance.now() - sinceMs);
    }
  }

  #noteSurprises(): void {
    const { stream, gates } = this.#scene;
    for (const surprise of [...stream.surprises.splice(0), ...gates.surprises.splice(0)])
      this.#violate('surprises', surprise);
    for (const name of ['producer', 'materialiser', 'lookup', 'redis', 'kafka', 'registry'].flatMap((kind) =>
      this.#scene.parts.names(kind),
    )) {
      if (!this.#scene.mayBeGone(name) && !this.#scene.parts.run(name)) this.#violate('survived', `${name} has ended`);
    }
  }

  async #orViolates<T>(guarantee: Guarantee, work: () => Promise<T>, what = ''): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#violate(
        guarantee,
        `${what === '' ? '' : `${what}: `}${error instanceof Error ? error.message : String(error)}`,
      );
      return undefined;
    }
  }

  #violate(guarantee: Guarantee, what: string): void {
    (this.#violations[guarantee] ??= []).push(what);
  }
}

function merged(own: Violations, checked: Checked | undefined): Violations {
  const all = { ...own, ...checked?.violations };
  return Object.fromEntries(Object.entries(all).filter(([, found]) => found.length > 0));
}
