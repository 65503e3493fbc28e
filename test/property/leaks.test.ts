/**
 * A key that had leaked: whoever holds it may have written anything in its holder's name. A view without a trace of the
 * holder is what it is without all of their records; and an answer to a view with one says nothing plainly that it
 * would not say whatever the holder's true records were.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recognise, type RecognitionInput } from '#core/answer/recognise.ts';
import type { PersonErased, PersonEvent } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { leakedIn } from '#core/view/leaks.ts';
import { type Cut, type PersonView, PUBLISHED } from '#core/view/view.ts';
import { oracleView, storedBytes } from '#exercises/oracle/oracle.ts';
import { personErased } from '#exercises/town/events.ts';
import { anyInput } from '#test/support/any-input.ts';
import { anyView } from '#test/support/any-view.ts';
import { anyHistory } from '#test/support/histories.ts';
import { ARE_ALL_RUNS, runs } from '#test/support/runs.ts';

const HOLDERS = ['43', '44', '65'] as const;
const leakOf = (of: ProvinceCode) => ({ key: `province-${of}-1`, of, sinceMs: 0, isOut: false });

const erasuresAmong = (events: readonly PersonEvent[]): fc.Arbitrary<readonly PersonErased[]> => {
  const times = events.map(({ acceptedAtMs }) => acceptedAtMs);
  if (times.length === 0) return fc.constant([]);
  const erasure = fc
    .record({
      province: fc.constantFrom(...HOLDERS),
      takes: fc.constantFrom('own' as const, 'all' as const),
      acceptedAtMs: fc.constantFrom(...times, Math.max(...times) + 1),
    })
    .map((given) => personErased({ ...given, erasesThroughMs: given.acceptedAtMs }));
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(erasure, { maxLength: 3 }) },
  );
};

describe('a view without a trace of whoever holds a key', () => {
  it('is, byte for byte, what it is without any of the records that they wrote', () => {
    const seen = { touched: 0, untouched: 0, gone: 0 };
    const leaked = anyHistory.chain(({ events }) =>
      fc.record({
        events: fc.constant(events),
        erasures: erasuresAmong(events),
        holder: fc.constantFrom(...HOLDERS),
        draws: fc.infiniteStream(fc.boolean()),
        isAged: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(leaked, ({ events, erasures, holder, draws, isAged }) => {
        const all: readonly PersonEvent[] = [...events, ...erasures];
        const isForged = (event: PersonEvent): boolean =>
          event.province === holder && !(event.type === 'PersonErased' && event.takes === 'all');
        const forged = new Set(all.filter((event) => isForged(event) && draws.next().value === true));
        const acceptedUpToMs = isAged ? Math.max(0, ...all.map((event) => event.acceptedAtMs)) : 0;
        const view = oracleView(all, [], [], acceptedUpToMs);
        if (leakedIn(view, [leakOf(holder)]).length > 0) return void (seen.touched += 1);
        const clean = oracleView(
          all.filter((event) => !forged.has(event)),
          [],
          [],
          acceptedUpToMs,
        );
        expect(storedBytes(view).equals(storedBytes(clean))).toBe(true);
        seen.untouched += 1;
        if (forged.size > 0) seen.gone += 1;
      }),
      { numRuns: runs(1_000) },
    );
    if (ARE_ALL_RUNS) for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  });
});

/** With this holder's words as another view has them. */
function withWordsOf(view: PersonView, other: PersonView, holder: ProvinceCode): PersonView {
  const lists = PUBLISHED.map((list) => {
    const ofOthers = (view[list] as readonly Cut[]).filter(({ province }) => province !== holder);
    const own = (other[list] as readonly Cut[]).map((one) => ({ ...one, province: holder }));
    return [list, [...ofOthers, ...own].toSorted((a, b) => dayOf(b) - dayOf(a))];
  });
  return { ...view, ...(Object.fromEntries(lists) as Partial<PersonView>) };
}

const dayOf = (one: object): number =>
  ('day' in one ? (one.day as number | null) : 'newestDay' in one ? (one.newestDay as number | null) : null) ?? 0;

const asked = anyInput.chain((input) =>
  fc.record({
    input: fc.constant(input),
    true: fc.option(anyView, { freq: 4 }),
    holder: fc.constantFrom(...HOLDERS),
  }),
);

describe('an answer to a view with words of whoever holds a key', () => {
  it('says plainly only what it says whatever their true records were', () => {
    const seen = { turned: 0, plain: 0 };
    fc.assert(
      fc.property(asked, ({ input, true: other, holder }) => {
        const { view } = input.snapshot;
        if (view === null) return;
        const touched = withWordsOf(view, view, holder);
        const said = askedOf(input, touched, [leakOf(holder)]);
        if (leakedIn(touched, [leakOf(holder)]).length === 0) return;
        const truly = askedOf(input, other === null ? view : withWordsOf(view, other, holder), []);
        if (said.outcome === 'undetermined') {
          expect([said.mayGoIn, said.validUntil, said.standing?.code.passes]).toEqual([null, null, null]);
          if (truly.outcome !== 'undetermined') seen.turned += 1;
          return;
        }
        seen.plain += 1;
        expect([said.outcome, said.mayGoIn]).toEqual([truly.outcome, truly.mayGoIn]);
        expect(said.standing?.code.passes).toBeNull();
      }),
      { numRuns: runs(1_200) },
    );
    if (ARE_ALL_RUNS) expect(seen.turned).toBeGreaterThan(10);
  });
  it('is as it would be without a leak where they hold no word of the person’s', () => {
    fc.assert(
      fc.property(anyInput, fc.constantFrom(...HOLDERS), (input, holder) => {
        const { view } = input.snapshot;
        if (leakedIn(view, [leakOf(holder)]).length > 0) return;
        expect(JSON.stringify(askedOf(input, view, [leakOf(holder)]))).toBe(JSON.stringify(askedOf(input, view, [])));
      }),
      { numRuns: runs(300) },
    );
  });
});

function askedOf(input: RecognitionInput, view: PersonView | null, leaks: readonly ReturnType<typeof leakOf>[]) {
  const { snapshot } = input;
  return recognise({ ...input, snapshot: { ...snapshot, view, freshness: { ...snapshot.freshness, leaks } } });
}
