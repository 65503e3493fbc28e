/**
 * Requests whose body is on its way. A body that all but stands still is ended, and bodies that wait together are
 * bounded: so nobody holds a service's places and memory with requests that never become any. It reads no body.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Within so long so much of a body must come, or its end. */
export const SLOW_BODY = { withinMs: 2_000, bytesMin: 4_096 } as const;
const LOOK_EVERY_MS = 250;

/** @param bytesMax what bodies under way may announce together; one that announces nothing counts as `bodyLimit` */
export interface BodyLimits {
  readonly bytesMax: number;
}

interface Underway {
  readonly reply: FastifyReply;
  readonly announcedBytes: number;
  sinceMs: number;
  readBytes: number;
}

export interface Refuse {
  (reply: FastifyReply, why: 'body-too-slow' | 'overloaded'): FastifyReply;
}

/** Has every route with a body be watched. @param refuse answers with the problem, and counts it */
export function watchBodies(app: FastifyInstance, { bytesMax }: BodyLimits, refuse: Refuse): void {
  const underway = new Map<FastifyRequest, Underway>();
  let announcedBytes = 0;
  const forget = (request: FastifyRequest): void => {
    const one = underway.get(request);
    if (one === undefined) return;
    underway.delete(request);
    announcedBytes -= one.announcedBytes;
  };
  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const [request, one] of underway)
      if (!isMoving(request, one, nowMs)) {
        forget(request);
        endSlow(request, one.reply, refuse);
      }
  }, LOOK_EVERY_MS);
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
  app.addHook('onRequest', async (request, reply) => {
    if (request.raw.complete || !mayHaveBody(request)) return undefined;
    const announced = Number(request.headers['content-length'] ?? request.routeOptions.bodyLimit ?? 0);
    if (announcedBytes + announced > bytesMax && underway.size > 0) return refuse(reply, 'overloaded');
    announcedBytes += announced;
    underway.set(request, {
      reply,
      announcedBytes: announced,
      sinceMs: performance.now(),
      readBytes: request.raw.socket.bytesRead,
    });
    reply.raw.once('close', () => forget(request));
    return undefined;
  });
  // The first hook behind the parser: the body is there.
  app.addHook('preValidation', async (request) => forget(request));
}

function mayHaveBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function isMoving({ raw }: FastifyRequest, one: Underway, nowMs: number): boolean {
  const { bytesRead } = raw.socket;
  if (raw.complete || bytesRead - one.readBytes >= SLOW_BODY.bytesMin) {
    one.sinceMs = nowMs;
    one.readBytes = bytesRead;
  }
  return nowMs - one.sinceMs < SLOW_BODY.withinMs;
}

/** What comes of the body afterwards is nothing that the connection could be used for. */
function endSlow(request: FastifyRequest, reply: FastifyReply, refuse: Refuse): void {
  reply.raw.once('finish', () => request.raw.destroy());
  reply.header('connection', 'close');
  refuse(reply, 'body-too-slow');
}
