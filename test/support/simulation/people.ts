/**
 * A few people and what is reported of them, made to collide: few samples, days, statuses and times of issue, so that
 * a dozen events hold several versions of a register. Also every kind of record that can't become an event.
 */

import { CLOCK_SKEW_MS_MAX } from '#core/events/event-rules.ts';
import {
  ERASURE_REACH_MS,
  ERASURE_TAKES,
  type PersonErased,
  type PersonEvent,
  STATUSES,
  TEST_RESULTS,
} from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { SCHEMA_FINGERPRINT, tagHeaders } from '#exchange/keys/tags.ts';
import { claimHeader, type RecordClaim } from '#exchange/topics/claim-header.ts';
import { tellerOf, topicOf, type UnreadableReason } from '#exchange/topics/records.ts';
import {
  at,
  codeAssigned,
  exposureRecorded,
  personErased,
  samplingRecorded,
  testReported,
  vaccinationAdministered,
} from '#exercises/town/events.ts';
import type { Random } from '#exercises/town/random.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { LOG } from '#test/support/first-edition.ts';
import { RING } from '#test/support/keys.ts';
import type { Appended } from './log.ts';
import { encodeAs, fingerprintAs, UNKNOWN_SCHEMA_ID } from './registry.ts';

export const PARTITIONS = 2;
export const PROVINCES = ['43', '44'] as const satisfies readonly ProvinceCode[];
const PEOPLE: readonly Buffer[] = Array.from({ length: 12 }, (_, index) => Buffer.alloc(16, 65 + index));
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SAMPLED_MS = at('2022-08-09T18:00+08:00');
const ISSUED_MS = at('2022-08-11T02:00+08:00');

/** Two or three, of both partitions. */
export function somePeople(random: Random): readonly Buffer[] {
  const of = (partition: number) => PEOPLE.filter((key) => partitionOf(key, PARTITIONS) === partition);
  return [random.pick(of(0)), random.pick(of(1)), ...(random.chance(0.4) ? [random.pick(PEOPLE)] : [])];
}

type Delivery = Pick<PersonEvent, 'province' | 'eventId' | 'acceptedAtMs' | 'producerInstance'>;

/**
 * @param registers of how many registers of each kind it may speak: above eight, lists are cut
 * @param leaptMs how far the clock has leapt: it may speak of days before the leaps, or of the last ones
 */
export function someEvent(random: Random, registers: number, delivery: Delivery, leaptMs: number): PersonEvent {
  const laterMs = leaptMs >= DAY_MS && random.chance(0.5) ? Math.floor(leaptMs / DAY_MS) * DAY_MS : 0;
  const status = random.pick(STATUSES);
  const number = random.below(registers);
  const recordedAtMs = ISSUED_MS + laterMs + random.below(3) * HOUR_MS;
  const sampledAtMs = SAMPLED_MS + laterMs + random.below(2) * 6 * HOUR_MS; // two days in Shanghai
  const kind = random.below(10);
  if (kind < 5) {
    const sampled = random.chance(0.8) ? { sampledAtMs } : { sampledAtMs: null, sampledAtPrecision: null };
    return testReported({
      ...delivery,
      ...sampled,
      status,
      sampleId: `S${number}`,
      result: random.pick(TEST_RESULTS),
      reportIssuedAtMs: recordedAtMs,
    });
  }
  if (kind < 6) return samplingRecorded({ ...delivery, status, sampleId: `S${number}`, sampledAtMs, recordedAtMs });
  if (kind < 8)
    return vaccinationAdministered({
      ...delivery,
      status,
      doseId: `D${number}`,
      doseNumber: random.between(1, 3),
      recordedAtMs,
    });
  if (kind < 9)
    return codeAssigned({
      ...delivery,
      status,
      decisionId: `K${number}`,
      state: random.pick(['yellow', 'red', 'green']),
      assignedAtMs: sampledAtMs,
      expiresAtMs: sampledAtMs + 7 * DAY_MS,
      recordedAtMs,
    });
  return exposureRecorded({
    ...delivery,
    status,
    exposureId: `E${number}`,
    level: random.pick(['high', 'low']),
    recordedAtMs,
  });
}

export function erasureOf(random: Random, delivery: Delivery): PersonErased {
  return personErased({
    ...delivery,
    erasureId: `R${delivery.eventId}`,
    erasesThroughMs: delivery.acceptedAtMs + ERASURE_REACH_MS,
    takes: random.pick(ERASURE_TAKES),
  });
}

