/** What the bench and its look-up, in a process of its own, know of each other. */

import type { Held } from '#exchange/identity/caller.ts';

export interface LookupPorts {
  /** Neither TLS nor a look at the token. */
  readonly open: number;
  /** Tokens are checked, without TLS. */
  readonly tokens: number;
  /** As the exchange has it. */
  readonly secure: number;
  /** One that counts. */
  readonly token: string;
  readonly openToken: string;
}

export const SECRETS: readonly Buffer[] = [Buffer.alloc(32, 7)];
export const OPEN_TOKEN = 'anybody';
export const HELD: Held = { destinations: 'all', purposes: 'all', modes: ['single'] };
