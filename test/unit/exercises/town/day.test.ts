/**
 * The simulated day: the same for the same seed, distributed as the census is, and of events that the intake takes,
 * except those that it must refuse.
 */

import { describe, expect, it } from 'vitest';
import type { PersonEvent } from '#core/events/events.ts';
import { normaliseDocument } from '#core/field/identity.ts';
import { PROVINCES } from '#core/field/regions.ts';
import { HOUR_MS } from '#core/field/time.ts';
import { takeEvent } from '#exchange/intake/intake.ts';
import { type Day, planDay, senderOf } from '#exercises/town/day.ts';
import { linesIn } from '#exercises/town/deliveries.ts';
import { linesOf } from '#exercises/town/lines.ts';
import { populate } from '#exercises/town/people.ts';
import { SILENT_PROVINCE, tellStory } from '#exercises/town/story.ts';

const NOW_MS = Date.UTC(2022, 7, 10, 1);
const SECRETS = [Buffer.alloc(32, 7)];

function dayOf(seed: number): Day {
  return planDay({
    people: 6_000,
    events: 30_000,
    seed,
    nowMs: NOW_MS,
    written: tellStory(NOW_MS).written,
    uncounted: [SILENT_PROVINCE],
  });
}

const day = dayOf(1);
const sent = day.deliveries.flatMap((delivery) =>
  linesOf(delivery, day.population).map((line) => ({ line, province: senderOf(day, delivery) })),
);
const delivery = { eventId: '01900000-0000-7000-8000-000000000001', acceptedAtMs: NOW_MS, producerInstance: '43-a' };
const taken = sent.map(({ line }) => takeEvent(JSON.parse(line), delivery, { secrets: SECRETS, clockSkewMs: 0 }));
const events: PersonEvent[] = taken.flatMap((one) => (one.ok ? [one.event] : []));
const people = Map.groupBy(
  taken.flatMap((one) => (one.ok ? [one] : [])),
  ({ key }) => key.toString('hex'),
);

describe('the population', () => {
  const population = populate(100_000);

  it('is distributed by the census, without counting the Corps twice', () => {
    const whole = PROVINCES.filter(({ code }) => code !== '66').reduce(
      (sum, { population2020 }) => sum + population2020,
      0,
    );
    const countOf = (code: string) => population.residents.find(({ province }) => province === code)?.count ?? 0;
    expect(population.residents.reduce((sum, { count }) => sum + count, 0)).toBe(100_000);
    expect(countOf('44')).toBeCloseTo((126_012_510 / whole) * 100_000, -1);
    expect(countOf('65') + countOf('66')).toBeCloseTo((25_852_345 / whole) * 100_000, -1);
    expect(countOf('66')).toBeCloseTo((3_485_100 / whole) * 100_000, -1);
  });

  it('has documents that are well formed and each its own', () => {
    const numbers = new Set<string>();
    for (let person = 0; person < population.people; person += 1) {
      const document = population.documentOf(person);
      const normalised = normaliseDocument(document);
      if (!normalised.ok) throw new Error(`${document.documentType}: ${normalised.fault.code}`);
      numbers.add(`${document.documentType} ${normalised.country} ${normalised.number}`);
    }
    expect(numbers.size).toBe(100_000);
  });

  it('has resident numbers of the province’s own districts', () => {
    for (const { province, first, count } of population.residents) {
      const own = Array.from({ length: count }, (_, index) => population.documentOf(first + index)).filter(
        ({ documentType }) => documentType === 'resident_identity_card',
      );
      expect(own.every(({ documentNumber }) => documentNumber.startsWith(province === '66' ? '6590' : province))).toBe(
        true,
      );
    }
  });
});

