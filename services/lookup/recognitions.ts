/**
 * POST /v1/recognitions, its batch form, and all destinations at once: one read of the view, one pure decision,
 * one answer. Reads nothing but the view for it, and stores nothing.
 */

import { Ajv } from 'ajv';
import type { FastifyInstance } from 'fastify';
import type { Part } from '#core/answer/answer.ts';
import { type Answer, recognise, type RulesSeen } from '#core/answer/recognise.ts';
import type { PolicyBook } from '#core/book/policy-book.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import { malformed, sendProblem } from '#platform/http.ts';
import type { Metrics } from '#platform/metrics.ts';
import type { Problem } from '#platform/problems.ts';
import type { Admission, AdmissionConfig } from './admission.ts';
import { sendFailure } from './failures.ts';
import { ProblemSchema } from './problem-schema.ts';
import {
  AllDestinationsRequest,
  type AllDestinationsRequestJson,
  BATCH_ITEMS_MAX,
  BatchRequest,
  RecognitionRequest,
  type RecognitionRequestJson,
} from './request-schema.ts';
import { type Asked, readRequest, readRequestForAll } from './request.ts';
import type { BoundedSource } from './view-source.ts';

export interface RecognitionDeps {
  readonly source: BoundedSource;
  readonly admission: Admission;
  readonly policies: PolicyBook;
  readonly rulesSeen: (nowMs: number) => RulesSeen;
  readonly secrets: readonly Buffer[];
  readonly metrics: Metrics;
  readonly now: () => number;
}

const BODY_BYTES_MAX = 32_768;
const BATCH_BODY_BYTES_MAX = 1_048_576;
/** One read and 32 answers, which is mostly writing them. */
const ALL_DESTINATIONS_WEIGHT = 8;

/** What every address here may answer instead. */
export const PROBLEMS = Object.fromEntries(
  (
    [
      [400, 'the request does not have the documented form, or can’t be answered'],
      [500, 'the service failed to answer'],
      [
        503,
        'the view can’t be read now, or more is asked than can be answered in time; try again after the stated seconds',
      ],
    ] as const
  ).map(([status, description]) => [
    status,
    { description, content: { 'application/problem+json': { schema: { $ref: `${String(ProblemSchema.$id)}#` } } } },
  ]),
);

export function addRecognitions(app: FastifyInstance, deps: RecognitionDeps): void {
  addSingle(app, deps);
  addAllDestinations(app, deps);
  addBatch(app, deps);
}

function addSingle(app: FastifyInstance, deps: RecognitionDeps): void {
  const { source, metrics, now, admission } = deps;
  const schema = {
    operationId: 'recognise',
    summary: 'Whether a person’s test is recognised',
    description:
      'Judges what the exchange knows of a person, and what the person presents, by the rule of a ' +
      'destination. An answer short of `recognised` never rests on data that may be missing: it is ' +
      '`undetermined` then.',
    tags: ['recognitions'],
    body: { $ref: `${String(RecognitionRequest.$id)}#` },
    response: { 200: { description: 'the answer', $ref: 'Answer#' }, ...PROBLEMS },
  };
  app.post('/v1/recognitions', { schema, bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
    const startedMs = performance.now();
    const nowMs = now();
    const asked = readRequest(request.body as RecognitionRequestJson, { ...deps, nowMs });
    if (!asked.ok) {
      metrics.counter('hutong_lookup_failures_total').inc({ problem: 'invalid' });
      return sendProblem(reply, asked.problem);
    }
    let snapshot: Snapshot;
    try {
      snapshot = await source.read(asked.key, admission.remainingMs(request));
    } catch (error) {
      return sendFailure(reply, metrics, error);
    }
    const answer = answerOf(asked, snapshot, nowMs, deps, admission.leftOut(request));
    metrics.histogram('hutong_lookup_duration_seconds').observe((performance.now() - startedMs) / 1_000);
    return answer;
  });
}

function answerOf(
  asked: Asked,
  snapshot: Snapshot,
  nowMs: number,
  { metrics, rulesSeen }: RecognitionDeps,
  leftOut: readonly Part[],
): Answer {
  const { destination, purpose, policy, codeBook, presented, occasion, atMs } = asked;
  const answer = recognise({
    destination,
    purpose,
    policy,
    codeBook,
    presented,
    occasion,
    atMs,
    snapshot,
    nowMs,
    rulesSeen: rulesSeen(nowMs),
    leftOut,
  });
  metrics.counter('hutong_lookups_total').inc({ destination, outcome: answer.outcome });
  return answer;
}

