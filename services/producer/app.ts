/**
 * The intake's HTTP side. The life of a request:
 *
 *   door  ── not registered yet → 503
 *         ── full, or the event loop late → 503
 *   caller ── no token that counts → 401, holds as much as one caller may → 429, no province to report for → 403
 *   body  ── slow → 408,
 *         ── too large → 413, not JSON → 400, other type or encoding → 415
 *   batch ── no events or too many → 400, before any is read
 *   event ── of a province that the caller doesn't hold → refused, before it is looked at
 *         ── not UTF-8, not JSON, a name twice → refused by itself
 *         ── form, identity, time or rule broken → refused, with a pointer
 *         ── same content acknowledged before → duplicate
 *         ── queue full, or no acknowledgement in time → unavailable (503 when that holds for all)
 *         ── acknowledged by all in-sync replicas → accepted
 *
 * A batch that is only to be checked (`/v1/events/check`) goes the same way as far as form, identity, time and rule. A
 * file (`/v1/files`, `/v1/fhir`) is read by its sender's profile first, in a thread beside this one: files.ts.
 */

import { randomBytes } from 'node:crypto';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { EVENT_FORMS } from '#exchange/formats/event-json.ts';
import type { Caller } from '#exchange/identity/caller.ts';
import { lackOf } from '#exchange/identity/lack.ts';
import { askAgainLater, createHttp, type HttpOptions, sendProblem } from '#platform/http.ts';
import { type Problem, problemOf } from '#platform/problems.ts';
import type { CallerGuard } from '#platform/tokens/caller-guard.ts';
import { boundCallers, CALLER_SHARE_LIMITS, type ShareLimits } from '#platform/tokens/caller-shares.ts';
import { SECURITY, SECURITY_SCHEMES } from '#platform/tokens/security.ts';
import type { Acceptance } from './acceptance.ts';
import { guardDoor } from './admission.ts';
import { EventsBody, rawEventsOf, takeEventBodies } from './body.ts';
import { ChecksAnswer, DOOR_LIMITS, type EventResult, EventsAnswer } from './door.ts';
import { FHIR_ROUTE, FHIR_TYPES, fhirAnswerOf } from './fhir.ts';
import { FILE_TYPES, fileIn, type Files, FilesAnswer, takeFilesAs } from './files.ts';
import { FHIR_JSON } from './operation-outcome.ts';

export interface DoorOptions extends HttpOptions {
  /** Whether events are taken: the door is there before its instances are registered. */
  readonly isOpen: () => boolean;
  /** What one caller may hold, where it isn't what `CALLER_SHARE_LIMITS` says. */
  readonly callerShare?: Pick<ShareLimits, 'connectionsMax' | 'halfOpenMax'>;
  /** Left out: the door takes no files. */
  readonly files?: Files;
}

export async function buildApp(
  acceptance: Acceptance,
  guard: CallerGuard<Caller>,
  http: DoorOptions,
): Promise<FastifyInstance> {
  const app = createHttp({
    ...http,
    bodiesBytesMax: DOOR_LIMITS.bodiesBytesMax,
    fastify: { bodyLimit: DOOR_LIMITS.bodyBytesMax },
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Hutong intake',
        version: '1',
        description: 'Where a province’s laboratories, vaccination sites and code offices report events.',
      },
      components: { securitySchemes: SECURITY_SCHEMES },
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { schema: { hide: true } as object }, async () => app.swagger());
  await app.register(async (door) => {
    door.addHook('onRequest', async (_request, reply) =>
      http.isOpen() ? undefined : sendProblem(reply, problemOf('door-closed')),
    );
    guardDoor(door, http.metrics);
    guard.protect(door);
    boundCallers(
      door,
      (request) => guard.callerOf(request).id,
      { ...(http.callerShare ?? CALLER_SHARE_LIMITS), bodiesBytesMax: DOOR_LIMITS.bodiesBytesMax },
      http.metrics,
    );
    door.addHook('onRequest', async (request, reply) => {
      const lack = lackOf(guard.callerOf(request), { kind: 'report' });
      return lack === null ? undefined : guard.deny(reply, lack);
    });
    await door.register(async (events) => {
      takeEventBodies(events);
      addEventsRoute(events, acceptance, guard);
      addCheckRoute(events, acceptance, guard);
    });
    const { files } = http;
    if (files === undefined) return;
    await door.register(async (door) => {
      takeFilesAs(FILE_TYPES, door);
      addFilesRoute(door, files, guard);
    });
    await door.register(async (door) => {
      takeFilesAs(FHIR_TYPES, door);
      addFhirRoute(door, files, guard);
    });
  });
  return app;
}

function addEventsRoute(door: FastifyInstance, acceptance: Acceptance, guard: CallerGuard<Caller>): void {
  door.post('/v1/events', { schema: EVENTS_ROUTE, validatorCompiler: () => () => true }, async (request, reply) => {
    const problem = bodyProblemOf(request.body);
    if (problem !== null) return sendProblem(reply, problem);
    const events = await rawEventsOf((request.body as EventsBody).events);
    const trace = traceparentOf(request.headers['traceparent']);
    const results = await acceptance.acceptAll(events, guard.callerOf(request), trace);
    const counts: Record<EventResult['outcome'], number> = { accepted: 0, refused: 0, duplicate: 0, unavailable: 0 };
    for (const { outcome } of results) counts[outcome] += 1;
    return answered(reply, counts, results);
  });
}

