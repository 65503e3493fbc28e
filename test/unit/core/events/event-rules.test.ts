/** Which field the rules of events blame: the one that is wrong, by the name that the event has for it. */

import { describe, expect, it } from 'vitest';
import { eventFaultOf } from '#core/events/event-rules.ts';
import type { PersonEvent } from '#core/events/events.ts';
import type { TimePrecision } from '#core/field/time.ts';
import { at, samplingRecorded, testReported, vaccinationAdministered } from '#exercises/town/events.ts';

const NOW_MS = at('2026-03-01T12:00:00+08:00');
/** What a newer producer may write, and this exchange doesn't know. */
const UNKNOWN = 'fortnight' as TimePrecision;

describe('a precision that isn’t known', () => {
  it.each<[string, PersonEvent, string]>([
    ['a dose', vaccinationAdministered({ givenAtPrecision: UNKNOWN }), 'givenAtPrecision'],
    ['a test', testReported({ sampledAtPrecision: UNKNOWN }), 'sampledAtPrecision'],
    ['a sampling', samplingRecorded({ sampledAtPrecision: UNKNOWN }), 'sampledAtPrecision'],
  ])('of %s is blamed on the event’s own field', (_what, event, field) => {
    expect(eventFaultOf(event, NOW_MS, 0)).toMatchObject({ field, code: 'unknown-precision' });
  });
});
