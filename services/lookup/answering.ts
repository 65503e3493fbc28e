/**
 * The one path from a request to its answer: questions read, views read, each question judged, and all of it counted.
 * What the addresses differ in is handed in. It stores nothing, and reads nothing but the views.
 */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Part } from '#core/answer/answer.ts';
import { type Answer, recognise, type RulesSeen } from '#core/answer/recognise.ts';
import type { PolicyBook } from '#core/book/policy-book.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import type { Caller } from '#exchange/identity/caller.ts';
import { sendProblem } from '#platform/http.ts';
import type { Metrics } from '#platform/metrics.ts';
import type { CallerGuard } from '#platform/tokens/caller-guard.ts';
import type { Admission } from './admission.ts';
import type { CallerLimits, PersonAskedFor } from './caller-limits.ts';
import { sendFailure } from './failures.ts';
import type { Asked, NotAsked, RequestContext } from './request.ts';
import type { BoundedSource } from './view-source.ts';
import { compileWriters, type Write, type Writers } from './writing.ts';

export interface RecognitionDeps {
  readonly source: BoundedSource;
  readonly admission: Admission;
  readonly guard: CallerGuard<Caller>;
  readonly limits: CallerLimits;
  readonly policies: PolicyBook;
  readonly rulesSeen: (nowMs: number) => RulesSeen;
  readonly secrets: readonly Buffer[];
  readonly metrics: Metrics;
  readonly now: () => number;
}

/** What a request asks, and what it is answered. */
export interface Questions<Answered extends object> {
  readonly ok: true;
  /** Whose views are needed. */
  readonly people: readonly PersonAskedFor[];
  /** Parts of the request that can't be answered: the answer names each of them. */
  readonly invalid?: number;
  /** @param snapshots one for each person, in their order */
  readonly answer: (snapshots: readonly Snapshot[], judge: Judge) => Answered;
}

export type Judge = (asked: Asked, snapshot: Snapshot) => Answer;

/**
 * @param read from a body of the documented form to what it asks, or to why that can't be answered
 * @param writerOf by which its answers are written
 */
export function answering<Body, Answered extends object>(
  deps: RecognitionDeps,
  read: (body: Body, context: RequestContext) => Questions<Answered> | NotAsked,
  writerOf: (writers: Writers) => (answered: Answered) => Buffer,
): (request: FastifyRequest, reply: FastifyReply) => Promise<object> {
  const { source, metrics, admission, guard, limits } = deps;
  let write: ((answered: Answered) => Buffer) | undefined;
  return async (request, reply) => {
    const startedMs = performance.now();
    const nowMs = deps.now();
    // Of the same moment as the rules that are chosen: a publication may come while views are read.
    const seen = deps.rulesSeen(nowMs);
    const questions = read(request.body as Body, { ...deps, nowMs, caller: guard.callerOf(request) });
    if (!questions.ok && questions.problem.status === 403) return guard.deny(reply, questions.problem);
    const invalid = questions.ok ? (questions.invalid ?? 0) : 1;
    if (invalid > 0) metrics.counter('hutong_lookup_failures_total').inc({ problem: 'invalid' }, invalid);
    if (!questions.ok) return sendProblem(reply, questions.problem);
    const { people, answer } = questions;
    const keys = people.map(({ key }) => key);
    if (keys.length > 0 && !(await limits.takesPeople(request, reply, people))) return reply;
    let snapshots: readonly Snapshot[];
    try {
      snapshots = keys.length === 0 ? [] : await source.readMany(keys, admission.remainingMs(request));
    } catch (error) {
      return sendFailure(reply, metrics, error, keys.length);
    }
    const leftOut = admission.leftOut(request);
    const answered = answer(snapshots, (asked, snapshot) => answerOf(asked, snapshot, { nowMs, seen, leftOut }, deps));
    metrics.histogram('hutong_lookup_duration_seconds').observe((performance.now() - startedMs) / 1_000);
    write ??= writerOf(compileWriters((schema) => reply.compileSerializationSchema({ ...schema }) as Write));
    // Bytes are sent as they are, though the type knows texts alone.
    reply.type('application/json; charset=utf-8').serializer(write as unknown as (answered: unknown) => string);
    return answered;
  };
}

function answerOf(
  { destination, purpose, policy, codeBook, searched, presented, occasion, atMs }: Asked,
  snapshot: Snapshot,
  { nowMs, seen, leftOut }: { readonly nowMs: number; readonly seen: RulesSeen; readonly leftOut: readonly Part[] },
  { metrics }: RecognitionDeps,
): Answer {
  const answer = recognise({
    destination,
    purpose,
    policy,
    codeBook,
    searched,
    presented,
    occasion,
    atMs,
    snapshot,
    nowMs,
    rulesSeen: seen,
    leftOut,
  });
  const isWithoutRule = answer.reason === 'no_rule_known';
  metrics
    .counter('hutong_lookups_total')
    .inc({ destination, outcome: isWithoutRule ? 'no_rule_known' : answer.outcome });
  if (isWithoutRule) metrics.counter('hutong_lookups_without_rule_total').inc({ destination, purpose });
  return answer;
}
