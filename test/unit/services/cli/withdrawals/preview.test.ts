/** What a preview counts: people whose results would count otherwise, and outcomes that would be others. */

import { expect, it } from 'vitest';
import { MINUTE_MS } from '#core/field/time.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { loadPolicies } from '#exchange/policy/files.ts';
import { at, testReported } from '#exercises/town/events.ts';
import { POLICIES } from '#platform/folders.ts';
import { Preview } from '#services/cli/withdrawals/preview.ts';
import { withdrawal } from '#test/support/withdrawals.ts';

const NOW_MS = at('2022-08-10T08:00+08:00');
const book = await loadPolicies(POLICIES);
const viewOf = (...tests: Parameters<typeof testReported>[0][]): PersonView =>
  tests.map((given) => testReported(given)).reduce(merge, EMPTY_VIEW);
const OF_RUN = viewOf({ run: 'R1' });

it('counts whom it takes something of, and which of their outcomes would be others', () => {
  const preview = new Preview(book, [], [withdrawal()], NOW_MS);
  const another = { run: 'R2', sampleId: 'S2', reportIssuedAtMs: NOW_MS - MINUTE_MS };
  for (const view of [OF_RUN, OF_RUN, viewOf({ run: 'R1' }, another), viewOf({ run: 'R2' }), viewOf({}), EMPTY_VIEW])
    preview.take(view);
  expect([preview.people, preview.peopleWithOther]).toEqual([3, 2]);
  expect(preview.changed).toContainEqual({
    destination: '31',
    purpose: 'public_place',
    before: 'recognised',
    after: 'no_evidence',
    people: 2,
  });
  expect(preview.changed.every(({ before, after }) => before !== after)).toBe(true);
});

it('of an undoing tells what comes back', () => {
  const preview = new Preview(book, [withdrawal()], [], NOW_MS);
  preview.take(OF_RUN);
  expect(preview.changed).toContainEqual(
    expect.objectContaining({ destination: '31', purpose: 'public_place', before: 'no_evidence', after: 'recognised' }),
  );
});

it('counts nobody whose result is withdrawn by another too', () => {
  const other = withdrawal({ id: 'w0', run: null, method: 'nucleic_acid' });
  const preview = new Preview(book, [other], [other, withdrawal()], NOW_MS);
  preview.take(OF_RUN);
  expect([preview.people, preview.changed]).toEqual([0, []]);
});
