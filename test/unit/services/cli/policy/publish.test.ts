/** What `hutong policy publish --as-of` refuses before anything is sent. */

import { expect, it } from 'vitest';
import { instantMs } from '#core/field/time.ts';
import { refuseEmpty } from '#services/cli/policy/publish.ts';
import { shippedBook } from '#test/support/policies.ts';

const NOW_MS = instantMs('2026-11-30T12:00+08:00');
const asOf = (day: string) => ({
  asOf: day,
  shiftedByDays: Math.round((NOW_MS - instantMs(`${day}T12:00+08:00`)) / 86_400_000),
});

it('a day before any rule was published, and from then on no rule was known anywhere', async () => {
  const book = await shippedBook();
  expect(() => refuseEmpty(book, asOf('2020-01-01'), NOW_MS)).toThrow(
    /no rule of this folder was in force on 2020-01-01/,
  );
});
it('a day on which some were in force, or all of whose rules ask nothing, is published', async () => {
  const book = await shippedBook();
  for (const day of ['2022-09-15', '2021-12-20', '2023-03-01'])
    expect(() => refuseEmpty(book, asOf(day), NOW_MS)).not.toThrow();
});
