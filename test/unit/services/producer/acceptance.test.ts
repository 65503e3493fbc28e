/** What becomes of each event of a batch: one that is bad, late or repeated takes no other with it. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ERASURE_REACH_MS, type PersonEvent } from '#core/events/events.ts';
import { formatTime } from '#core/field/time.ts';
import { type Caller, callerHolding } from '#exchange/identity/caller.ts';
import type { RawEvent } from '#exchange/intake/judge.ts';
import { newPerson, samplingRecordedJson, testReportedJson } from '#exercises/town/door-events.ts';
import { HutongError } from '#platform/errors.ts';
import { Metrics } from '#platform/metrics.ts';
import { refusalOf } from '#platform/problems.ts';
import { Acceptance } from '#services/producer/acceptance.ts';
import type { Publisher } from '#services/producer/publisher.ts';
import { ANYBODY } from '#test/support/callers.ts';
import { turns } from '#test/unit/platform/kafka/support.ts';
import { fakeTimers, SECRETS } from './support.ts';

const TRACEPARENT = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const TIMEOUT_MS = 10_000;

/** A publisher that acknowledges at once, unless a test holds or fails it. */
class FakePublisher {
  readonly published: { event: PersonEvent; traceparent: string | undefined }[] = [];
  readonly held: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  holds = false;
  failsWith: HutongError | null = null;
  readonly instance: string;
  passedMs = 0;
  readonly clock = { nowMs: () => Date.now() + this.passedMs };

  constructor(province: string) {
    this.instance = `${province}-a`;
  }
  publish(_key: Buffer, event: PersonEvent, traceparent: string | undefined): Promise<void> {
    this.published.push({ event, traceparent });
    if (this.failsWith !== null) return Promise.reject(this.failsWith);
    return this.holds ? new Promise((resolve, reject) => this.held.push({ resolve, reject })) : Promise.resolve();
  }
}

let hunan: FakePublisher;
let zhejiang: FakePublisher;
let metrics: Metrics;
let acceptance: Acceptance;

beforeEach(() => {
  fakeTimers();
  hunan = new FakePublisher('43');
  zhejiang = new FakePublisher('33');
  metrics = new Metrics();
  acceptance = new Acceptance({
    secrets: SECRETS,
    clockSkewMs: 300_000,
    acceptTimeoutMs: TIMEOUT_MS,
    metrics,
    speaksForNation: true,
    publishers: new Map([
      ['43', hunan as unknown as Publisher],
      ['33', zhejiang as unknown as Publisher],
    ]),
  });
});
afterEach(() => void vi.useRealTimers());

const exposed = async (name: string) =>
  (await metrics.expose()).body.split('\n').filter((line) => line.startsWith(name));
const accept = (...values: unknown[]) => acceptOf(ANYBODY, ...values);
const acceptOf = (caller: Caller, ...values: unknown[]) =>
  acceptance.acceptAll(
    values.map((value): RawEvent => ({ value })),
    caller,
    TRACEPARENT,
  );
const outcomesOf = async (...values: unknown[]) => (await accept(...values)).map(({ outcome }) => outcome);
const unavailable = new HutongError('QUEUE_FULL', 'too many events wait for Kafka', { retriable: true });