function addAllDestinations(app: FastifyInstance, deps: RecognitionDeps): void {
  const { source, metrics, now, admission } = deps;
  const schema = {
    operationId: 'recogniseEverywhere',
    summary: 'Where a person’s test is recognised: all 32 destinations',
    description: 'One answer for each destination, all from one read of what the exchange knows.',
    tags: ['recognitions'],
    body: { $ref: `${String(AllDestinationsRequest.$id)}#` },
    response: {
      200: {
        description: 'one answer for each destination, in the order of their codes',
        $ref: 'AllDestinationsAnswer#',
      },
      ...PROBLEMS,
    },
  };
  app.post(
    '/v1/recognitions/all-destinations',
    { schema, bodyLimit: BODY_BYTES_MAX, config: { weight: ALL_DESTINATIONS_WEIGHT } satisfies AdmissionConfig },
    async (request, reply) => {
      const startedMs = performance.now();
      const nowMs = now();
      const all = readRequestForAll(request.body as AllDestinationsRequestJson, { ...deps, nowMs });
      if (!all.ok) {
        metrics.counter('hutong_lookup_failures_total').inc({ problem: 'invalid' });
        return sendProblem(reply, all.problem);
      }
      let snapshot: Snapshot;
      try {
        snapshot = await source.read(all.key, admission.remainingMs(request));
      } catch (error) {
        return sendFailure(reply, metrics, error);
      }
      const leftOut = admission.leftOut(request);
      const answers = all.asked.map((asked) => answerOf(asked, snapshot, nowMs, deps, leftOut));
      metrics.histogram('hutong_lookup_duration_seconds').observe((performance.now() - startedMs) / 1_000);
      return { answers };
    },
  );
}

interface BatchItem {
  readonly index: number;
  readonly answer?: Answer;
  readonly problem?: Problem;
}

function addBatch(app: FastifyInstance, deps: RecognitionDeps): void {
  const { source, metrics, now, admission } = deps;
  const schema = {
    operationId: 'recogniseMany',
    summary: `Up to ${BATCH_ITEMS_MAX} recognitions at once`,
    description: 'Each item is answered by itself, with an answer or a problem.',
    tags: ['recognitions'],
    body: BatchRequest,
    response: { 200: { description: 'one result for each item, in order', $ref: 'BatchAnswer#' }, ...PROBLEMS },
  };
  // The items are checked one by one below: the documented schema would refuse all for the sake of one.
  const validatorCompiler = () => isBatch;
  app.post(
    '/v1/recognitions/batch',
    { schema, bodyLimit: BATCH_BODY_BYTES_MAX, validatorCompiler },
    async (request, reply) => {
      const startedMs = performance.now();
      const nowMs = now();
      const { items } = request.body as { items: unknown[] };
      if (!admission.takesMore(reply, items.length - 1)) return admission.refuse(reply);
      const results: BatchItem[] = [];
      const open: { index: number; asked: Asked }[] = [];
      for (const [index, item] of items.entries()) {
        const asked = readItem(item, deps, nowMs);
        if ('problem' in asked) results.push({ index, problem: pointInto(asked.problem, `/items/${index}`) });
        else open.push({ index, asked });
      }
      if (results.length > 0)
        metrics.counter('hutong_lookup_failures_total').inc({ problem: 'invalid' }, results.length);
      let snapshots: readonly Snapshot[];
      try {
        snapshots =
          open.length === 0
            ? []
            : await source.readMany(
                open.map(({ asked }) => asked.key),
                admission.remainingMs(request),
              );
      } catch (error) {
        return sendFailure(reply, metrics, error, open.length);
      }
      const leftOut = admission.leftOut(request);
      open.forEach(({ index, asked }, at) => {
        const snapshot = snapshots[at];
        if (snapshot !== undefined) results.push({ index, answer: answerOf(asked, snapshot, nowMs, deps, leftOut) });
      });
      metrics.histogram('hutong_lookup_duration_seconds').observe((performance.now() - startedMs) / 1_000);
      return { results: results.sort((a, b) => a.index - b.index) };
    },
  );
}

const ajv = new Ajv({ discriminator: true, useDefaults: true, strict: false });
const isBatch = ajv.compile({
  type: 'object',
  required: ['items'],
  additionalProperties: false,
  properties: { items: { type: 'array', minItems: 1, maxItems: BATCH_ITEMS_MAX } },
});
const isRequest = ajv.compile<RecognitionRequestJson>(RecognitionRequest);

function readItem(item: unknown, deps: RecognitionDeps, nowMs: number): Asked | { readonly problem: Problem } {
  if (isRequest(item)) return readRequest(item, { ...deps, nowMs });
  return { problem: { ...malformed(isRequest.errors?.[0]), title: 'the item does not have the documented form' } };
}

function pointInto(problem: Problem, prefix: string): Problem {
  return { ...problem, pointer: prefix + (problem.pointer ?? '') };
}
