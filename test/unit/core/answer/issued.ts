/** A result by how long ago it was issued, each of another sample. */

import type { TestReported } from '#core/events/events.ts';
import { HOUR_MS } from '#core/field/time.ts';
import { testReported } from '#exercises/town/events.ts';
import { NOW_MS } from '#test/support/lookup.ts';

let count = 0;
/** A result issued so many hours ago. */
export function issued(hoursAgo: number, given: Partial<TestReported> = {}): TestReported {
  count += 1;
  return testReported({
    sampleId: `S${count}`,
    sampledAtMs: NOW_MS - (hoursAgo + 6) * HOUR_MS,
    reportIssuedAtMs: NOW_MS - hoursAgo * HOUR_MS,
    ...given,
  });
}
