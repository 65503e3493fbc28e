/**
 * Whether a result of a kind is of any use: whether some rule of some destination recognises somebody by it at the
 * instant of its report, all else being as good as it can be. Asked of the rules themselves; it knows none of them.
 */

import type { PolicyBook } from '#core/book/policy-book.ts';
import type { TestReported } from '#core/events/events.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { HOUR_MS, shanghaiDayOf } from '#core/field/time.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import { PURPOSES } from '#core/rules/purpose.ts';
import { merge } from '#core/view/merge.ts';
import { agedAt } from '#core/view/retention.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { freshSnapshot } from '#exchange/policy/cases.ts';
import { decideStatingNothing } from '#exchange/policy/stating-nothing.ts';

/** What would make it count, if it were otherwise; '': no single field would. */
export type Lacking = 'method' | 'sampledAt' | 'poolSize' | '';

/** Kinds of results that are asked about: each that counts nowhere costs thousands of decisions. */
const KINDS_MAX = 50;

const MENDS: Readonly<Record<Exclude<Lacking, ''>, (event: TestReported) => Partial<TestReported>>> = {
  method: () => ({ method: 'nucleic_acid' }),
  sampledAt: ({ reportIssuedAtMs }) => ({
    sampledAtMs: reportIssuedAtMs,
    sampledAtPrecision: 'minute',
    testedAtMs: null,
    accessionedOnDay: null,
  }),
  poolSize: () => ({ poolSize: null }),
};

export class CountsSomewhere {
  readonly #book: PolicyBook;
  readonly #known = new Map<string, Lacking | null>();
  readonly #ofDay = new Map<string, boolean>();
  /** Results of further kinds, which nobody was asked about. */
  unasked = 0;

  constructor(book: PolicyBook) {
    this.#book = book;
  }

  /** @returns null: it counts somewhere, or nothing would, since nothing is asked then */
  lackOf(event: TestReported): Lacking | null {
    const kind = kindOf(event);
    const known = this.#known.get(kind);
    if (known !== undefined) return known;
    if (this.#known.size >= KINDS_MAX) {
      this.unasked += 1;
      return null;
    }
    const lack = this.#lackOf({ ...event, result: 'negative', status: 'final' });
    this.#known.set(kind, lack);
    return lack;
  }

  #lackOf(negative: TestReported): Lacking | null {
    if (this.#counts(negative)) return null;
    if (!this.#wouldAny(negative)) return null;
    for (const [field, mend] of Object.entries(MENDS) as [Exclude<Lacking, ''>, (typeof MENDS)['method']][])
      if (this.#counts({ ...negative, ...mend(negative) })) return field;
    return '';
  }

  /** Whether the best result of its day counts: where nothing is asked, none does. */
  #wouldAny(negative: TestReported): boolean {
    const day = `${negative.province} ${shanghaiDayOf(negative.reportIssuedAtMs)}`;
    const known = this.#ofDay.get(day);
    if (known !== undefined) return known;
    const best = Object.values(MENDS).reduce<TestReported>((event, mend) => ({ ...event, ...mend(event) }), negative);
    const counts = this.#counts(best);
    this.#ofDay.set(day, counts);
    return counts;
  }

  #counts(event: TestReported): boolean {
    const atMs = event.reportIssuedAtMs;
    // As a look-up would see it: what is too old by then is cut from the view, unseen.
    const seen = freshSnapshot(agedAt(merge(EMPTY_VIEW, event), atMs), atMs);
    const unseen = freshSnapshot(EMPTY_VIEW, atMs);
    return PROVINCE_CODES.some((destination) =>
      PURPOSES.some((purpose) => {
        const { kind, place, classes } = NOTHING_STATED;
        const policy = this.#book.select({ destination, purpose, kind, place, classes }, atMs);
        const recognises = (snapshot: Snapshot): boolean =>
          decideStatingNothing({ policy, purpose, snapshot, atMs }).outcome === 'recognised';
        return recognises(seen) && !recognises(unseen);
      }),
    );
  }
}

/** Those of a kind differ in nothing that a rule could look at, but for the hour of the day. */
function kindOf({ province, method, poolSize, reportIssuedAtMs, ...times }: TestReported): string {
  const { sampledAtMs, sampledAtPrecision, accessionedOnDay } = times;
  const hoursBefore = (ms: number | null): number | null =>
    ms === null ? null : Math.floor((reportIssuedAtMs - ms) / HOUR_MS);
  const day = shanghaiDayOf(reportIssuedAtMs);
  return JSON.stringify([
    province,
    method,
    (poolSize ?? 1) > 1,
    day,
    hoursBefore(sampledAtMs),
    sampledAtPrecision,
    accessionedOnDay === null ? null : day - accessionedOnDay,
  ]);
}
