/**
 * The switch of each partition to what was rebuilt, right after a commit of the rebuild: then it has most likely
 * consumed all that the live view has, which the switch demands. Between a switch and the end of its commit nothing
 * else is written there by this process.
 */

import type { Generations, SwitchOutcome } from '#exchange/view/generations.ts';
import type { Generation } from '#exchange/view/keys.ts';
import type { ViewStore } from '#exchange/view/store.ts';
import { HutongError } from '#platform/errors.ts';

export interface Target {
  readonly live: Generation;
  readonly building: Generation;
}

/** The rebuild follows the log meanwhile, so a partition that isn't switched in that time never will be. */
const STANDSTILL_MS_MAX = 60_000;

export class Switching {
  readonly #generations: Generations;
  readonly #targets: ReadonlyMap<number, Target>;
  readonly #open: Set<number>;
  readonly #done = Promise.withResolvers<void>();
  #onSwitched: (remaining: ReadonlySet<number>) => void = () => undefined;
  #standstill: NodeJS.Timeout | undefined;
  #begun = false;

  constructor(generations: Generations, targets: ReadonlyMap<number, Target>) {
    this.#generations = generations;
    this.#targets = targets;
    this.#open = new Set(targets.keys());
  }

  /** The store, which tries to switch after each commit once switching has begun. */
  watching(store: ViewStore): ViewStore {
    return {
      loadPartition: (partition) => store.loadPartition(partition),
      readViews: (from, keys) => store.readViews(from, keys),
      commit: async (step) => {
        const stored = await store.commit(step);
        if (this.#begun && this.#open.has(step.partition)) await this.#try(step.partition);
        return stored;
      },
    };
  }

  /** @param onSwitched gets what remains to be switched */
  onSwitched(onSwitched: (remaining: ReadonlySet<number>) => void): void {
    this.#onSwitched = onSwitched;
  }

  /** Resolves when all are switched. @throws HutongError REBUILD_ENDED when some can't be */
  async begin(): Promise<void> {
    this.#begun = true;
    this.#watch();
    await this.#done.promise.finally(() => clearTimeout(this.#standstill));
  }

  async #try(partition: number): Promise<void> {
    const outcome = await this.#outcome(partition, this.#targets.get(partition) as Target);
    if (outcome === 'behind') return;
    if (outcome !== 'switched')
      return this.#done.reject(
        refused(
          outcome === 'other_log'
            ? `partition ${partition} was made from another log than its live view`
            : `partition ${partition} was switched or given up elsewhere`,
        ),
      );
    this.#open.delete(partition);
    this.#onSwitched(this.#open);
    this.#watch();
    if (this.#open.size === 0) this.#done.resolve();
  }

  /** An answer that got lost may stand for a switch that happened. */
  async #outcome(partition: number, { live, building }: Target): Promise<SwitchOutcome> {
    const outcome = await this.#generations.switch(partition, live, building).catch((error: unknown) => error as Error);
    if (outcome === 'switched' || outcome === 'behind' || outcome === 'other_log') return outcome;
    const now = await this.#generations.pointers(partition);
    if (now.live === building) return 'switched';
    if (outcome === 'ended') return outcome;
    throw outcome;
  }

  #watch(): void {
    clearTimeout(this.#standstill);
    this.#standstill = setTimeout(
      () => this.#done.reject(refused(`partitions ${[...this.#open].join(', ')} stay behind their live view`)),
      STANDSTILL_MS_MAX,
    ).unref();
  }
}

function refused(why: string): HutongError {
  return new HutongError('REBUILD_ENDED', `not switched: ${why}`, {
    retriable: false,
    hint: 'partitions that were switched stay so; hutong view rebuild --switch goes on with the others',
  });
}
