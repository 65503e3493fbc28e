/** The clause `sampling`: a sample by itself, and one that carries over a negative on whose last day it was taken. */

import { describe, expect, it } from 'vitest';
import type { Answer } from '#core/answer/recognise.ts';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { formatTime, HOUR_MS } from '#core/field/time.ts';
import type { WindowText } from '#core/terms/window-text.ts';
import type { PersonView } from '#core/view/view.ts';
import { samplingRecorded } from '#exercises/town/events.ts';
import { NOW_MS, viewOf } from '#test/support/lookup.ts';
import { answer, issued, result } from '../../answer/occasion-answer.ts';

const day: WindowText = { length: 24, unit: 'hours', end: 'inclusive' };
const sampling: Extract<ClauseText, { kind: 'sampling' }> = { id: 's', kind: 'sampling', from: 'all', window: day };
const carrying = (window: WindowText): ClauseText[] => [
  { ...result, window },
  { ...sampling, carriesOver: true },
];
const hoursAgo = (hours: number): number => NOW_MS - hours * HOUR_MS;
const sampled = (hours: number) => samplingRecorded({ sampledAtMs: hoursAgo(hours) });
const asked = (view: PersonView, clauses: readonly ClauseText[]): Answer =>
  answer(view, { clauses, freshnessBoundSeconds: 3_600_000 });

/** The clock of these tests is noon: a negative issued 49 hours ago counted until 11:00 today. */
const hours48: WindowText = { length: 48, unit: 'hours', end: 'inclusive' };

describe('a sample that carries a negative over', () => {
  it('was taken on the last day on which that counted, and lasts as long as its own window', () => {
    expect(asked(viewOf(issued(49), sampled(3)), carrying(hours48))).toMatchObject({
      outcome: 'recognised',
      reason: 'carried_over',
      validUntil: formatTime(hoursAgo(3) + 24 * HOUR_MS),
      validUntilInclusive: true,
      evidence: [{ kind: 'sampling' }, { kind: 'result' }],
    });
  });
  it.each([
    ['the day before the last', 49, 13],
    ['on the last day, after the end', 49, 0.5],
    ['before the negative was issued', 2, 3],
  ] as const)('not one that was taken %s', (_name, negative, sample) => {
    const view = viewOf(issued(negative), sampled(sample));
    expect(asked(view, carrying(hours48)).reason).not.toBe('carried_over');
  });
  it('also one that was taken at the very end, and at the very instant of the report', () => {
    expect(asked(viewOf(issued(49), sampled(1)), carrying(hours48)).reason).toBe('carried_over');
    const short: WindowText = { length: 1, unit: 'hours', end: 'inclusive' };
    expect(asked(viewOf(issued(3), sampled(3)), carrying(short)).reason).toBe('carried_over');
  });
  it('the last day of a window that ends at midnight is the day before', () => {
    const days: WindowText = { length: 1, unit: 'calendar_days', end: 'inclusive' };
    // Issued two days ago, counted until the midnight that began today.
    expect(asked(viewOf(issued(40), sampled(14)), carrying(days)).reason).toBe('carried_over');
    expect(asked(viewOf(issued(40), sampled(11)), carrying(days)).outcome).toBe('not_recognised');
  });
  it('not once its own window is over, though the negative would still have carried', () => {
    const long: WindowText = { length: 2, unit: 'hours', end: 'inclusive' };
    const clauses: ClauseText[] = [
      { ...result, window: hours48 },
      { ...sampling, window: long, carriesOver: true },
    ];
    expect(asked(viewOf(issued(49), sampled(2)), clauses).reason).toBe('carried_over');
    expect(asked(viewOf(issued(49), sampled(2.1)), clauses).outcome).toBe('not_recognised');
  });
  it('not a negative that a later positive has outweighed, though another lifted that', () => {
    const clauses = carrying(hours48);
    const antigen: ClauseText = { ...result, id: 'a', methods: ['antigen'], window: { ...day, length: 1 } };
    const view = viewOf(
      issued(49),
      issued(48.5, { result: 'positive', sampleId: 'P' }),
      issued(20, { method: 'antigen', sampleId: 'N' }),
      sampled(3),
    );
    expect(asked(view, [...clauses, antigen]).outcome).toBe('not_recognised');
    const without = viewOf(issued(49), issued(20, { method: 'antigen', sampleId: 'N' }), sampled(3));
    expect(asked(without, [...clauses, antigen]).reason).toBe('carried_over');
  });
  it('isn’t sure where a positive may have been cut after the negative', () => {
    const view = viewOf(issued(49), sampled(3));
    const cutAt = (hours: number): PersonView => ({
      ...view,
      datedTestsCuts: [{ province: null, newestDay: 0, issuedAtMaxMs: hoursAgo(hours) }],
    });
    expect(asked(cutAt(50), carrying(hours48)).outcome).toBe('recognised');
    expect(asked(cutAt(49), carrying(hours48))).toMatchObject({ outcome: 'undetermined', reason: 'history_cut' });
  });
});

describe('a sample by itself', () => {
  it('the newest counts, in whatever order they are on record', () => {
    expect(asked(viewOf(sampled(20), sampled(3)), [sampling])).toMatchObject({
      outcome: 'recognised',
      validUntil: formatTime(hoursAgo(3) + 24 * HOUR_MS),
    });
  });
  it('isn’t sure where a positive may have been cut, unless a later negative lifts it', () => {
    const cutAt = (view: PersonView, hours: number): PersonView => ({
      ...view,
      datedTestsCuts: [{ province: null, newestDay: 0, issuedAtMaxMs: hoursAgo(hours) }],
    });
    expect(asked(cutAt(viewOf(sampled(3)), 60), [sampling])).toMatchObject({
      outcome: 'undetermined',
      reason: 'history_cut',
    });
    const negative: ClauseText = { ...result, window: { ...day, length: 1 } };
    expect(asked(cutAt(viewOf(sampled(3), issued(60)), 61), [sampling, negative]).outcome).toBe('recognised');
    expect(asked(cutAt(viewOf(sampled(3), issued(60)), 60), [sampling, negative]).outcome).toBe('undetermined');
  });
});

describe('a sample since the arrival', () => {
  const arrivedAtMs = hoursAgo(4);
  const shown = (takenMs: number, clause: Partial<typeof sampling>) => {
    const view = viewOf(issued(49), samplingRecorded({ sampledAtMs: takenMs }));
    const states = [
      { state: 'label', title: { zh: '已采样', en: 'sampled' }, when: { ...sampling, ...clause, sinceDayOfStay: 1 } },
    ];
    return answer(view, { clauses: [result], states }, { arrivedAtMs }).states.map(({ state }) => state);
  };
  it.each([
    ['by itself', {}],
    ['that carries a negative over', { carriesOver: true }],
  ] as const)('%s counts from the very instant of the arrival', (_name, clause) => {
    expect(shown(arrivedAtMs - 1, clause)).toEqual([]);
    expect(shown(arrivedAtMs, clause)).toEqual(['label']);
  });
});
