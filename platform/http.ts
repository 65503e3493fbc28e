/**
 * What every service's HTTP side shares: liveness, readiness, metrics, and errors as RFC 9457 problem documents.
 * A problem never repeats what the caller sent: a body may hold a document's number.
 */

import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import Fastify, {
  type ConnectionError,
  LogController,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import { type FormError, formWordsOf } from './form-words.ts';
import { isHostOurs, LOOPBACK_HOSTS, methodsByAddress } from './http-addresses.ts';
import { watchBodies } from './http-bodies.ts';
import { onceForEachForm } from './http-serializers.ts';
import { followCertificate, nameOf, serverOptionsOf } from './http-tls.ts';
import { retryAfterSeconds } from './limits/retry-after.ts';
import type { Logger } from './log.ts';
import { watchLoopDelay } from './loop-delay.ts';
import type { Metrics } from './metrics.ts';
import { isRetriable, type Problem, problemOf } from './problems.ts';
import type { RevokedCertificates } from './revoked.ts';
import type { TlsOptions } from './tls.ts';

export interface HttpOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Null when ready, else why not. */
  readonly readiness: () => Promise<string | null> | string | null;
  readonly fastify?: FastifyServerOptions;
  /** What bodies under way may announce together. */
  readonly bodiesBytesMax?: number;
  /** Under which names it is asked, in lower case and without a port. */
  readonly hosts?: readonly string[];
  /** Serves HTTPS, and asks callers for a certificate of theirs. No service goes without. */
  readonly tls?: TlsOptions;
  /** Whose requests are refused, on connections that are open too. */
  readonly revoked?: Pick<RevokedCertificates, 'has'>;
  /** To whom metrics are shown over HTTPS, by the name in their certificate. */
  readonly metricsReaders?: readonly string[];
}

/** Connections at a time; thousands that are idle cost little, and more would be an attack or a mistake. */
const CONNECTIONS_MAX = 20_000;
/** Headers that took so long will not come. */
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often Node looks for requests that are late; by itself only every 30 s. */
const LATE_LOOK_MS = 500;
/** So late an event loop is an alarm. */
const LATE_LOOP_MS = 1_000;
const SERVER_OPTIONS = {
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: LATE_LOOK_MS,
  requireHostHeader: false, // whoever names none is told so like everybody else
};
export const BODIES_BYTES_MAX = 64 * 1024 * 1024;

/** What a caller's browser may do with an answer: nothing but read it. All of it is static, so no library sets it. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;
const REVOKED = 'the certificate of this connection was revoked';
const NO_METRICS = 'metrics are shown to who shows a certificate that may read them';
const METRICS_HINT = 'show the certificate of prometheus or of the operator';
/** The pages of the documentation run scripts of their own. */
const PAGES = '/docs';

