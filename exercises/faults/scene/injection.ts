/** What every kind of injection looks like to the runner, and which of them may go together. */

import type { Random } from '#exercises/town/random.ts';
import type { Scene } from './scene.ts';

/** What an injection may break, or need while it lasts. */
export type Area = 'kafka' | 'redis' | 'registry' | 'producers' | 'materialisers' | 'lookups' | 'network' | 'log';

/** What an injection has done, counted in its own unit, such as `connections cut`. */
export interface Bite {
  readonly what: string;
  readonly count: number;
}

export interface Injection {
  readonly name: string;
  readonly breaks: readonly Area[];
  /** What must work from its beginning to the end of its healing. */
  readonly needs: readonly Area[];
  /** Does the damage, and resolves when it has lasted long enough. */
  inject(scene: Scene, random: Random): Promise<void>;
  /** Undoes what is left of it, and resolves when what it hit is up again; also after an injection that failed. */
  heal(scene: Scene): Promise<void>;
  /** What it has done by the end of its healing. If any of it is none, the injection has tested nothing. */
  bites(scene: Scene): Promise<readonly Bite[]>;
}

export function hasBitten(bites: readonly Bite[]): boolean {
  return bites.length > 0 && bites.every(({ count }) => count > 0);
}

/** Each round takes new ones, for an injection remembers what it did. */
export type InjectionKind = () => Injection;

/** Servers before the services that can't start without them; what stands in one stage may heal at the same time. */
const HEALING_STAGES: readonly (readonly Area[])[] = [
  ['network'],
  ['redis', 'kafka'],
  ['registry'],
  ['materialisers', 'lookups', 'producers'],
  ['log'],
];

/** The injections in the order of their healing, by stage; one that breaks several areas heals with the first. */
export function healingStages(injections: readonly Injection[]): Injection[][] {
  const stageOf = ({ breaks }: Injection): number =>
    HEALING_STAGES.findIndex((areas) => areas.some((area) => breaks.includes(area)));
  return HEALING_STAGES.map((_, stage) => injections.filter((injection) => stageOf(injection) === stage)).filter(
    (injections) => injections.length > 0,
  );
}

export function goTogether(a: Injection, b: Injection): boolean {
  const clash = (one: Injection, other: Injection): boolean =>
    one.breaks.some((area) => other.needs.includes(area) || (area !== 'network' && other.breaks.includes(area)));
  return !clash(a, b) && !clash(b, a);
}
