/** What every kind of fault looks like to the runner, and which of them may go together. */

import type { Random } from '#exercises/town/random.ts';
import type { Scene } from './scene.ts';

/** What a fault may break, or need while it lasts. */
export type Area = 'kafka' | 'redis' | 'registry' | 'producers' | 'materialisers' | 'lookups' | 'network' | 'log';

/** What a fault has done, counted in its own unit, such as `connections cut`. */
export interface Bite {
  readonly what: string;
  readonly count: number;
}

export interface Fault {
  readonly name: string;
  readonly breaks: readonly Area[];
  /** What must work from its beginning to the end of its healing. */
  readonly needs: readonly Area[];
  /** Does the damage, and resolves when it has lasted long enough. */
  inject(scene: Scene, random: Random): Promise<void>;
  /** Undoes what is left of it, and resolves when what it hit is up again; also after an injection that failed. */
  heal(scene: Scene): Promise<void>;
  /** What it has done by the end of its healing. If any of it is none, the fault has tested nothing. */
  bites(scene: Scene): Promise<readonly Bite[]>;
}

export function hasBitten(bites: readonly Bite[]): boolean {
  return bites.length > 0 && bites.every(({ count }) => count > 0);
}

/** Each round takes new ones, for a fault remembers what it did. */
export type FaultKind = () => Fault;

/** Servers before the services that can't start without them. */
const HEALING_ORDER: readonly Area[] = [
  'network',
  'redis',
  'kafka',
  'registry',
  'materialisers',
  'lookups',
  'producers',
  'log',
];

export function inHealingOrder(faults: readonly Fault[]): Fault[] {
  const rank = ({ breaks }: Fault): number =>
    Math.min(HEALING_ORDER.length, ...breaks.map((area) => HEALING_ORDER.indexOf(area)));
  return faults.toSorted((a, b) => rank(a) - rank(b));
}

export function goTogether(a: Fault, b: Fault): boolean {
  const clash = (one: Fault, other: Fault): boolean =>
    one.breaks.some((area) => other.needs.includes(area) || (area !== 'network' && other.breaks.includes(area)));
  return !clash(a, b) && !clash(b, a);
}