describe('a batch', () => {
  it('has each event published by its own province’s instance, in order, under the trace of the request', async () => {
    const person = newPerson();
    const results = await accept(testReportedJson(person), samplingRecordedJson(person), testReportedJson(person));
    expect(results.map(({ index, outcome }) => `${index} ${outcome}`)).toEqual([
      '0 accepted',
      '1 accepted',
      '2 accepted',
    ]);
    expect(hunan.published.map(({ event }) => event.eventId)).toEqual([results[0]?.eventId, results[2]?.eventId]);
    expect(hunan.published[0]).toMatchObject({
      event: { producerInstance: '43-a', province: '43' },
      traceparent: TRACEPARENT,
    });
    expect(zhejiang.published).toMatchObject([{ event: { type: 'SamplingRecorded', producerInstance: '33-a' } }]);
  });
  it('loses nothing to one bad event, line or value', async () => {
    const person = newPerson();
    const refusal = refusalOf('not-json', '');
    const events: RawEvent[] = [
      { value: testReportedJson(person), line: 1 },
      { value: null, line: 3, refusal },
      { value: { ...testReportedJson(person), result: 'perhaps' }, line: 4 },
      { value: 'text', line: 5 },
      { value: samplingRecordedJson(person), line: 6 },
    ];
    const results = await acceptance.acceptAll(events, ANYBODY, TRACEPARENT);
    expect(results.map(({ index, line, outcome, code }) => [index, line, outcome, code])).toEqual([
      [0, 1, 'accepted', undefined],
      [1, 3, 'refused', 'not-json'],
      [2, 4, 'refused', 'wrong-form'],
      [3, 5, 'refused', 'not-an-object'],
      [4, 6, 'accepted', undefined],
    ]);
  });
  it('has the events of provinces that its caller holds taken, and no other', async () => {
    const person = newPerson();
    const events = [testReportedJson(person), samplingRecordedJson(person)];
    expect(await acceptOf(callerHolding('province-43', { provinces: ['43'] }), ...events)).toMatchObject([
      { outcome: 'accepted' },
      { outcome: 'refused', pointer: '/province', code: 'not-entitled' },
    ]);
    expect(await acceptOf(callerHolding('province-33', { provinces: ['33'] }), ...events)).toMatchObject([
      { outcome: 'refused', pointer: '/province', code: 'not-entitled' },
      { outcome: 'accepted' },
    ]);
    expect([hunan.published.length, zhejiang.published.length]).toEqual([1, 1]);
  });
  it('tells a caller nothing of an event that it may not send, nor whether the province is served', async () => {
    const caller = callerHolding('province-43', { provinces: ['43'] });
    const broken = { ...samplingRecordedJson(newPerson()), site: '' };
    const [good, bad, elsewhere] = await acceptOf(
      caller,
      samplingRecordedJson(newPerson()),
      broken,
      testReportedJson(newPerson(), { province: '11' }),
    );
    expect(bad).toEqual({ ...good, index: 1 });
    expect(elsewhere).toMatchObject({ code: 'not-entitled', detail: 'the caller does not hold the province 11' });
  });
  it('takes what all published from the national role alone, though others may report for all provinces', async () => {
    const erasure = {
      type: 'PersonErased',
      person: newPerson(),
      province: '43',
      takes: 'all',
      erasureId: 'R1',
      authority: 'State Council',
      legalBasis: 'Personal Information Protection Law, article 47',
      decidedAt: formatTime(Date.now()),
    };
    expect(await acceptOf(callerHolding('operator', { provinces: 'all' }), erasure)).toMatchObject([
      { outcome: 'refused', pointer: '/takes', code: 'not-the-national-role' },
    ]);
    const national = callerHolding('national', { provinces: 'all' });
    expect(await acceptOf(national, erasure)).toMatchObject([{ outcome: 'accepted' }]);
  });
  it('tells a province that doesn’t exist from one that is served elsewhere', async () => {
    const results = await accept(
      ...['99', '11', 'constructor'].map((province) => testReportedJson(newPerson(), { province })),
    );
    expect(results).toMatchObject([
      { outcome: 'refused', pointer: '/province', code: 'unknown-province' },
      {
        outcome: 'refused',
        pointer: '/province',
        code: 'province-not-served',
        hint: expect.stringContaining('43, 33') as string,
      },
      { outcome: 'refused', pointer: '/province', code: 'unknown-province' },
    ]);
  });
  it('with a fault of form says that first, whoever would publish it', async () => {
    const [result] = await accept({ ...testReportedJson(newPerson(), { province: '11' }), result: 'perhaps' });
    expect(result).toMatchObject({ pointer: '/result', code: 'wrong-form' });
  });
  it('is counted by province and outcome, and an unknown province makes no label of its own', async () => {
    const json = testReportedJson(newPerson());
    await accept(json, { ...json, province: '98' }, { ...json, province: '97' }, 7);
    await accept(json);
    expect((await exposed('hutong_events_total{')).sort()).toEqual([
      'hutong_events_total{province="43",outcome="accepted"} 1',
      'hutong_events_total{province="43",outcome="duplicate"} 1',
      'hutong_events_total{province="unknown",outcome="refused"} 3',
    ]);
    expect((await exposed('hutong_events_refused_total{')).sort()).toEqual([
      'hutong_events_refused_total{province="unknown",problem="not-an-object"} 1',
      'hutong_events_refused_total{province="unknown",problem="unknown-province"} 2',
    ]);
  });
});

