/**
 * POST /v1/recognitions, its batch form, and all destinations at once: what each takes, and what it makes of the
 * answers. How an answer comes about is the same for all three, and isn't told here.
 */

import { Ajv } from 'ajv';
import type { FastifyInstance } from 'fastify';
import type { Answer } from '#core/answer/recognise.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import { malformed } from '#platform/http.ts';
import type { Problem } from '#platform/problems.ts';
import { SECURITY } from '#platform/tokens/security.ts';
import type { AdmissionConfig } from './admission.ts';
import { answering, type Questions, type RecognitionDeps } from './answering.ts';
import type { EntitledConfig } from './entitled.ts';
import { ProblemSchema } from './problem-schema.ts';
import {
  AllDestinationsRequest,
  type AllDestinationsRequestJson,
  BATCH_ITEMS_MAX,
  BatchRequest,
  RecognitionRequest,
  type RecognitionRequestJson,
} from './request-schema.ts';
import { type Asked, type NotAsked, readRequest, readRequestForAll, type RequestContext } from './request.ts';
import type { Answers, BatchAnswer, BatchItem } from './writing.ts';

const BODY_BYTES_MAX = 32_768;
const BATCH_BODY_BYTES_MAX = 1_048_576;
/** One read and 32 answers, which is mostly writing them. */
const ALL_DESTINATIONS_WEIGHT = 8;

/** What every address here may answer instead. */
export const PROBLEMS = Object.fromEntries(
  (
    [
      [401, 'the request has no token that counts'],
      [403, 'the caller doesn’t hold what it asks for'],
      [429, 'the caller has asked as much as it may; try again after the stated seconds'],
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
  const schema = {
    operationId: 'recognise',
    summary: 'Whether a person’s test is recognised',
    description:
      'Judges what the exchange knows of a person, and what the person presents, by the rule of a ' +
      'destination. An answer short of `recognised` never rests on data that may be missing: it is ' +
      '`undetermined` then.',
    tags: ['recognitions'],
    security: SECURITY,
    body: { $ref: `${String(RecognitionRequest.$id)}#` },
    response: { 200: { description: 'the answer', $ref: 'Answer#' }, ...PROBLEMS },
  };
  app.post(
    '/v1/recognitions',
    { schema, bodyLimit: BODY_BYTES_MAX },
    answering(deps, readSingle, ({ single }) => single),
  );
}

function readSingle(json: RecognitionRequestJson, context: RequestContext): Questions<Answer> | NotAsked {
  const asked = readRequest(json, context);
  if (!asked.ok) return asked;
  return { ok: true, people: [asked], answer: ([snapshot], judge) => judge(asked, snapshot as Snapshot) };
}

function addAllDestinations(app: FastifyInstance, deps: RecognitionDeps): void {
  const schema = {
    operationId: 'recogniseEverywhere',
    summary: 'Where a person’s test is recognised: all 32 destinations',
    description: 'One answer for each destination, all from one read of what the exchange knows.',
    tags: ['recognitions'],
    security: SECURITY,
    body: { $ref: `${String(AllDestinationsRequest.$id)}#` },
    response: {
      200: {
        description: 'one answer for each destination, in the order of their codes',
        $ref: 'AllDestinationsAnswer#',
      },
      ...PROBLEMS,
    },
  };
  const config: object = { weight: ALL_DESTINATIONS_WEIGHT } satisfies AdmissionConfig;
  app.post(
    '/v1/recognitions/all-destinations',
    { schema, bodyLimit: BODY_BYTES_MAX, config },
    answering(deps, readAllDestinations, ({ all }) => all),
  );
}

function readAllDestinations(json: AllDestinationsRequestJson, context: RequestContext): Questions<Answers> | NotAsked {
  const all = readRequestForAll(json, context);
  if (!all.ok) return all;
  return {
    ok: true,
    people: [all.person],
    answer: ([snapshot], judge) => ({ answers: all.asked.map((asked) => judge(asked, snapshot as Snapshot)) }),
  };
}

interface BatchJson {
  readonly items: readonly unknown[];
}

function addBatch(app: FastifyInstance, deps: RecognitionDeps): void {
  const { admission, limits } = deps;
  const schema = {
    operationId: 'recogniseMany',
    summary: `Up to ${BATCH_ITEMS_MAX} recognitions at once`,
    description: 'Each item is answered by itself, with an answer or a problem.',
    tags: ['recognitions'],
    security: SECURITY,
    body: BatchRequest,
    response: { 200: { description: 'one result for each item, in order', $ref: 'BatchAnswer#' }, ...PROBLEMS },
  };
  app.post(
    '/v1/recognitions/batch',
    {
      schema,
      bodyLimit: BATCH_BODY_BYTES_MAX,
      config: { mode: 'batch' } satisfies EntitledConfig,
      // The items are checked one by one when they are read: the whole schema would refuse all for the sake of one.
      validatorCompiler: () => isBatch,
      // How much work it is, its body tells; one was counted when it came.
      preHandler: async (request, reply) => {
        const more = (request.body as BatchJson).items.length - 1;
        if (!(await limits.takesMore(request, reply, more))) return reply;
        return admission.takesMore(reply, more) ? undefined : admission.refuse(reply);
      },
    },
    answering(deps, readBatch, ({ batch }) => batch),
  );
}

function readBatch({ items }: BatchJson, context: RequestContext): Questions<BatchAnswer> {
  const refused: BatchItem[] = [];
  const open: { readonly index: number; readonly asked: Asked }[] = [];
  for (const [index, item] of items.entries()) {
    const asked = readItem(item, context);
    if (asked.ok) open.push({ index, asked });
    else refused.push({ index, problem: pointInto(asked.problem, `/items/${index}`) });
  }
  return {
    ok: true,
    people: open.map(({ asked }) => asked),
    invalid: refused.length,
    answer: (snapshots, judge) => {
      const answered = open.map(({ index, asked }, at) => ({ index, answer: judge(asked, snapshots[at] as Snapshot) }));
      return { results: [...refused, ...answered].sort((a, b) => a.index - b.index) };
    },
  };
}

const ajv = new Ajv({
  discriminator: true,
  useDefaults: true,
  strict: false,
  verbose: true,
  formats: { date: true }, // whether a text is a day is told where the occasion is read
});
const isBatch = ajv.compile({
  type: 'object',
  required: ['items'],
  additionalProperties: false,
  properties: { items: { type: 'array', minItems: 1, maxItems: BATCH_ITEMS_MAX } },
});
const isRequest = ajv.compile<RecognitionRequestJson>(RecognitionRequest);

function readItem(item: unknown, context: RequestContext): Asked | NotAsked {
  if (isRequest(item)) return readRequest(item, context);
  const problem = malformed(isRequest.errors?.[0]);
  return { ok: false, problem: { ...problem, title: 'the item does not have the documented form' } };
}

function pointInto(problem: Problem, prefix: string): Problem {
  return { ...problem, pointer: prefix + (problem.pointer ?? '') };
}