/** @param claim which of its instance's records it is; undefined: it says nothing of that */
export function recordOf(key: Buffer, event: PersonEvent, version: 'current' | 'newer', claim?: RecordClaim): Appended {
  const record = {
    topic: topicOf(LOG, event.type),
    key,
    value: encodeAs(version, event.type, event),
    headers: {
      ce_source: `/provinces/${event.province}/producers/${event.producerInstance}`,
      [SCHEMA_FINGERPRINT]: fingerprintAs(version, event.type),
      ...(claim === undefined ? {} : claimHeader(claim)),
    },
  };
  const tag = tagHeaders(RING.newestOf(tellerOf(event)), record);
  return { key, value: record.value, headers: { ...record.headers, ...tag } };
}

/** Where a record that can't be read goes, and why it can't. */
export interface Poison {
  readonly topic: string;
  readonly partition: number;
  readonly appended: Appended;
  readonly reason: UnreadableReason;
  readonly province: ProvinceCode | null;
  readonly forged: string | null;
  readonly latent: Latent | null;
}

/** The event that an unreadable record comes to where it belongs, if it is appended from then on. */
export interface Latent {
  readonly event: PersonEvent;
  readonly fromMs: number;
}

/** A record dated so far ahead is as it should be this much later. */
const AHEAD_MS = 1_500;

/** @param claim of somebody's record, as a forger would say that this is it */
export function somePoison(random: Random, key: Buffer, nowMs: number, claim: RecordClaim): Poison {
  const province = random.chance(0.7) ? random.pick(PROVINCES) : null;
  const headers = province === null ? {} : { ce_source: Buffer.from(`/provinces/${province}/producers/${province}-x`) };
  const event = testReported();
  const value = encodeAs('current', 'TestReported', event);
  const partition = partitionOf(key, PARTITIONS);
  const inTests = (reason: UnreadableReason, appended: Partial<Appended>, changed: Partial<Poison> = {}): Poison => ({
    topic: topicOf(LOG, 'TestReported'),
    partition,
    appended: { key, value, headers, ...appended },
    reason,
    province,
    forged: null,
    latent: null,
    ...changed,
  });
  const ahead = {
    ...event,
    acceptedAtMs: nowMs,
    eventId: `ahead${nowMs}`,
    reportIssuedAtMs: nowMs + CLOCK_SKEW_MS_MAX + AHEAD_MS,
  };
  const unknown = Buffer.from(value);
  unknown.writeInt32BE(UNKNOWN_SCHEMA_ID, 1);
  const kinds: (() => Poison)[] = [
    () =>
      inTests('no_person_key', { key: random.pick([null, Buffer.from('short')]) }, { topic: random.pick(LOG.topics) }),
    () => inTests('wrong_partition', {}, { partition: (partition + 1) % PARTITIONS, latent: { event, fromMs: 0 } }),
    () => inTests('tombstone', { value: null }),
    () => inTests('not_wire_format', { value: Buffer.from('{}') }),
    () => inTests('unknown_schema_id', { value: unknown }),
    () => inTests('not_an_event', {}, { topic: 'vaccinations' }),
    () => inTests('truncated_or_garbled', { value: value.subarray(0, 40) }),
    () =>
      inTests('breaks_a_rule', {
        value: encodeAs('current', 'TestReported', { ...event, reportIssuedAtMs: SAMPLED_MS - HOUR_MS }),
      }),
    () =>
      inTests(
        'breaks_a_rule',
        { value: encodeAs('current', 'TestReported', ahead) },
        { latent: { event: ahead, fromMs: nowMs + AHEAD_MS } },
      ),
    () => {
      // Whole and good, under the tag of another value.
      const { instance, epoch, number } = claim;
      const named = { province: instance.slice(0, 2) as ProvinceCode, forged: `${instance} ${epoch} ${number}` };
      const forger = province ?? PROVINCES[0];
      const genuine = recordOf(key, testReported({ province: forger, sampleId: 'F' }), 'current', claim);
      const forged = encodeAs('current', 'TestReported', testReported({ province: forger, sampleId: 'G' }));
      return inTests('bad_tag', { ...genuine, value: forged }, named);
    },
  ];
  return random.pick(kinds)();
}
