/**
 * The consumer group's coordinator: spreads the partitions over its members and tells each, in its own time. A member
 * that was expelled goes on until it notices, and another may have its partitions by then.
 */

import type { Random } from '#exercises/town/random.ts';
import { spread } from '#platform/kafka/co-partition-assigner.ts';
import type { Scheduler } from './scheduler.ts';

export interface Member {
  readonly name: string;
  /** Learns what it is assigned in a generation of the group; null: that it isn't a member any more. */
  assigned(partitions: readonly number[] | null, generation: number): void;
}

const TOLD_MS_MAX = 300;
/** Until a member whose heartbeats are refused has noticed. */
const NOTICED_MS_MAX = 3_000;

export class SimGroup {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #partitions: readonly number[];
  readonly #members = new Map<string, Member>();
  #generation = 0;

  constructor(scheduler: Scheduler, random: Random, partitions: number) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#partitions = Array.from({ length: partitions }, (_, partition) => partition);
  }

  has(member: Member): boolean {
    return this.#members.has(member.name);
  }

  join(member: Member): void {
    this.#members.set(member.name, member);
    this.#rebalance();
  }

  leave(member: Member): void {
    if (this.#members.delete(member.name)) this.#rebalance();
  }

  /** Takes the member's partitions away, which hears of it later. */
  expel(member: Member): void {
    if (!this.has(member)) return;
    this.leave(member);
    this.#scheduler.after(this.#random.below(NOTICED_MS_MAX), () => member.assigned(null, this.#generation));
  }

  #rebalance(): void {
    this.#generation += 1;
    const generation = this.#generation;
    for (const [name, share] of spread([...this.#members.keys()], this.#partitions)) {
      this.#scheduler.after(this.#random.below(TOLD_MS_MAX), () => {
        if (generation === this.#generation) this.#members.get(name)?.assigned(share, generation);
      });
    }
  }
}