describe('a duplicate', () => {
  it('is what was acknowledged before with the same content, and gets that event’s id', async () => {
    const json = testReportedJson(newPerson());
    const [first] = await accept(json);
    expect(await accept(json)).toEqual([{ index: 0, outcome: 'duplicate', eventId: first?.eventId }]);
    expect(hunan.published).toHaveLength(1);
  });
  it('isn’t what was only sent: that is published again', async () => {
    const json = testReportedJson(newPerson());
    hunan.holds = true;
    const first = accept(json);
    await turns();
    const second = accept(json);
    await turns();
    expect(hunan.published).toHaveLength(2);
    for (const { resolve } of hunan.held) resolve();
    expect((await Promise.all([first, second])).flat().map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
  });
  it('isn’t what was refused by Kafka', async () => {
    const json = testReportedJson(newPerson());
    hunan.failsWith = unavailable;
    expect(await outcomesOf(json)).toEqual(['unavailable']);
    hunan.failsWith = null;
    expect(await outcomesOf(json)).toEqual(['accepted']);
  });
  it('isn’t an event with the same id and other content, nor another person’s or document’s', async () => {
    const eventId = '01900000-0000-7000-8000-000000000009';
    const json = { ...testReportedJson(newPerson()), eventId };
    const others = [
      { result: 'positive' },
      { status: 'corrected' },
      { status: 'retracted' },
      { poolSize: 10 },
      { person: newPerson() },
      { person: { documentType: 'passport', issuingCountry: 'CHN', documentNumber: 'E12345678' } },
    ];
    for (const other of [{}, ...others]) expect(await outcomesOf({ ...json, ...other })).toEqual(['accepted']);
    expect(await outcomesOf(json)).toEqual(['duplicate']);
  });
  it('is found under another event id, for nothing rests on it', async () => {
    const json = testReportedJson(newPerson());
    await accept(json);
    expect(await outcomesOf({ ...json, eventId: '01900000-0000-7000-8000-00000000000a' })).toEqual(['duplicate']);
  });
});

describe('an event that Kafka doesn’t take', () => {
  it('is unavailable at once when the queue is full, and the others are accepted', async () => {
    hunan.failsWith = unavailable;
    const results = await accept(testReportedJson(newPerson()), samplingRecordedJson(newPerson()));
    expect(results).toMatchObject([
      { outcome: 'unavailable', code: 'queue-full', detail: 'too many events wait for Kafka' },
      { outcome: 'accepted' },
    ]);
  });
  it('is unavailable at the deadline of its batch, and what came in time stays accepted', async () => {
    hunan.holds = true;
    const answer = accept(
      testReportedJson(newPerson()),
      samplingRecordedJson(newPerson()),
      testReportedJson(newPerson()),
    );
    while (hunan.held.length < 2) await turns(); // a batch is taken in turns
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS - 1);
    hunan.held[1]?.resolve();
    await vi.advanceTimersByTimeAsync(1);
    expect(await answer).toMatchObject([
      { outcome: 'unavailable', code: 'kafka-unavailable', detail: `no acknowledgement within ${TIMEOUT_MS} ms` },
      { outcome: 'accepted' },
      { outcome: 'accepted' },
    ]);
  });
  it('is remembered as acknowledged when the answer comes after the deadline', async () => {
    hunan.holds = true;
    const json = testReportedJson(newPerson());
    const answer = accept(json);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    expect(await answer).toMatchObject([{ outcome: 'unavailable' }]);
    hunan.held[0]?.resolve();
    await turns();
    expect(await outcomesOf(json)).toEqual(['duplicate']);
  });
  it('that was acknowledged late was called known for longer than an erasure reaches', async () => {
    hunan.holds = true;
    const json = testReportedJson(newPerson());
    const answer = accept(json);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    await answer;
    hunan.passedMs = ERASURE_REACH_MS - 1_000;
    hunan.held[0]?.resolve();
    await turns();
    hunan.holds = false;
    expect(await outcomesOf(json)).toEqual(['duplicate']);
    hunan.passedMs = ERASURE_REACH_MS;
    expect(await outcomesOf(json)).toEqual(['accepted']);
  });
  it('that fails after the deadline disturbs nobody', async () => {
    hunan.holds = true;
    const answer = accept(testReportedJson(newPerson()));
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    await answer;
    hunan.held[0]?.reject(unavailable);
    await turns();
    hunan.holds = false;
    expect(await outcomesOf(testReportedJson(newPerson()))).toEqual(['accepted']);
  });
  it('leaves no timer behind', async () => {
    await accept(testReportedJson(newPerson()), 'text');
    expect(vi.getTimerCount()).toBe(0);
  });
});
