/** Each status of an observation and of its report has one meaning, also after an earlier result. */

import { describe, expect, it } from 'vitest';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { takeEvent } from '#exchange/intake/intake.ts';
import { bundle, type Json, POSITIVE, said } from './support.ts';

const withStatus = (observation: string, report = 'final', more: Json = {}) =>
  bundle((changed) => {
    Object.assign(changed.observation, { status: observation }, more);
    changed.report['status'] = report;
  });
const statusOf = async (observation: string, report?: string) => {
  const { sent, refused } = await said(withStatus(observation, report));
  return sent[0]?.status ?? refused.join();
};

describe('a status', () => {
  it.each([
    ['preliminary', 'preliminary'],
    ['final', 'final'],
    ['amended', 'corrected'],
    ['corrected', 'corrected'],
    ['entered-in-error', 'retracted'],
    ['cancelled', 'retracted'],
  ])('of an observation: %s is %s', async (status, meaning) => {
    expect(await statusOf(status)).toBe(meaning);
  });
  it.each([
    ['registered', 'says that no result is there yet'],
    ['unknown', 'says that its status isn’t known'],
    ['Final', 'is no status that FHIR R4 has'],
    ['constructor', 'is no status that FHIR R4 has'],
  ])('of an observation: %s is refused', async (status, reason) => {
    expect(await statusOf(status)).toContain(`Bundle.entry[4].resource.status ${reason}`);
  });
  it.each(['partial', 'preliminary', 'final', 'amended', 'corrected', 'appended'])(
    'of a report: %s leaves it to the observation',
    async (status) => {
      expect(await statusOf('final', status)).toBe('final');
      expect(await statusOf('preliminary', status)).toBe('preliminary');
    },
  );
  it.each(['entered-in-error', 'cancelled'])('of a report: %s takes its results back', async (status) => {
    expect(await statusOf('final', status)).toBe('retracted');
  });
  it.each(['registered', 'unknown'])('of a report: %s releases no result, but takes back', async (status) => {
    expect(await statusOf('final', status)).toContain('Bundle.entry[0].resource.status says');
    expect(await statusOf('entered-in-error', status)).toBe('retracted');
  });
});

describe('after an earlier result', () => {
  /** What is in force of the sample, once each version came, an hour after the other. */
  async function inForce(...versions: readonly (readonly [status: string, more?: Json])[]) {
    let view = EMPTY_VIEW;
    for (const [hour, [status, more]] of versions.entries()) {
      const document = bundle(({ report, observation }) => {
        report['issued'] = `2022-08-01T${12 + hour}:00:00+08:00`;
        Object.assign(observation, { status }, more);
      });
      for (const event of (await said(document)).sent) {
        const delivery = { eventId: 'e', acceptedAtMs: Date.parse('2022-08-02T00:00Z'), producerInstance: '43-a' };
        const taken = takeEvent(event, delivery, { secrets: [Buffer.alloc(32, 1)], clockSkewMs: 0 });
        if (taken.ok) view = merge(view, taken.event);
      }
    }
    const [register] = view.datedTests;
    return register === undefined ? null : `${register.status} ${register.result}`;
  }
  it.each([
    [['preliminary', 'final'], 'final negative'],
    [['final', 'preliminary'], 'final negative'],
    [['final', 'registered'], 'final negative'],
    [['final', 'unknown'], 'final negative'],
    [['final', 'cancelled'], 'retracted negative'],
    [['final', 'entered-in-error'], 'retracted negative'],
    [['entered-in-error', 'final'], 'final negative'],
  ] as const)('%j comes to %s', async (statuses, expected) => {
    expect(await inForce(...statuses.map((status) => [status] as const))).toBe(expected);
  });
  it('a corrected one takes its place', async () => {
    const corrected = ['corrected', { valueCodeableConcept: POSITIVE }] as const;
    expect(await inForce(['final'], corrected)).toBe('corrected positive');
    expect(await inForce(['final'], corrected, ['final'])).toBe('corrected positive');
  });
});
