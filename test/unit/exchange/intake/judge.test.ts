/** What a door asks of an event besides its form: who sends it, whom the door publishes for, and as whom it may tag. */

import { describe, expect, it } from 'vitest';
import { formatTime } from '#core/field/time.ts';
import { callerHolding } from '#exchange/identity/caller.ts';
import { type Judge, judgeEvent } from '#exchange/intake/judge.ts';
import { newPerson } from '#exercises/town/door-events.ts';

const NOW_MS = Date.parse('2022-08-10T12:00:00+08:00');
const ERASURE = {
  type: 'PersonErased',
  person: newPerson(),
  province: '43',
  erasureId: 'R1',
  authority: 'State Council',
  legalBasis: 'Personal Information Protection Law, article 47',
  decidedAt: formatTime(NOW_MS),
};
const NATIONAL = callerHolding('national', { provinces: 'all' });
const judge = (given: Partial<Judge> = {}): Judge => ({
  caller: NATIONAL,
  served: ['43'],
  deliveryFor: (province) =>
    province === '43' ? { eventId: 'e', acceptedAtMs: NOW_MS, producerInstance: '43-a' } : null,
  speaksForNation: true,
  options: { secrets: [Buffer.alloc(32, 1)], clockSkewMs: 0 },
  ...given,
});

describe('an erasure of what all published', () => {
  const value = { ...ERASURE, takes: 'all' };
  it('is taken from the national role, by a door that has its key', () => {
    expect(judgeEvent({ value }, judge())).toMatchObject({ ok: true, event: { takes: 'all' } });
  });
  it('was called accepted by a door without that key, though no reader would take it', () => {
    const without = judge({ speaksForNation: false });
    expect(judgeEvent({ value }, without)).toMatchObject({
      refusal: {
        pointer: '/takes',
        code: 'province-not-served',
        hint: expect.stringContaining('national role') as string,
      },
    });
    expect(judgeEvent({ value: ERASURE }, without)).toMatchObject({ ok: true, event: { takes: 'own' } });
  });
  it('tells whoever may not send it nothing of the door', () => {
    const caller = callerHolding('province-43', { provinces: ['43'] });
    for (const speaksForNation of [true, false])
      expect(judgeEvent({ value }, judge({ caller, speaksForNation }))).toMatchObject({
        refusal: { pointer: '/takes', code: 'not-the-national-role' },
      });
  });
});
