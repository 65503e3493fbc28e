/**
 * What a caller is told when the view can't be read. It never says what was asked for.
 */

import type { FastifyReply } from 'fastify';
import { HutongError } from '#platform/errors.ts';
import { type Problem, sendProblem } from '#platform/http.ts';
import { retryAfterSeconds } from '#platform/limits/retry-after.ts';
import type { Metrics } from '#platform/metrics.ts';

interface Failure {
  readonly problem: Problem;
  /** For the metric: a fixed list. */
  readonly label: 'redis_unavailable' | 'view_unreadable';
  readonly retryAfterSeconds: number | undefined;
}

/**
 * Answers with the problem, and counts it for each person who was asked about.
 * @throws the error itself when it's none that a look-up expects
 */
export function sendFailure(reply: FastifyReply, metrics: Metrics, error: unknown, people = 1): FastifyReply {
  const { problem, label, retryAfterSeconds: afterSeconds } = failureOf(error);
  metrics.counter('hutong_lookup_failures_total').inc({ problem: label }, people);
  return sendProblem(reply, problem, afterSeconds);
}

function failureOf(error: unknown): Failure {
  if (error instanceof HutongError && error.code === 'REDIS_UNAVAILABLE') {
    return {
      label: 'redis_unavailable',
      retryAfterSeconds: retryAfterSeconds(Math.random()),
      problem: {
        type: 'urn:hutong:problem:view_unavailable',
        title: 'the view can’t be read now',
        status: 503,
        detail: 'redis did not answer',
        hint:
          'try again; meanwhile a result shown through another channel or on paper has equal effect within ' +
          'its window',
      },
    };
  }
  if (error instanceof HutongError && error.code === 'VIEW_UNREADABLE') {
    return {
      label: 'view_unreadable',
      retryAfterSeconds: undefined,
      problem: {
        type: 'urn:hutong:problem:view_unreadable',
        title: 'this person’s view can’t be decoded by this version',
        status: 500,
        hint: 'the look-up is older than what wrote the view: upgrade it',
      },
    };
  }
  throw error;
}