export function createHttp({
  logger,
  metrics,
  readiness,
  fastify = {},
  bodiesBytesMax = BODIES_BYTES_MAX,
  hosts = LOOPBACK_HOSTS,
  tls,
  revoked,
  metricsReaders = [],
}: HttpOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    requestTimeout: REQUEST_TIMEOUT_MS,
    // The framework heeds but one of the two.
    ...(tls === undefined ? { http: SERVER_OPTIONS } : { https: { ...SERVER_OPTIONS, ...serverOptionsOf(tls) } }),
    // An address that can't be read: the framework's own answer would repeat it, with the key that may stand in it.
    frameworkErrors: (_error, _request, reply) => {
      void sendProblem(reply as unknown as FastifyReply, problemOf('no-such-address'));
    },
    clientErrorHandler: endMalformed,
    schemaController: { compilersFactory: { buildSerializer: onceForEachForm() } },
    ...fastify,
  }) as unknown as FastifyInstance;
  app.server.maxConnections = CONNECTIONS_MAX;
  // An expectation that nobody knows is passed over: Node's own 417 is no problem document.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  if (tls !== undefined) {
    const stopFollowing = followCertificate(app.server as unknown as HttpsServer, tls);
    app.addHook('onClose', async () => stopFollowing());
  }
  const methodsOf = methodsByAddress(app);
  const refuseAddress = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const methods = methodsOf(request.url);
    if (methods.length === 0) return sendProblem(reply, problemOf('no-such-address'));
    return sendProblem(reply.header('allow', methods.join(', ')), problemOf('other-method'));
  };
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith(PAGES)) reply.headers(HEADERS);
    if (revoked?.has(request.raw.socket) === true) return refuseRevoked(reply, metrics);
    if (!isHostOurs(request, hosts)) return sendProblem(reply, problemOf('other-host'));
    // Before its body is read: a broken one would be what it is told of.
    return request.is404 ? refuseAddress(request, reply) : undefined;
  });
  warnOfLateLoop(app, logger, metrics);
  watchBodies(app, { bytesMax: bodiesBytesMax }, (reply, why) => sendProblem(reply, problemOf(why)));
  app.removeContentTypeParser('text/plain'); // an address takes what it documents, nothing else
  app.setErrorHandler(async (error: FastifyError, request, reply) =>
    sendError(error, request.routeOptions.url, logger, reply),
  );
  app.setNotFoundHandler(refuseAddress);
  app.get('/livez', { schema: { hide: true } as object }, async () => ({ live: true }));
  app.get('/readyz', { schema: { hide: true } as object }, async (_request, reply) => {
    const reason = await readiness();
    return reason === null ? { ready: true } : sendProblem(reply, problemOf('not-ready', { detail: reason }));
  });
  app.get('/metrics', { schema: { hide: true } as object }, async ({ socket }, reply) => {
    if (tls !== undefined && !metricsReaders.includes(nameOf(socket)))
      return sendProblem(reply, problemOf('not-entitled', { detail: NO_METRICS, hint: METRICS_HINT }));
    const { body, contentType } = await metrics.expose();
    return reply.type(contentType).send(body);
  });
  return app;
}

/** The connection ends with the answer: a new one with another certificate may be let in. */
function refuseRevoked(reply: FastifyReply, metrics: Metrics): FastifyReply {
  metrics.counter('hutong_requests_refused_total').inc({ problem: 'not-identified' });
  return sendProblem(reply.header('connection', 'close'), problemOf('not-identified', { detail: REVOKED }));
}

/** Nothing goes on in a service whose event loop stands, so it says so itself, once for each time. */
function warnOfLateLoop(app: FastifyInstance, logger: Logger, metrics: Metrics): void {
  watchLoopDelay(app, ({ longestMs }) => {
    metrics.gauge('hutong_event_loop_delay_seconds').set(longestMs / 1_000);
    if (longestMs < LATE_LOOP_MS) return;
    metrics.counter('hutong_event_loop_late_total').inc();
    logger.error(
      { lateMs: Math.round(longestMs), hint: 'see what it did then; the machine may be too small' },
      'the event loop stood still',
    );
  });
}

/** With Retry-After where the same request may succeed later: drawn by lot, unless who refuses knows when. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (isRetriable(problem) && !reply.hasHeader('retry-after')) askAgainLater(reply);
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

/** What isn't HTTP, or whose headers are too long or too late, reaches no route. */
function endMalformed(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const [status, words, title] = MALFORMED[error.code] ?? MALFORMED_OTHERWISE;
  const body = JSON.stringify(problemOf('unusable-request', { title, status }));
  socket.end(
    `HTTP/1.1 ${status} ${words}\r\nconnection: close\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

const MALFORMED: Readonly<Record<string, readonly [status: number, words: string, title: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'the headers are longer than the limit'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'the request did not come in time'],
};
const MALFORMED_OTHERWISE = [400, 'Bad Request', 'the request is not HTTP'] as const;

/** What Ajv found first, as a problem. */
export function malformed(error: FormError | undefined): Problem {
  return problemOf('malformed', error === undefined ? { detail: 'is not valid' } : formWordsOf(error));
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
