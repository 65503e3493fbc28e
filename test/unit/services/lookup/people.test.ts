/** What the look-up shows of a person's codes and exposures: all that was stated, judged by nobody. */

import { expect, it } from 'vitest';
import type { PersonEvent } from '#core/events/events.ts';
import { DAY_MS } from '#core/field/time.ts';
import { VIEW_LIMITS } from '#core/view/view.ts';
import { at, codeAssigned, exposureRecorded } from '#exercises/town/events.ts';
import { lookupApp } from '#test/support/lookup-app.ts';
import { snapshot, viewOf } from '#test/support/lookup.ts';

async function viewShown(...events: readonly PersonEvent[]): Promise<Record<string, unknown>> {
  const started = await lookupApp();
  started.read = async () => snapshot(viewOf(...events));
  const response = await started.app.inject({ url: `/v1/people/${'a1'.repeat(16)}` });
  await started.app.close();
  expect(response.statusCode).toBe(200);
  return (response.json() as { view: Record<string, unknown> }).view;
}

it('shows codes with who decided what, why, by which rule, until when and where to appeal, and exposures', async () => {
  const green = codeAssigned({
    decisionId: 'K0',
    state: 'green',
    reason: null,
    authority: null,
    legalBasis: null,
    expiresAtMs: null,
    appealContact: null,
    assignedAtMs: at('2022-08-08T00:00+08:00'),
  });
  const view = await viewShown(
    codeAssigned(),
    green,
    exposureRecorded(),
    exposureRecorded({ province: '33', toMs: null }),
  );
  expect(view).toMatchObject({ codesCut: [], exposuresCut: [] });
  expect(view['codes']).toEqual([
    {
      province: '43',
      status: 'final',
      issuedAt: '2022-08-09T18:00:00+08:00',
      decisionId: 'K1',
      state: 'yellow',
      reason: 'exposure',
      authority: 'Changsha CDC',
      legalBasis: 'Hunan 2022-31, article 4',
      assignedAt: '2022-08-09T18:00:00+08:00',
      expiresAt: '2022-08-16T18:00:00+08:00',
      appealContact: '0731-12345',
    },
    expect.objectContaining({
      state: 'green',
      reason: null,
      authority: null,
      legalBasis: null,
      expiresAt: null,
      appealContact: null,
    }),
  ]);
  expect(view['exposures']).toEqual([
    {
      province: '43',
      status: 'final',
      issuedAt: '2022-08-09T12:00:00+08:00',
      exposureId: 'E1',
      riskArea: '430105',
      level: 'high',
      from: '2022-08-07T09:00:00+08:00',
      to: '2022-08-08T12:00:00+08:00',
    },
    expect.objectContaining({ province: '33', to: null }),
  ]);
});

it('says where they were cut', async () => {
  const days = (max: number): number[] =>
    Array.from({ length: max + 1 }, (_, index) => at('2022-08-01T12:00+08:00') + index * DAY_MS);
  const view = await viewShown(
    ...days(VIEW_LIMITS.codesMax).map((assignedAtMs) => codeAssigned({ assignedAtMs })),
    ...days(VIEW_LIMITS.exposuresMax).map((fromMs) => exposureRecorded({ fromMs })),
  );
  expect(view).toMatchObject({
    codesCut: [{ province: '43', newestDay: '2022-08-01', issuedAtMax: null, lastEnd: '2022-08-16T18:00:00+08:00' }],
    exposuresCut: [{ province: '43', newestDay: '2022-08-01', issuedAtMax: null, lastEnd: null }],
  });
  expect(view['codes']).toHaveLength(VIEW_LIMITS.codesMax);
});