/** Nothing taken for want of Kafka is a problem; some of it, an answer and a time to ask again. */
function answered(
  reply: FastifyReply,
  counts: Readonly<Record<EventResult['outcome'], number>>,
  results: readonly { readonly detail?: string }[],
) {
  if (counts.unavailable > 0 && counts.unavailable === results.length)
    return sendProblem(reply, problemOf('kafka-unavailable', { detail: results[0]?.detail ?? '' }));
  if (counts.unavailable > 0) askAgainLater(reply);
  return { ...counts, results };
}

function addFilesRoute(door: FastifyInstance, files: Files, guard: CallerGuard<Caller>): void {
  const schema = { schema: FILES_ROUTE, validatorCompiler: () => () => true };
  door.post('/v1/files', schema, async (request, reply) => {
    const trace = traceparentOf(request.headers['traceparent']);
    const taken = await files.take(fileIn(request.body), guard.callerOf(request), trace);
    return 'counts' in taken ? answered(reply, taken.counts, taken.results) : sendProblem(reply, taken);
  });
}

function addFhirRoute(door: FastifyInstance, files: Files, guard: CallerGuard<Caller>): void {
  const schema = { schema: FHIR_ROUTE, validatorCompiler: () => () => true };
  door.post('/v1/fhir', schema, async (request, reply) => {
    const trace = traceparentOf(request.headers['traceparent']);
    const taken = await files.take(fileIn(request.body), guard.callerOf(request), trace, 'fhir');
    const { status, outcome } = fhirAnswerOf(taken);
    if (outcome.issue.some(({ code }) => code === 'transient')) askAgainLater(reply);
    return reply
      .code(status as 200)
      .type(FHIR_JSON)
      .send(JSON.stringify(outcome));
  });
}

function addCheckRoute(door: FastifyInstance, acceptance: Acceptance, guard: CallerGuard<Caller>): void {
  door.post(
    '/v1/events/check',
    { schema: CHECK_ROUTE, validatorCompiler: () => () => true },
    async (request, reply) => {
      const problem = bodyProblemOf(request.body);
      if (problem !== null) return sendProblem(reply, problem);
      const events = await rawEventsOf((request.body as EventsBody).events);
      const results = await acceptance.checkAll(events, guard.callerOf(request));
      const acceptable = results.filter(({ outcome }) => outcome === 'acceptable').length;
      return { acceptable, refused: results.length - acceptable, results };
    },
  );
}

/** What is wrong with the body as a whole; null: it is cut into events. */
function bodyProblemOf(body: unknown): Problem | null {
  const split = body instanceof EventsBody ? body.split : ({ ok: true, events: [] } as const);
  if (split.ok) return split.events.length === 0 ? batchSize('no events') : null;
  return split.why === 'too-many'
    ? batchSize(`more than ${DOOR_LIMITS.eventsMax} events`)
    : problemOf('unusable-request', {
        title: 'the body is not JSON',
        hint: 'an array of events, closed by its bracket, one event, or NDJSON with its content type',
      });
}

const batchSize = (detail: string): Problem =>
  problemOf('batch-size', { detail, hint: `send 1 to ${DOOR_LIMITS.eventsMax} events` });

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's trace context (W3C), or a new one. */
function traceparentOf(header: string | string[] | undefined): string {
  if (typeof header === 'string' && TRACEPARENT.test(header)) return header;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}

const EVENT = Type.Union(Object.values(EVENT_FORMS));
const PROBLEM_FIELDS = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    hint: { type: 'string' },
    pointer: { type: 'string' },
  },
};
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: PROBLEM_FIELDS } },
});

// The body is documented here but checked event by event, so that one bad event doesn't refuse its batch.
const BATCH = {
  security: SECURITY,
  consumes: ['application/json', 'application/x-ndjson'],
  body: Type.Union([Type.Array(EVENT, { minItems: 1, maxItems: DOOR_LIMITS.eventsMax }), EVENT]),
};
const REFUSED_BATCH = {
  401: problem('the request has no token that counts'),
  403: problem('the caller holds no province to report for'),
  429: problem('the caller holds as many connections, or bodies under way, as one caller may'),
  '4xx': problem('the body can’t be read, or the batch has the wrong size'),
};

const EVENTS_ROUTE = {
  summary: 'Report events',
  description: 'Takes a batch and answers, event by event, once Kafka has acknowledged. Safe to repeat.',
  ...BATCH,
  response: {
    200: EventsAnswer,
    ...REFUSED_BATCH,
    503: problem('nothing of the batch could be taken: send it again after the stated time'),
  },
};

const CHECK_ROUTE = {
  summary: 'Check events',
  description:
    'Says of each event of a batch what reporting it would be answered, by the same rules, limits and rights, and ' +
    'changes nothing: no event is published, none is remembered. It doesn’t tell duplicates.',
  ...BATCH,
  response: {
    200: ChecksAnswer,
    ...REFUSED_BATCH,
    503: problem('the door is full or not open yet: send it again after the stated time'),
  },
};

const FILES_ROUTE = {
  summary: 'Report a file',
  description:
    'Takes a file as a laboratory has it: NDJSON, HL7 v2, FHIR, CSV or XLSX, packed by gzip or zstd or not. ' +
    'Its content tells which. ' +
    'HL7, FHIR and spreadsheets are read by the profile of the caller. Answers record by record, once Kafka has ' +
    'acknowledged. Safe to repeat.',
  security: SECURITY,
  consumes: [...FILE_TYPES],
  body: { type: 'string', format: 'binary' },
  response: {
    200: FilesAnswer,
    401: REFUSED_BATCH[401],
    403: problem('the caller holds no province to report for, or has no profile'),
    429: REFUSED_BATCH[429],
    '4xx': problem('the file is too large, can’t be unpacked, or is in no format that is known'),
    503: problem('nothing of the file could be taken: send it again after the stated time'),
  },
};
