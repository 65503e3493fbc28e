/**
 * What another set of withdrawals would change: whose results, and which outcomes at this instant. Pure; it names
 * nobody.
 */

import type { PolicyBook } from '#core/book/policy-book.ts';
import type { Selected } from '#core/book/selected.ts';
import type { Outcome } from '#core/decision/outcome.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { PURPOSES, type Purpose } from '#core/rules/purpose.ts';
import { agedAt } from '#core/view/retention.ts';
import type { PersonView } from '#core/view/view.ts';
import { withoutWithdrawn } from '#core/view/withdrawn.ts';
import type { InForce } from '#core/withdrawals/in-force.ts';
import { freshSnapshot } from '#exchange/policy/cases.ts';
import { decideStatingNothing } from '#exchange/policy/stating-nothing.ts';

export interface ChangedOutcome {
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  readonly before: Outcome;
  readonly after: Outcome;
  readonly people: number;
}

interface Asked {
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  readonly policy: Selected;
}

export class Preview {
  readonly #before: InForce;
  readonly #after: InForce;
  readonly #atMs: number;
  readonly #asked: readonly Asked[];
  readonly #changed = new Map<string, ChangedOutcome>();
  #people = 0;
  #peopleWithOther = 0;

  constructor(book: PolicyBook, before: InForce, after: InForce, atMs: number) {
    this.#before = before;
    this.#after = after;
    this.#atMs = atMs;
    this.#asked = PROVINCE_CODES.flatMap((destination) =>
      PURPOSES.map((purpose) => ({
        destination,
        purpose,
        policy: book.select({ destination, purpose, kind: null, place: null }, atMs),
      })),
    );
  }

  /** Who hold a result that would count otherwise. */
  get people(): number {
    return this.#people;
  }

  /** Of them, those for whom some outcome would be another. */
  get peopleWithOther(): number {
    return this.#peopleWithOther;
  }

  /** Those of most people first. */
  get changed(): readonly ChangedOutcome[] {
    return [...this.#changed.values()].sort((a, b) => b.people - a.people);
  }

  /** @param view as it is stored */
  take(view: PersonView): void {
    const aged = agedAt(view, this.#atMs);
    const [was, is] = [withoutWithdrawn(aged, this.#before), withoutWithdrawn(aged, this.#after)];
    if (!countsOtherwise(was, is)) return;
    this.#people += 1;
    const snapshots = [was, is].map((one) => freshSnapshot(one, this.#atMs));
    let isOther = false;
    for (const { destination, purpose, policy } of this.#asked) {
      const [before, after] = snapshots.map(
        (snapshot) => decideStatingNothing({ policy, purpose, snapshot, atMs: this.#atMs }).outcome,
      ) as [Outcome, Outcome];
      if (before === after) continue;
      isOther = true;
      const row = [destination, purpose, before, after].join(' ');
      const people = (this.#changed.get(row)?.people ?? 0) + 1;
      this.#changed.set(row, { destination, purpose, before, after, people });
    }
    if (isOther) this.#peopleWithOther += 1;
  }
}

/** Two withdrawals may take the same result: then one of them changes nothing. */
function countsOtherwise(was: PersonView, is: PersonView): boolean {
  const counts = ({ datedTests, undatedTests }: PersonView): string =>
    JSON.stringify(
      [...datedTests, ...undatedTests].map(({ status, contentHash }) => [status, contentHash.toString('hex')]),
    );
  return was !== is && counts(was) !== counts(is);
}
