/**
 * What every service's HTTP side shares: liveness, readiness, metrics, and errors as RFC 9457 problem documents.
 * A problem never repeats what the caller sent: a body may hold a document's number.
 */

import Fastify, {
  LogController,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerOptions,
} from 'fastify';
import { retryAfterSeconds } from './limits/retry-after.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { isRetriable, type Problem, problemOf } from './problems.ts';

export interface HttpOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Null when ready, else why not. */
  readonly readiness: () => Promise<string | null> | string | null;
  readonly fastify?: FastifyServerOptions;
}

export function createHttp({ logger, metrics, readiness, fastify = {} }: HttpOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    requestTimeout: 30_000,
    ...fastify,
  }) as unknown as FastifyInstance;
  app.removeContentTypeParser('text/plain'); // an address takes what it documents, nothing else
  app.setErrorHandler(async (error: FastifyError, request, reply) =>
    sendError(error, request.routeOptions.url, logger, reply),
  );
  app.setNotFoundHandler(async (_request, reply) => sendProblem(reply, problemOf('no-such-address')));
  app.get('/livez', { schema: { hide: true } as object }, async () => ({ live: true }));
  app.get('/readyz', { schema: { hide: true } as object }, async (_request, reply) => {
    const reason = await readiness();
    return reason === null ? { ready: true } : sendProblem(reply, problemOf('not-ready', { detail: reason }));
  });
  app.get('/metrics', { schema: { hide: true } as object }, async (_request, reply) => {
    const { body, contentType } = await metrics.expose();
    return reply.type(contentType).send(body);
  });
  return app;
}

/** With Retry-After, drawn by lot, where the same request may succeed later. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (isRetriable(problem)) askAgainLater(reply);
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

export function askAgainLater(reply: FastifyReply): void {
  reply.header('retry-after', String(retryAfterSeconds(Math.random())));
}

// The route, not the address that was called: that may hold a person key.
function sendError(error: FastifyError, route: string | undefined, logger: Logger, reply: FastifyReply): FastifyReply {
  const [first] = error.validation ?? [];
  if (first !== undefined) {
    return sendProblem(reply, malformed(first));
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    logger.error({ route, code: error.code, error: error.message, stack: error.stack }, 'request failed');
    return sendProblem(reply, problemOf('internal'));
  }
  const title = CLIENT_ERRORS[error.code];
  return sendProblem(reply, problemOf('unusable-request', { ...(title === undefined ? {} : { title }), status }));
}

/** What Ajv found first, as a problem. Its message speaks of the schema and never repeats a value. */
export function malformed(error: FormError | undefined): Problem {
  const { instancePath = '', keyword, params, message = 'is not valid' } = error ?? {};
  const missing = keyword === 'required' ? `/${String(params?.['missingProperty'])}` : '';
  return problemOf('malformed', { pointer: instancePath + missing, detail: message });
}

interface FormError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'the body is larger than the limit',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'the content type is not one that this address takes',
  FST_ERR_CTP_INVALID_JSON_BODY: 'the body is not JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'the body is empty',
  FST_ERR_CTP_INVALID_CHARSET: 'the charset must be utf-8: JSON has no other',
  FST_ERR_CTP_INVALID_CONTENT_ENCODING: 'the content encoding must be gzip or none',
  Z_DATA_ERROR: 'the body is not the gzip that its content encoding announces',
  Z_BUF_ERROR: 'the gzip body ends too early',
};
