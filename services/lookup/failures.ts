/**
 * What a caller is told when the view can't be read. It never says what was asked for.
 */

import type { FastifyReply } from 'fastify';
import { HutongError } from '#platform/errors.ts';
import { sendProblem } from '#platform/http.ts';
import type { Metrics } from '#platform/metrics.ts';
import { PROBLEM_OF_ERROR, problemOf } from '#platform/problems.ts';

/** The errors that a look-up expects, with their label in the metric: a fixed list. */
const LABELS = {
  REDIS_UNAVAILABLE: 'redis_unavailable',
  VIEW_UNREADABLE: 'view_unreadable',
  OTHER_EXCHANGE: 'other_exchange',
} as const;

/**
 * Answers with the problem, and counts it for each person who was asked about.
 * @throws the error itself when it's none that a look-up expects
 */
export function sendFailure(reply: FastifyReply, metrics: Metrics, error: unknown, people = 1): FastifyReply {
  if (!(error instanceof HutongError) || !(error.code in LABELS)) throw error;
  const code = error.code as keyof typeof LABELS;
  metrics.counter('hutong_lookup_failures_total').inc({ problem: LABELS[code] }, people);
  return sendProblem(reply, problemOf(PROBLEM_OF_ERROR[code]));
}