describe('the day', () => {
  it('is the same for the same seed, and another for another', () => {
    const text = (one: Day) => one.deliveries.flatMap((each) => linesOf(each, one.population)).join('\n');
    expect(text(dayOf(1))).toBe(text(day));
    expect(text(dayOf(2))).not.toBe(text(day));
  });

  it('has the events that were asked for, of everybody', () => {
    const countable = events.filter(({ province }) => province !== SILENT_PROVINCE).length;
    expect(countable).toBeGreaterThanOrEqual(30_000);
    expect(countable).toBeLessThan(33_000);
    expect(people.size).toBeGreaterThanOrEqual(6_000);
    expect(day.lines).toBe(sent.length);
    expect(day.deliveries.every((each) => linesIn(each) === linesOf(each, day.population).length)).toBe(true);
  });

  it('is in the order of its clock and lies in the thirty hours before now', () => {
    const times = day.deliveries.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(NOW_MS - 30 * HOUR_MS);
    expect(times.at(-1)).toBeLessThanOrEqual(NOW_MS);
  });

  it('is taken by the intake but for the impossible events', () => {
    const refused = taken.flatMap((one) => (one.ok ? [] : [one.refusal.code]));
    expect(refused).toHaveLength(day.impossible);
    expect(new Set(refused)).toEqual(
      new Set(['wrong-check-digit', 'report-before-sampling', 'time-in-future', 'wrong-form']),
    );
  });

  it('is sent by the province that each event names', () => {
    expect(sent.every(({ line, province }) => (JSON.parse(line) as { province: string }).province === province)).toBe(
      true,
    );
  });

  it('holds what goes wrong on purpose', () => {
    // What is a share of a share need not come up among so few.
    const rare = ['retraction_first', 'preliminary_last'];
    expect(Object.entries(day.tally).filter(([mishap, times]) => times === 0 && !rare.includes(mishap))).toEqual([]);
    const tests = events.filter((event) => event.type === 'TestReported');
    const share = tests.filter(({ sampledAtMs }) => sampledAtMs === null).length / tests.length;
    expect(share).toBeGreaterThan(0.02);
    expect(share).toBeLessThan(0.07);
    const sizes = new Set(tests.map(({ poolSize }) => poolSize));
    expect([1, 5, 10, 20].every((size) => sizes.has(size))).toBe(true);
  });

  it('has people with more samples than a view keeps, and people tested away from home', () => {
    const samples = [...people.values()].map(
      (own) => new Set(own.flatMap(({ event }) => (event.type === 'TestReported' ? [event.sampleId] : []))).size,
    );
    expect(Math.max(...samples)).toBeGreaterThan(8);
    const provinces = [...people.values()].map((own) => new Set(own.map(({ event }) => event.province)).size);
    expect(provinces.filter((count) => count > 1).length).toBeGreaterThan(30);
  });

  it('turns the people of a positive tube yellow, and each of them red or green again by the same province', () => {
    const codesOf = [...people.values()].map((own) =>
      own.flatMap(({ event }) =>
        event.type === 'CodeAssigned' && !event.decisionId.startsWith('K-story') ? [event] : [],
      ),
    );
    const assigned = codesOf.flat();
    expect(new Set(assigned.map(({ state }) => state))).toEqual(new Set(['yellow', 'red', 'green']));
    for (const codes of codesOf) {
      for (const yellow of codes.filter(({ state }) => state === 'yellow'))
        expect(
          codes.some(
            ({ state, province, assignedAtMs }) =>
              state !== 'yellow' && province === yellow.province && assignedAtMs > yellow.assignedAtMs,
          ),
        ).toBe(true);
    }
    expect(new Set(assigned.map(({ province, decisionId }) => `${province} ${decisionId}`)).size).toBe(assigned.length);
    expect(assigned.length).toBe(day.tally.codes);
    expect(events.filter((event) => event.type === 'ExposureRecorded')).toHaveLength(day.tally.exposures + 1);
  });

  it('samples most people in the evening', () => {
    const hourOf = (atMs: number) => new Date(atMs + 8 * HOUR_MS).getUTCHours();
    const samplings = events
      .filter((event) => event.type === 'SamplingRecorded')
      .map(({ sampledAtMs }) => hourOf(sampledAtMs));
    const perHour = (from: number, to: number) =>
      samplings.filter((hour) => hour >= from && hour < to).length / (to - from);
    expect(perHour(17, 21)).toBeGreaterThan(3 * perHour(21, 24));
  });
});
