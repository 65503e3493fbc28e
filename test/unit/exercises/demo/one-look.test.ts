/** What the demo makes of one answer's evidence and of what else stands on record. */

import { expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '#core/field/time.ts';
import { recordOf } from '#exercises/demo/one-look.ts';
import { codeAssigned, exposureRecorded, testReported, vaccinationAdministered } from '#exercises/town/events.ts';
import { ask, NOW_MS, viewOf } from '#test/support/lookup.ts';
import { shippedBook } from '#test/support/policies.ts';

const ago = (hours: number): number => NOW_MS - hours * HOUR_MS;

it('shows a test, doses, an exposure and codes with who alone clears them', async () => {
  const { codeBook } = await shippedBook();
  const yellow = codeAssigned({
    province: '45',
    decisionId: 'K2',
    reason: 'test_due',
    assignedAtMs: ago(5),
    expiresAtMs: NOW_MS + DAY_MS,
    appealContact: null,
  });
  const green = codeAssigned({
    province: '46',
    state: 'green',
    reason: null,
    authority: null,
    legalBasis: null,
    assignedAtMs: ago(4),
    expiresAtMs: null,
    appealContact: null,
  });
  const view = viewOf(
    testReported({ sampledAtMs: ago(9), reportIssuedAtMs: ago(3) }),
    vaccinationAdministered(),
    exposureRecorded({ fromMs: ago(60), toMs: null }),
    yellow,
    green,
  );
  expect(recordOf(ask(view, { codeBook })).map(({ label, text }) => `${label}: ${text}`)).toEqual([
    'Test: negative, Hunan, reported 2026-03-02 09:00; counts until 2026-03-04 09:00',
    expect.stringMatching(/^Vaccination: CoronaVac, dose 1, 2021-06-06, \w+$/),
    'Exposure: area 430105, high risk, 2026-02-28 to now; recorded by Hunan',
    'Code: yellow by Guangxi (test due): Changsha CDC, by Hunan 2022-31, article 4, until 2026-03-03 ' +
      '12:00; appeals nowhere stated; Guangxi alone clears it',
    'Code: green by Hainan',
    'Code here: Yellow: assigned by Guangxi, which alone can clear it.',
  ]);
});

it('shows nothing where nothing is on record', () => {
  expect(recordOf(ask(null))).toEqual([]);
});
