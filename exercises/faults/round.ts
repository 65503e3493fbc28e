/**
 * One round: one or several faults at once, healing, catching up, a calm while; then the stream is stopped and
 * everything checked. What goes wrong on the way is a violation, never an exception.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { PolicyBook } from '#core/book/policy-book.ts';
import type { Random } from '#exercises/town/random.ts';
import { BEHIND_MS_MAX } from './checks/answers.ts';
import { type Checked, checkAll, type Guarantee, type Violations } from './checks/checks.ts';
import { type Bite, type Fault, hasBitten, inHealingOrder } from './scene/fault.ts';
import type { Scene } from './scene/scene.ts';

export interface RoundResult {
  readonly faults: readonly string[];
  /** Accepted in this round. */
  readonly events: number;
  readonly answers: number;
  readonly answersChecked: number;
  /** Events that are in the log more than once, of this round. */
  readonly doubled: number;
  readonly lookupPauseMs: number;
  readonly streamPauseMs: number;
  /** From the end of healing until all is served again and the view has caught up. */
  readonly catchUpMs: number | null;
  /** What each fault has done, in the order of the faults. */
  readonly bites: readonly (readonly Bite[])[];
  readonly violations: Violations;
}

/** The faults of a round that did nothing: of them it says nothing. */
export function withoutBite({ faults, bites }: Pick<RoundResult, 'faults' | 'bites'>): string[] {
  return faults.filter((_, index) => !hasBitten(bites[index] ?? []));
}

const CALM_ANSWERS = 60;
/** How far apart faults of one combination begin. */
const APART_MS_MAX = 1_500;

export class Round {
  readonly #scene: Scene;
  readonly #policies: PolicyBook;
  readonly #faults: readonly Fault[];
  readonly #random: Random;
  readonly #violations: Partial<Record<Guarantee, string[]>> = {};
  #catchUpMs: number | null = null;
  #bites: readonly (readonly Bite[])[] = [];

  constructor(scene: Scene, policies: PolicyBook, faults: readonly Fault[], random: Random) {
    this.#scene = scene;
    this.#policies = policies;
    this.#faults = faults;
    this.#random = random;
  }

  /** @param doubledBefore of the rounds before, whose log is the same */
  async run(doubledBefore: number): Promise<RoundResult> {
    const { stream, gates, exchange, poison } = this.#scene;
    const acceptedBefore = stream.accepted.size;
    stream.start();
    gates.start();
    await this.#orViolates('recovered', () => this.#disturb());
    const [lookupPauseMs, streamPauseMs] = [gates.longestPauseMs(), stream.longestPauseMs()];
    await Promise.all([stream.stop(), gates.stop()]);
    await this.#orViolates('recovered', () => exchange.caughtUp());
    this.#noteSurprises();
    const checked = await this.#orViolates('recovered', () =>
      checkAll({
        exchange,
        policies: this.#policies,
        accepted: stream.accepted,
        pastTheDoors: stream.pastTheDoors,
        kept: gates.kept,
        poison: poison.reasons,
      }),
    );
    return {
      faults: this.#faults.map(({ name }) => name),
      events: stream.accepted.size - acceptedBefore,
      answers: gates.answers,
      answersChecked: checked?.answersChecked ?? 0,
      doubled: (checked?.doubled ?? doubledBefore) - doubledBefore,
      lookupPauseMs,
      streamPauseMs,
      catchUpMs: this.#catchUpMs,
      bites: this.#bites,
      violations: merged(this.#violations, checked),
    };
  }

  async #disturb(): Promise<void> {
    const { gates } = this.#scene;
    await this.#scene.settled();
    await Promise.all(
      this.#faults.map(async (fault, index) => {
        await delay(index === 0 ? 0 : this.#random.below(APART_MS_MAX));
        await this.#orViolates('recovered', () => fault.inject(this.#scene, this.#random), fault.name);
      }),
    );
    for (const fault of inHealingOrder(this.#faults))
      await this.#orViolates('recovered', () => fault.heal(this.#scene), `healing of ${fault.name}`);
    const healedMs = performance.now();
    // A fault that can't say what it did has failed, as the violations tell.
    this.#bites = await Promise.all(
      this.#faults.map(
        async (fault) =>
          (await this.#orViolates('recovered', () => fault.bites(this.#scene), `what ${fault.name} did`)) ?? [],
      ),
    );
    await this.#scene.settled();
    this.#catchUpMs = performance.now() - healedMs;
    await this.#scene.atRest();
    gates.calm = true;
    await delay(BEHIND_MS_MAX); // so that there are events of the calm itself that must be visible by now
    await this.#scene.answered(CALM_ANSWERS);
    gates.calm = false;
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
