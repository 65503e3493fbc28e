/**
 * What a judge is given, and what it returns. `Known` is what is known of the person at the instant: no judge can
 * change it. `Notes` is what a judge finds on the way to its verdict: no judge reads them, so none can speak to
 * another.
 */

import type { Evidence } from '#core/question/evidence.ts';
import type { Occasion, Statement } from '#core/question/occasion.ts';
import type { PersonView } from '#core/view/view.ts';
import type { Sifted } from './sift.ts';

/**
 * In their order: `any_of` takes the highest of its parts, `all_of` the lowest. Claimable: it would hold for somebody
 * of whom the caller stated more; unknown: it can't be judged without a statement that concerns everybody.
 */
export const TRUTH = { no: 0, claimable: 1, unknown: 2, yes: 3 } as const;

export interface NotHeld {
  readonly truth: 0 | 1 | 2;
}

export interface Held {
  readonly truth: 3;
  /** The clause that holds: the outermost `all_of`, or the part itself. */
  readonly clauseId: string;
  readonly by: 'result' | 'sampling' | 'carried_over' | 'tests' | 'exempt' | 'condition';
  /** What it rests on; of an `all_of`, of all its parts. */
  readonly evidence: readonly Evidence[];
  readonly endMs: number;
  readonly endInclusive: boolean;
  /** False when what was cut from the view, or a stay that can't be placed, may stand against it. */
  readonly sure: boolean;
  readonly presented: boolean;
}

export type Verdict = NotHeld | Held;

export const NO: NotHeld = { truth: TRUTH.no };
export const CLAIMABLE: NotHeld = { truth: TRUTH.claimable };
export const UNKNOWN: NotHeld = { truth: TRUTH.unknown };

/** How far the person has come with the tests of a duty. */
export interface Progress {
  /** Null without a stated arrival, and where tests since then were cut from the view. */
  readonly done: number | null;
  readonly required: number;
  readonly dueByMs: number | null;
  readonly missed: boolean;
}

/** How the person stands to a duty. */
export interface DutyStanding extends Progress {
  /** Whether it is the person's; null: it depends on what wasn't stated. */
  readonly isOwed: boolean | null;
}

export interface Known {
  readonly atMs: number;
  readonly occasion: Occasion;
  readonly view: PersonView | null;
  readonly sifted: Sifted;
  /** Results issued up to here are outweighed by a positive. */
  readonly positiveMs: number;
  /** Up to here a positive may be among what was cut from the view. */
  readonly hiddenMs: number;
  /** What held when it was first scheduled holds so much longer; 0 without a delay. */
  readonly delayMs: number;
  /** How much longer it would, were a delay stated that isn't. */
  readonly claimableDelayMs: number;
  /**
   * What was taken before this instant doesn't count. It is -Infinity for every clause but one that looks only at what
   * was taken since the arrival.
   */
  readonly sinceMs: number;
  /** How the person stands to the rule's duties, in their order. Empty for what a duty itself depends on. */
  readonly duties: readonly DutyStanding[];
}

export interface Notes {
  /** The earliest instant after the one asked about at which a part may change; Infinity while none is known. */
  nextMs: number;
  /** Statements that would have made a difference to some part, each once; null while there is none. */
  missing: readonly Statement[] | null;
}

/** What a compiled clause is. */
export type Judge = (known: Known, notes: Notes) => Verdict;

export const NO_DUTIES: readonly DutyStanding[] = [];

export const emptyNotes = (): Notes => ({ nextMs: Number.POSITIVE_INFINITY, missing: null });

/** Notes when something begins to be otherwise. */
export function changesAt({ atMs }: Pick<Known, 'atMs'>, notes: Notes, ms: number): void {
  if (ms > atMs && ms < notes.nextMs) notes.nextMs = ms;
}

/** Notes the end of something that lasts. */
export function endsAt(known: Known, notes: Notes, endMs: number, inclusive: boolean): void {
  changesAt(known, notes, inclusive ? endMs + 1 : endMs);
}

/** Notes a statement that would have made a difference. */
export function misses(notes: Notes, statement: Statement): void {
  const { missing } = notes;
  if (missing === null) notes.missing = [statement];
  else if (!missing.includes(statement)) notes.missing = [...missing, statement];
}

/** Notes statements that something else noted. */
export function missesAll(notes: Notes, statements: readonly Statement[] | null): void {
  if (notes.missing === null) notes.missing = statements;
  else for (const statement of statements ?? []) misses(notes, statement);
}

/** What tells of two verdicts that hold which is the better one. */
type Worth = Pick<Held, 'sure' | 'presented' | 'endMs' | 'endInclusive'>;

export function better(best: Verdict, other: Verdict): Verdict {
  if (other.truth !== TRUTH.yes) return other.truth > best.truth ? other : best;
  return outdoes(other, best) ? other : best;
}

/** What is sure before what isn't, what is on record before what is shown, then what lasts longest. */
export function outdoes(held: Worth, best: Verdict): boolean {
  if (best.truth !== TRUTH.yes) return true;
  const order =
    Number(held.sure) - Number(best.sure) ||
    Number(best.presented) - Number(held.presented) ||
    Math.sign(held.endMs - best.endMs || 0) ||
    Number(held.endInclusive) - Number(best.endInclusive);
  return order > 0;
}

/** Both at once: what ends first ends it. */
export function both(a: Verdict, b: Verdict): Verdict {
  if (a.truth !== TRUTH.yes || b.truth !== TRUTH.yes) return b.truth < a.truth ? b : a;
  const first = b.endMs < a.endMs || (b.endMs === a.endMs && !b.endInclusive) ? b : a;
  return {
    ...(a.evidence.length === 0 ? b : a),
    evidence: [...a.evidence, ...b.evidence],
    endMs: first.endMs,
    endInclusive: first.endInclusive,
    sure: a.sure && b.sure,
    presented: a.presented || b.presented,
  };
}
