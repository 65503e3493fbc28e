/**
 * Whether this process still is its instances: no other has registered as one of them. What Kafka acknowledges is only
 * called accepted while a look at the registrations is fresh enough, so that a process that begins anew and waits a
 * little longer than that finds all that its predecessor has called accepted below the ends of the log.
 */

import type { Registrations } from '#exchange/topics/registrations.ts';
import { describeError, HutongError } from '#platform/errors.ts';
import { every } from '#platform/limits/every.ts';
import type { Logger } from '#platform/log.ts';

const LOOK_EVERY_MS = 500;
/** How long a look holds, from before it was asked for. */
const TENURE_MS = 2_000;
/** After registering, the wait for a predecessor: it has then called its last event accepted. */
const PREDECESSOR_MS = 3_000;

export interface TenureOptions {
  /** Tells this process from others. */
  readonly process: string;
  /** All that the topic of the registrations holds now. @throws HutongError */
  readonly read: () => Promise<Registrations>;
  /** Where that topic ends now. */
  readonly end: () => Promise<number>;
  readonly monotonicMs: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly logger: Logger;
  /** Another process is one of the instances by now. */
  readonly onLost: (error: HutongError) => void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: HutongError) => void;
}

export class Tenure {
  readonly #options: TenureOptions;
  readonly #epochs = new Map<string, number>();
  #hasPredecessor = false;
  #readTo = -1;
  #heldUntilMs = Number.NEGATIVE_INFINITY;
  #lost: HutongError | null = null;
  #waiting: Waiter[] = [];
  #stopLooking: (() => void) | null = null;

  constructor(options: TenureOptions) {
    this.#options = options;
  }

  /** The epoch that each instance is to register with. @throws HutongError */
  async epochsFor(instances: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const registrations = await this.#options.read();
    for (const instance of instances) {
      const known = registrations.of(instance);
      this.#hasPredecessor ||= known !== null;
      this.#epochs.set(instance, (known?.epoch ?? 0) + 1);
    }
    return this.#epochs;
  }

  /**
   * Once all of them are registered: resolves when no predecessor calls anything accepted any more.
   * @throws HutongError PRODUCER_SUPERSEDED when another process was quicker
   */
  async begin(): Promise<void> {
    await this.#look();
    if (this.#lost !== null) throw this.#lost;
    this.#stopLooking = every(LOOK_EVERY_MS, () =>
      this.#look().catch((error: unknown) =>
        this.#options.logger.warn({ error: describeError(error) }, 'the registrations could not be looked at'),
      ),
    );
    if (this.#hasPredecessor) await this.#options.sleep(PREDECESSOR_MS);
  }

  /** Null: it holds now. Else resolves once it is known to; rejects when another process has begun. */
  held(): Promise<void> | null {
    if (this.#lost !== null) return Promise.reject(this.#lost);
    if (this.#options.monotonicMs() < this.#heldUntilMs) return null;
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  stop(): void {
    this.#stopLooking?.();
  }

  async #look(): Promise<void> {
    const lookedAtMs = this.#options.monotonicMs();
    const end = await this.#options.end();
    if (end !== this.#readTo) {
      const registrations = await this.#options.read();
      const { process } = this.#options;
      const lost = [...this.#epochs].find(([instance, epoch]) => !registrations.isHeldBy({ instance, epoch, process }));
      if (lost !== undefined) return this.#lose(lost[0]);
      this.#readTo = end;
    }
    this.#heldUntilMs = lookedAtMs + TENURE_MS;
    for (const { resolve } of this.#take()) resolve();
  }

  #lose(instance: string): void {
    this.#lost = new HutongError('PRODUCER_SUPERSEDED', `another process is ${instance} by now, or it was retired`, {
      retriable: false,
      hint: 'run one process of each name; give the other one a HUTONG_INSTANCE of its own',
    });
    for (const { reject } of this.#take()) reject(this.#lost);
    this.#options.onLost(this.#lost);
  }

  #take(): readonly Waiter[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
