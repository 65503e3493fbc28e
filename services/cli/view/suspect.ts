/**
 * Someone whose two views differed while the two states were at different positions. Both are read again and again. If
 * the same view appears in both states, at whatever time, the person is cleared. If neither view changes while each
 * state passes the place where the other one was, the views really differ.
 */

import { hash } from 'node:crypto';
import type { PersonKey } from '#core/field/identity.ts';

export class Suspect {
  readonly key: PersonKey;
  readonly #seen = { live: new Set<string>(), other: new Set<string>() };
  #last = '';
  #isStill = false;

  constructor(key: PersonKey) {
    this.key = key;
  }

  /** Whether neither view has changed since `watch`. */
  get isStill(): boolean {
    return this.#isStill;
  }

  watch(): void {
    this.#isStill = true;
  }

  /** @returns true once either state has shown a view that the other one showed: a view only ever moves on */
  see(live: Buffer | null, other: Buffer | null): boolean {
    const [a, b] = [digest(live), digest(other)];
    this.#seen.live.add(a);
    this.#seen.other.add(b);
    if (`${a} ${b}` !== this.#last) this.#isStill = false;
    this.#last = `${a} ${b}`;
    return this.#seen.other.has(a) || this.#seen.live.has(b);
  }
}

function digest(view: Buffer | null): string {
  return view === null ? '' : hash('sha256', view, 'base64').slice(0, 16);
}
