/**
 * What the demo and its feed (a thread of its own) say to each other.
 */

import type { ClientsOf } from '#platform/tokens/client-tokens.ts';

export interface FeedOptions {
  readonly people: number;
  readonly events: number;
  readonly seed: number;
  readonly nowMs: number;
  readonly streamSeconds: number;
  /** At this share of the day the simulated clock stands still until it's told to go on. */
  readonly holdAt: number;
  /** Who gives the provinces their tokens, and where their keys are. */
  readonly clients: ClientsOf;
  /** Where events go: by province code, else the default. */
  readonly doors: { readonly default: string; readonly byProvince: Readonly<Record<string, string>> };
}

export interface FeedCounts {
  /** Lines handed to the intakes so far, and how far the simulated clock has come. */
  readonly sent: number;
  readonly lines: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly refused: number;
  /** Lines of a silent province that nobody takes. */
  readonly heldBack: number;
  readonly retried: number;
  readonly simulatedMs: number;
  /** Everything up to the hold is answered, and the clock stands still. */
  readonly held: boolean;
}

export interface FeedResult extends FeedCounts {
  readonly impossible: number;
  readonly tally: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  /** From the first event to the last answer, without the hold. */
  readonly tookMs: number;
  /** 16 bytes an accepted event. */
  readonly acceptedIds: Uint8Array;
}

export type FromFeed =
  | { readonly kind: 'planned'; readonly lines: number; readonly people: number }
  | { readonly kind: 'counts'; readonly counts: FeedCounts }
  | { readonly kind: 'done'; readonly result: FeedResult }
  | { readonly kind: 'failed'; readonly message: string };

/** The clock may go on; from now on this province's producer may be away without that being a fault. */
export interface ToFeed {
  readonly goOnWithout: string;
}
