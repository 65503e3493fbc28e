/** `POST /v1/files`: an answer for each record with its place, by the sender's profile; and what is no answer. */

import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RawEvent } from '#exchange/intake/judge.ts';
import { type FileRead, readFile } from '#exchange/readers/read-file.ts';
import type { SenderProfile } from '#exchange/readers/sender-profile.ts';
import { Metrics } from '#platform/metrics.ts';
import type { Acceptance } from '#services/producer/acceptance.ts';
import { buildApp } from '#services/producer/app.ts';
import type { EventResult } from '#services/producer/door.ts';
import { FileReading } from '#services/producer/file-reading.ts';
import { FILE_LIMITS, Files } from '#services/producer/files.ts';
import { AS_ANYBODY, guardKnowing } from '#test/support/callers.ts';
import { BASE, OBR, OBX, SPM } from '#test/unit/exchange/formats/hl7/tried.ts';
import { HEADER, MAPPING, ROW, rowOf } from '#test/unit/exchange/formats/sheet/mapped-sheet.ts';
import { SETTINGS } from '#test/unit/exchange/formats/support.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';

let app: FastifyInstance;
let profile: SenderProfile | null;
let outcome: EventResult['outcome'];
let taken: readonly RawEvent[];
let metrics: Metrics;

beforeEach(async () => {
  profile = { settings: SETTINGS, sheet: MAPPING };
  outcome = 'accepted';
  taken = [];
  metrics = new Metrics();
  const acceptance = {
    acceptAll: async (events: readonly RawEvent[]): Promise<EventResult[]> => {
      taken = events;
      return events.map((_, index) => ({ index, outcome, ...(outcome === 'refused' ? WRONG : { eventId: 'e' }) }));
    },
  } as unknown as Acceptance;
  const reading = { read: (bytes: Buffer, its: SenderProfile | null) => readFile(bytes, its, FILE_LIMITS) };
  const profiles = { of: async () => (profile === null ? null : ({ ok: true, value: profile } as const)) };
  app = await buildApp(acceptance, guardKnowing(), {
    logger: SILENT,
    metrics,
    readiness: () => null,
    isOpen: () => true,
    files: new Files(reading, profiles, acceptance, metrics),
  });
});
afterEach(() => app.close());

const WRONG = { pointer: '/sampledAt', code: 'time-in-future', detail: 'lies ahead', hint: 'check it' } as const;

async function send(payload: string | Buffer, type = 'application/octet-stream') {
  const headers = { ...AS_ANYBODY, 'content-type': type };
  const answer = await app.inject({ method: 'POST', url: '/v1/files', headers, payload });
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
}

describe('a file', () => {
  it('whose records no reader takes is not only told to its sender, but counted', async () => {
    await send(`${HEADER}\r\n${rowOf({ result: '?' })}\r\n${ROW}\r\n${rowOf({ number: '1' })}\r\n`);
    expect(await metrics.counter('hutong_events_refused_total').get()).toMatchObject({
      values: [{ labels: { province: '43', problem: 'unread' }, value: 2 }],
    });
  });
  it('of HL7 is answered by its observations', async () => {
    const flu = OBX.replace('OBX|1', 'OBX|2').replace('94500-6^SARS-CoV-2 RNA^LN', '80382-5^Flu A Ag^LN');
    const bad = [OBR.replace('F-1', 'F-2').replace('202208011130', 'x'), OBX, SPM].join('\r');
    const { status, body } = await send(`${BASE.replace(OBX, `${OBX}\r${flu}`)}\r${bad}\r`, 'application/hl7-v2');
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 1, refused: 1, ignored: 1, duplicate: 0, unavailable: 0 });
    expect(body.results.map((one: { place: string; outcome: string }) => `${one.place} ${one.outcome}`)).toEqual([
      'message 1 (MSH-10 C-1), OBR 2, OBX 1 refused',
      'message 1 (MSH-10 C-1), OBR 1, OBX 2 ignored',
      'message 1 (MSH-10 C-1), OBR 1, OBX 1 accepted',
    ]);
    expect(body.results[0]).toMatchObject({ field: 'OBR-22', detail: 'can’t be read as a time' });
    expect(taken).toHaveLength(1);
  });
  it('of rows is answered by row, with the column that the door minds', async () => {
    outcome = 'refused';
    const { body } = await send(`${HEADER}\r\n${ROW}\r\n${rowOf({ number: '1.1E+17' })}\r\n`, 'text/csv; charset=gbk');
    expect(body.results).toMatchObject([
      { place: 'row 2', outcome: 'refused', field: '采样时间 (/sampledAt)', code: 'time-in-future', hint: 'check it' },
      { place: 'row 3', outcome: 'refused', field: '证件号码' },
    ]);
    expect(JSON.stringify(body)).not.toContain('spot'); // what FHIR's answer is made from is in no other
  });
  it('of lines needs no profile', async () => {
    profile = null;
    const { body } = await send('{"type":"TestReported"}\noops\n', 'application/x-ndjson');
    expect(body.results).toMatchObject([
      { place: 'line 1', outcome: 'accepted', eventId: 'e' },
      { place: 'line 2', outcome: 'refused' },
    ]);
  });
  it('of which nothing could be taken for want of Kafka is a problem that passes', async () => {
    outcome = 'unavailable';
    const { status, headers } = await send(`${BASE}\r`);
    expect([status, headers['retry-after'] !== undefined]).toEqual([503, true]);
  });
  const withoutMapping = { settings: SETTINGS, sheet: null };
  it.each([
    ['of a sender without a profile', null, `${BASE}\r`, 403, 'no-profile'],
    ['of a sender without a mapping', withoutMapping, ROW, 415, 'unusable-request'],
    ['that is too large', withoutMapping, 'x'.repeat(FILE_LIMITS.bytesMax + 1), 413, 'unusable-request'],
    ['of too many records', null, '{}\n'.repeat(10_001), 413, 'unusable-request'],
    ['without a byte', null, '', 400, 'batch-size'],
  ] as const)('%s is no batch, and nothing of it is taken', async (_, its, content, status, kind) => {
    profile = its;
    const { status: was, body } = await send(content);
    expect([was, body.type]).toEqual([status, `urn:hutong:problem:${kind}`]);
    expect(taken).toEqual([]);
  });
  it('is in the documentation, with the types under which it comes', async () => {
    const { paths } = (await app.inject({ url: '/openapi.json', headers: AS_ANYBODY })).json();
    expect(Object.keys(paths['/v1/files'].post.requestBody.content)).toContain('text/csv');
  });
  it('under a type that is none of a file is refused', async () => {
    expect((await send('{}', 'image/png')).status).toBe(415);
  });
});

describe('a thread that reads files', () => {
  it('reads one after the other, and says what is too much', async () => {
    const reading = new FileReading({ bytesMax: 1_000, recordsMax: 2 });
    const line = Buffer.from('{"type":"TestReported"}\n');
    try {
      const files = Array.from({ length: 9 }, () => reading.read(line, null));
      const reads = await Promise.all(files);
      expect(reads.filter((read) => read.ok)).toHaveLength(8);
      expect(reads[8]).toEqual({ ok: false, why: 'overloaded' });
      const [first] = (reads[0] as Extract<FileRead, { ok: true }>).items;
      expect(first).toMatchObject({ kind: 'event', at: 'line 1' });
      expect(await reading.read(Buffer.concat([line, line, line]), null)).toEqual({ ok: false, why: 'too-many' });
    } finally {
      await reading.stop();
    }
  });
});
