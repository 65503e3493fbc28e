/** `POST /v1/fhir`: an OperationOutcome for each body, by the sender's profile, and only for who may report. */

import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callerHolding } from '#exchange/identity/caller.ts';
import { judgeEvent, type RawEvent } from '#exchange/intake/judge.ts';
import { readFile } from '#exchange/readers/read-file.ts';
import type { Format } from '#exchange/readers/readers.ts';
import type { SenderProfile } from '#exchange/readers/sender-profile.ts';
import { Metrics } from '#platform/metrics.ts';
import type { Acceptance } from '#services/producer/acceptance.ts';
import { buildApp } from '#services/producer/app.ts';
import { FILE_LIMITS, Files } from '#services/producer/files.ts';
import type { OperationOutcome } from '#services/producer/operation-outcome.ts';
import { guardKnowing } from '#test/support/callers.ts';
import { bundle, bundleOf, type Json, parts } from '#test/unit/exchange/formats/fhir/support.ts';
import { SETTINGS } from '#test/unit/exchange/formats/support.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';

const CALLERS = {
  'province-43': callerHolding('province-43', { provinces: ['43'] }),
  'province-11': callerHolding('province-11', { provinces: ['11'] }),
  'gate-44': callerHolding('gate-44', { destinations: ['44'], purposes: 'all', modes: ['single'] }),
};
let app: FastifyInstance;
let profile: SenderProfile | null;
let isKafkaAway: boolean;

beforeEach(async () => {
  profile = { settings: SETTINGS, sheet: null };
  isKafkaAway = false;
  const acceptance = {
    acceptAll: async (events: readonly RawEvent[], caller: (typeof CALLERS)['gate-44']) =>
      events.map((event, index) => {
        if (isKafkaAway) return { index, outcome: 'unavailable', detail: 'no acknowledgement' };
        const taken = judgeEvent(event, {
          caller,
          served: ['43'],
          speaksForNation: false,
          deliveryFor: () => ({ eventId: 'e', acceptedAtMs: Date.parse('2022-08-02'), producerInstance: '43-a' }),
          options: { secrets: [Buffer.alloc(32, 1)], clockSkewMs: 0 },
        });
        return taken.ok
          ? { index, outcome: 'accepted', eventId: 'e' }
          : { index, outcome: 'refused', ...taken.refusal };
      }),
  } as unknown as Acceptance;
  const reading = {
    read: (bytes: Buffer, its: SenderProfile | null, format: Format | null = null) =>
      readFile(bytes, its, FILE_LIMITS, format),
  };
  const profiles = { of: async () => (profile === null ? null : ({ ok: true, value: profile } as const)) };
  app = await buildApp(acceptance, guardKnowing(CALLERS), {
    logger: SILENT,
    metrics: new Metrics(),
    readiness: () => null,
    isOpen: () => true,
    files: new Files(reading, profiles, acceptance, new Metrics()),
  });
});
afterEach(() => app.close());

async function send(body: Json | string | Buffer, token = 'province-43', type = 'application/fhir+json') {
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const headers = { authorization: `Bearer ${token}`, 'content-type': type };
  const { statusCode, headers: told, json } = await app.inject({ method: 'POST', url: '/v1/fhir', headers, payload });
  return { status: statusCode, type: told['content-type'], headers: told, outcome: json<OperationOutcome>() };
}
const AT = 'Bundle.entry[4].resource';

describe('a bundle', () => {
  it('is answered with an issue for each observation', async () => {
    const { status, type, outcome } = await send(
      bundleOf([...Object.values(parts()), { ...parts().observation, id: 'x' }]),
    );
    expect([status, type]).toEqual([200, 'application/fhir+json; charset=utf-8']);
    expect(outcome).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [
        { severity: 'information', code: 'informational', diagnostics: 'event e', expression: [AT] },
        { severity: 'error', code: 'invalid', expression: ['Bundle.entry[5].resource'] },
      ],
    });
  });
  it('has the field named that is missing, or that the door refuses', async () => {
    const missing = await send(bundle(({ report }) => delete report['issued']));
    expect(missing.outcome.issue).toMatchObject([
      { severity: 'error', code: 'required', expression: ['Bundle.entry[0].resource.issued'] },
    ]);
    const before = { issued: '2022-08-01T08:00:00+08:00' };
    const early = await send(
      bundle(({ report, observation, specimen }) => {
        Object.assign(report, before);
        delete observation['issued'];
        delete specimen['receivedTime'];
      }),
    );
    expect(early.outcome.issue).toMatchObject([
      { details: { text: 'refused' }, expression: ['Bundle.entry[0].resource.issued'] },
    ]);
  });
  it('of another province than the caller holds is refused', async () => {
    const { status, outcome } = await send(bundle(), 'province-11');
    expect([status, outcome.issue.map(({ code }) => code)]).toEqual([200, ['forbidden']]);
  });
  it('may be packed', async () => {
    expect((await send(gzipSync(JSON.stringify(bundle())))).outcome.issue).toMatchObject([{ severity: 'information' }]);
  });
  it('is to be sent again where Kafka doesn’t answer', async () => {
    isKafkaAway = true;
    const { status, headers, outcome } = await send(bundle());
    expect([status, outcome.issue[0]?.code, Number(headers['retry-after']) > 0]).toEqual([503, 'transient', true]);
  });
});

describe('a body that isn’t one', () => {
  it.each([
    ['no JSON', '{"resourceType":"Bundle"', 'application/fhir+json', 400, 'ends before the bracket'],
    ['no resource', '{"type":"TestReported"}', 'application/fhir+json', 400, 'is no FHIR resource'],
    ['empty', '', 'application/fhir+json', 400, 'the batch has the wrong size'],
    ['HL7 v2', 'MSH|^~\\&|x', 'application/fhir+json', 400, 'belongs to no document'],
    ['too long', ' '.repeat(FILE_LIMITS.bytesMax + 1), 'application/fhir+json', 413, 'larger than the limit'],
    ['of another type', '<Bundle/>', 'application/fhir+xml', 415, 'the content type is not one'],
  ] as const)('is refused: %s', async (_, payload, type, status, reason) => {
    const told = await send(payload, 'province-43', type);
    expect([told.status, JSON.stringify(told.outcome)]).toEqual([status, expect.stringContaining(reason)]);
  });
  it('is not looked at without a profile', async () => {
    profile = null;
    const { status, outcome } = await send(bundle());
    expect([status, outcome.issue.map(({ code }) => code)]).toEqual([403, ['forbidden']]);
  });
  it.each([
    ['nobody', 'x', 401],
    ['a gate', 'gate-44', 403],
  ])('is not looked at of %s', async (_, token, status) => {
    expect((await send(bundle(), token)).status).toBe(status);
  });
});
