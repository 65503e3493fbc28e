/** Ids of events are UUIDs of version 7, and no two are the same. */

import { expect, it } from 'vitest';
import { newEventId } from '#services/producer/event-id.ts';

it('is a UUID of version 7, another each time, also once the randomness is drawn anew', () => {
  const ids = Array.from({ length: 1_000 }, newEventId);
  expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});
