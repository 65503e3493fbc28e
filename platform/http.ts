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
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';

export interface Problem {
  /** `urn:hutong:problem:<kind>` */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly hint?: string;
  /** JSON pointer to the field in question. */
  readonly pointer?: string;
}

export function problemType(kind: string): string {
  return `urn:hutong:problem:${kind}`;
}

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
  app.setNotFoundHandler(async (_request, reply) =>
    sendProblem(reply, {
      type: problemType('no-such-address'),
      title: 'no such address',
      status: 404,
      hint: 'the API documentation lists the addresses',
    }),
  );
  app.get('/livez', { schema: { hide: true } as object }, async () => ({ live: true }));
  app.get('/readyz', { schema: { hide: true } as object }, async (_request, reply) => {
    const reason = await readiness();
    return reason === null
      ? { ready: true }
      : sendProblem(reply, { type: problemType('not-ready'), title: 'not ready', status: 503, detail: reason });
  });
  app.get('/metrics', { schema: { hide: true } as object }, async (_request, reply) => {
    const { body, contentType } = await metrics.expose();
    return reply.type(contentType).send(body);
  });
  return app;
}

export function sendProblem(reply: FastifyReply, problem: Problem, retryAfterSeconds?: number): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

// The route, not the address that was called: that may hold a person key.
function sendError(error: FastifyError, route: string | undefined, logger: Logger, reply: FastifyReply): FastifyReply {
  const [first] = error.validation ?? [];
  if (first !== undefined) {
    const pointer =
      first.instancePath + (first.keyword === 'required' ? `/${String(first.params['missingProperty'])}` : '');
    return sendProblem(reply, {
      type: problemType('malformed'),
      title: 'the request does not have the documented form',
      status: 400,
      pointer,
      detail: first.message ?? 'is not valid',
    });
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    logger.error({ route, code: error.code, error: error.message, stack: error.stack }, 'request failed');
    return sendProblem(reply, { type: problemType('internal'), title: 'the service failed to answer', status: 500 });
  }
  return sendProblem(reply, {
    type: problemType('unusable-request'),
    title: CLIENT_ERRORS[error.code] ?? 'the request can’t be taken',
    status,
  });
}

const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'the body is larger than the limit',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'the content type is not one that this address takes',
  FST_ERR_CTP_INVALID_JSON_BODY: 'the body is not JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'the body is empty',
  FST_ERR_CTP_INVALID_CONTENT_ENCODING: 'the content encoding must be gzip or none',
  Z_DATA_ERROR: 'the body is not the gzip that its content encoding announces',
  Z_BUF_ERROR: 'the gzip body ends too early',
};
