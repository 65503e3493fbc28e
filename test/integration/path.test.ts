/** The path of an event, from a province's door to the answer at a gate elsewhere, with what lies between. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { codesInForce } from '#core/codes/codes.ts';
import { formatTime, HOUR_MS } from '#core/field/time.ts';
import type { Freshness } from '#core/view/snapshot.ts';
import { decodeOwnValue, encodeValue } from '#exchange/topics/records.ts';
import { RegistrySchemas } from '#exchange/topics/registry.ts';
import { decodeView } from '#exchange/view/codec.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { readMomentAt } from '#exchange/view/read-moment.ts';
import { parsePosition } from '#exchange/view/store.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { readTopics } from '#exercises/oracle/raw-log.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import {
  codeAssignedJson,
  exposureRecordedJson,
  newPerson,
  samplingRecordedJson,
  testReportedJson,
  vaccinationJson,
} from '#exercises/town/door-events.ts';
import { testReported } from '#exercises/town/events.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { startExchange } from '#test/support/exchange.ts';
import { asBundle } from '#test/support/fhir-report.ts';
import { KEYS, LOG } from '#test/support/first-edition.ts';
import { sendByMllp } from '#test/support/mllp.ts';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await startExchange({
    services: [
      { kind: 'producer', name: 'a', provinces: ['43', '33', '66'] },
      { kind: 'materialiser', name: '1' },
    ],
  });
});

afterAll(async () => {
  await exchange?.stop();
});

async function freshnessOf(partition: number): Promise<Freshness> {
  return JSON.parse(
    (await exchange.redis.get(KEYS.freshness(FIRST_GENERATION, partition))) ??
      '{"watermarks":[],"incompleteProvinces":[]}',
  ) as Freshness;
}

test('a sampling, its result and a dose become one view', async () => {
  const person = newPerson();
  const { status, body } = await exchange.send([
    samplingRecordedJson(person),
    testReportedJson(person),
    vaccinationJson(person),
  ]);
  expect(status).toBe(200);
  expect(body.accepted).toBe(3);
  await exchange.caughtUp();
  const view = decodeView((await exchange.viewBytes(exchange.keyOf(person))) as Buffer);
  expect(view.datedTests).toMatchObject([{ province: '43', result: 'negative', status: 'final' }]);
  expect(view.samplings).toMatchObject([{ province: '33' }]);
  expect(view.doses).toMatchObject([{ province: '66', product: 'CoronaVac' }]);
});

test('an HL7 message goes the same way by MLLP, and is acknowledged when it is in the log', async () => {
  const { stack } = exchange;
  mkdirSync(join(stack.runDir, 'senders'));
  writeFileSync(join(stack.runDir, 'senders/province-43.json'), '{"province": "43", "timeZone": "+08:00"}');
  const { url } = await stack.startService({ kind: 'mllp' });
  const person = newPerson();
  const hl7Time = (ms: number) => `${formatTime(ms).slice(0, 19).replaceAll(/[-:T]/g, '')}+0800`;
  const isoTime = (ms: number) => `${formatTime(ms).slice(0, 19)}+08:00`;
  const [sampledMs, reportedMs] = [Date.now() - 8 * HOUR_MS, Date.now() - HOUR_MS] as const;
  const [sampled, reported] = [sampledMs, reportedMs].map(hl7Time);
  const message = [
    `MSH|^~\\&|LIS|Lab A|||${reported}||ORU^R01|C-1|P|2.5.1`,
    `PID|||${person.documentNumber}^^^CHN^NI`,
    `OBR|1||F-1|94531-1|||${sampled}|||||||||||||||${reported}|||F`,
    'OBX|1|CWE|94500-6^RNA^LN||260415000^Not detected^SCT||||||F',
    `SPM|1|^S-7||258500001^^SCT|||||||||||||${sampled}|`,
  ].join('\r');
  const send = (as: 'province-43' | 'province-44' | null, text = message) =>
    sendByMllp(stack.addresses.mllp ?? '', text, stack.tls, as);
  expect((await send('province-43'))[1]).toBe('MSA|AA|C-1');
  await exchange.caughtUp();
  const view = decodeView((await exchange.viewBytes(exchange.keyOf(person))) as Buffer);
  expect(view.datedTests).toMatchObject([{ province: '43', sampleId: 'S-7', laboratory: 'Lab A', result: 'negative' }]);
  expect((await send('province-43'))[1]).toBe('MSA|AA|C-1');
  const ask = exchange.as('province-43');
  const headers = { 'content-type': 'application/hl7-v2' };
  const asFile = await ask(`${stack.addresses.intake}/v1/files`, { method: 'POST', headers, body: message });
  expect(await asFile.json()).toMatchObject({ duplicate: 1, results: [{ place: 'message 1 (MSH-10 C-1), OBX 1' }] });
  // The same report in FHIR is the same event.
  const asFhir = await ask(`${stack.addresses.intake}/v1/fhir`, {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify(asBundle(person, { sampled: isoTime(sampledMs), reported: isoTime(reportedMs) })),
  });
  expect(await asFhir.json()).toMatchObject({
    resourceType: 'OperationOutcome',
    issue: [{ code: 'duplicate', expression: ['Bundle.entry[3].resource'] }],
  });
  const [, refused, why] = await send('province-43', message.replace(`||${reported}|||F`, '||20190101000000+0800|||F'));
  expect(refused).toContain('MSA|AE|C-1|');
  expect(why).toMatch(/^ERR\|\|OBR\^1\^22\^1\|/);
  expect((await send('province-44'))[1]).toContain('province-44 has no profile here');
  await expect(send(null)).rejects.toThrow(/certificate required|ended without|ECONNRESET|EPIPE/i);
  const counted = (code: string) => exchange.metric(url, 'hutong_mllp_messages_total', `{acknowledgement="${code}"}`);
  expect(await Promise.all(['AA', 'AE', 'AR'].map(counted))).toEqual([2, 1, 1]);
});

test('a code and an exposure go the same way; a code without grounds goes none; green clears its own', async () => {
  const person = newPerson();
  const red = codeAssignedJson(person, {
    state: 'red',
    reason: 'close_contact',
    assignedAt: formatTime(Date.now() - 3 * HOUR_MS),
  });
  const { status, body } = await exchange.send([
    red,
    exposureRecordedJson(person),
    codeAssignedJson(person, { legalBasis: null }),
    testReportedJson(person),
  ]);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    accepted: 3,
    refused: 1,
    results: [{}, {}, { outcome: 'refused', pointer: '/legalBasis', code: 'code-without-grounds' }, {}],
  });
  await exchange.caughtUp();
  const seen = async () => decodeView((await exchange.viewBytes(exchange.keyOf(person))) as Buffer);
  expect(await seen()).toMatchObject({
    codes: [{ province: '43', state: 'red', reason: 'close_contact', authority: 'Changsha CDC', status: 'final' }],
    exposures: [{ province: '33', level: 'high', toMs: null }],
    datedTests: [{ result: 'negative' }],
  });
  const green = { state: 'green', reason: null, authority: null, legalBasis: null, expiresAt: null };
  await exchange.send([
    codeAssignedJson(person, { ...green, province: '33', assignedAt: formatTime(Date.now() - 2 * HOUR_MS) }),
  ]);
  await exchange.caughtUp();
  expect(codesInForce(await seen(), Date.now()).codes).toMatchObject([
    { province: '33', clearedBy: null },
    { province: '43', clearedBy: '43', code: { state: 'red' } },
  ]);
  await exchange.send([codeAssignedJson(person, { ...green, assignedAt: formatTime(Date.now() - HOUR_MS) })]);
  await exchange.caughtUp();
  expect(codesInForce(await seen(), Date.now()).codes).toMatchObject([
    { province: '33', clearedBy: null },
    { province: '43', clearedBy: null },
  ]);
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('the record can be read by any Kafka tool, and carries CloudEvents attributes and the trace context', async () => {
  const person = newPerson();
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await exchange.as('province-43')(`${exchange.stack.addresses.intake}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent },
    body: JSON.stringify([testReportedJson(person)]),
  });
  const key = exchange.keyOf(person);
  const record = (await readTopics(exchange.kafka, ['tests'])).find(({ message }) => message.key?.equals(key));
  const headers = Object.fromEntries(
    Object.entries(record?.message.headers ?? {}).map(([name, value]) => [name, value?.toString()]),
  );
  expect(headers).toMatchObject({
    ce_specversion: '1.0',
    ce_type: 'cn.hutong.events.TestReported',
    ce_source: '/provinces/43/producers/43-a',
    traceparent,
    ce_personkeyversion: '1',
  });
  expect(record?.partition).toBe(partitionOf(key, exchange.partitions));
  expect(record?.message.value?.[0]).toBe(0);
});

test('repeated, late and contradicting reports come to the view of the oracle', async () => {
  const person = newPerson();
  const first = testReportedJson(person, { status: 'preliminary', result: 'positive' });
  const final = { ...first, status: 'final', result: 'negative' };
  const retraction = { ...first, status: 'retracted' };
  for (const events of [[retraction], [final, final], [first], [final]]) await exchange.send(events);
  await exchange.caughtUp();
  expect(decodeView((await exchange.viewBytes(exchange.keyOf(person))) as Buffer).datedTests).toMatchObject([
    { status: 'retracted' },
  ]);
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('transactions: aborted records are never seen, and control records don’t hold the position back', async () => {
  const schemaIds = await new RegistrySchemas(operatorRegistry(exchange.stack)).currentIds();
  const producer = exchange.kafka.producer({
    transactionalId: 'someone-else',
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });
  onTestFinished(() => producer.disconnect());
  await producer.connect();
  const [kept, aborted] = [exchange.keyOf(newPerson()), exchange.keyOf(newPerson())];
  for (const [key, end] of [
    [kept, 'commit'],
    [aborted, 'abort'],
  ] as const) {
    const transaction = await producer.transaction();
    const { topic, ...message } = exchange.taggedBy(testReported().province, {
      topic: 'tests',
      key,
      value: encodeValue('TestReported', schemaIds.TestReported, testReported()),
      partition: partitionOf(key, exchange.partitions),
      headers: {},
    });
    await transaction.send({ topic, messages: [message] });
    await transaction[end]();
  }
  await exchange.caughtUp();
  expect(await exchange.viewBytes(kept)).not.toBeNull();
  expect(await exchange.viewBytes(aborted)).toBeNull();
});

describe('watermarks', () => {
  test('name the offsets of every shared topic, and the positions know them all', async () => {
    const position = JSON.parse((await exchange.redis.get(KEYS.position(FIRST_GENERATION, 0))) ?? '{}') as {
      topics: object;
    };
    expect(Object.keys(position.topics).sort()).toEqual([...LOG.topics].sort());
    const schemas = new RegistrySchemas(operatorRegistry(exchange.stack));
    const last = (await readTopics(exchange.kafka, ['watermarks'])).at(-1);
    const { offsets } = (await decodeOwnValue(last?.message.value ?? null, schemas)) as {
      offsets: { topic: string }[];
    };
    expect(offsets.map(({ topic }) => topic)).toEqual([...LOG.topics]);
  });

  test('every partition learns in seconds that a province has nothing new, without an event', async () => {
    const sinceMs = Date.now();
    await until('all watermarks have passed now', async () => {
      const all = await Promise.all(
        Array.from({ length: exchange.partitions }, (_, partition) => freshnessOf(partition)),
      );
      return all.every(({ watermarks }) =>
        ['43-a', '33-a', '66-a'].every(
          (instance) => (watermarks.find((each) => each.instance === instance)?.throughMs ?? 0) > sinceMs,
        ),
      );
    });
  });

  test('and positions that look-ups have read can be read back for an instant that has passed', async () => {
    const partition = 1;
    // Before the reads: whatever was committed by then, they see it or something later.
    const atMs = Date.now();
    const [position, freshness] = [
      await exchange.redis.get(KEYS.position(FIRST_GENERATION, partition)),
      await freshnessOf(partition),
    ];
    const read = (ms: number) => readMomentAt(exchange.kafka, LOG, partition, ms);
    await until('a later moment is kept', async () => ((await read(Date.now()))?.atMs ?? 0) > atMs + 2_000);
    const [before, after] = [await read(atMs), await read(atMs + 2_000)];
    expect(atMs - (before?.atMs ?? 0)).toBeLessThan(5_000);
    // No event comes meanwhile: the position stays, and watermarks go on.
    expect(before?.position).toEqual(parsePosition(position ?? ''));
    for (const { instance, throughMs } of freshness.watermarks) {
      const reached = [before, after].map(
        (moment) => moment?.freshness.watermarks.find((one) => one.instance === instance)?.throughMs ?? 0,
      ) as [number, number];
      expect(reached[0]).toBeLessThanOrEqual(throughMs);
      expect(reached[1]).toBeGreaterThanOrEqual(throughMs);
    }
    expect(await read(Date.parse('2022-12-01T00:00:00+08:00'))).toBeNull();
  });

  test('a second instance of a province counts until it is retired, a silent one holds the province back', async () => {
    await exchange.stack.startService({ kind: 'producer', name: 'b', provinces: ['43'] });
    await exchange.stack.kill('producer-b');
    const diedAtMs = Date.now();
    await until('the live instance has gone on', async () =>
      (await freshnessOf(0)).watermarks.some(
        ({ instance, throughMs }) => instance === '43-a' && throughMs > diedAtMs + 2_000,
      ),
    );
    const silent = (await freshnessOf(0)).watermarks.find(({ instance }) => instance === '43-b');
    expect(silent?.throughMs ?? 0).toBeLessThanOrEqual(diedAtMs);
  });
});
