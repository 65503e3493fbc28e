/**
 * Who makes a request: the caller that its token names, known before its body is read. A request without one gets no
 * further. What a caller may do is decided elsewhere; this must never look at what is asked.
 */

import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HutongError } from '#platform/errors.ts';
import { provenCertificate } from '#platform/http-tls.ts';
import { sendProblem } from '#platform/http.ts';
import type { Metrics } from '#platform/metrics.ts';
import { type Problem, problemOf } from '#platform/problems.ts';
import type { KnownToken } from './known-tokens.ts';
import type { TokenRefusal } from './verifier.ts';

export interface Tokens<C> {
  remembered(token: string, nowMs: number): KnownToken<C> | null;
  verify(token: string, nowMs: number): Promise<KnownToken<C> | TokenRefusal>;
}

const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const REALM = 'Bearer realm="hutong"';

export class CallerGuard<C extends object> {
  readonly #tokens: Tokens<C>;
  readonly #metrics: Metrics;
  readonly #now: () => number;
  readonly #callers = new WeakMap<FastifyRequest, C>();

  constructor(tokens: Tokens<C>, metrics: Metrics, now: () => number = Date.now) {
    this.#tokens = tokens;
    this.#metrics = metrics;
    this.#now = now;
  }

  /** Has every route of this instance ask who calls, and refuse who can't be known. */
  protect(app: FastifyInstance): void {
    // Not async, for what is remembered: that would cost a turn of the loop with each request.
    app.addHook('onRequest', (request, reply, done) => {
      const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
      if (token === undefined) return void this.#refuse(reply, NO_TOKEN);
      const nowMs = this.#now();
      const known = this.#tokens.remembered(token, nowMs);
      if (known !== null) return this.#take(known, request, reply, done);
      void this.#verify(token, nowMs, request, reply, done);
    });
  }

  /** Of a request that came through the guard. */
  callerOf(request: FastifyRequest): C {
    const caller = this.#callers.get(request);
    if (caller === undefined) throw new HutongError('INTERNAL', 'a route asks nobody who calls', { retriable: false });
    return caller;
  }

  /** A caller that is known doesn't hold what it asks for. */
  deny(reply: FastifyReply, lack: Pick<Problem, 'pointer' | 'detail' | 'hint'>): FastifyReply {
    this.#metrics.counter('hutong_requests_refused_total').inc({ problem: 'not-entitled' });
    reply.header('www-authenticate', `${REALM}, error="insufficient_scope"`);
    return sendProblem(reply, problemOf('not-entitled', lack));
  }

  async #verify(
    token: string,
    nowMs: number,
    request: FastifyRequest,
    reply: FastifyReply,
    done: (error?: Error) => void,
  ): Promise<void> {
    try {
      this.#take(await this.#tokens.verify(token, nowMs), request, reply, done);
    } catch (error) {
      done(error as Error);
    }
  }

  #take(read: KnownToken<C> | TokenRefusal, request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    if (!read.ok) return void this.#refuse(reply, read);
    if (read.thumbprint !== thumbprintOf(request.raw.socket)) return void this.#refuse(reply, OTHER_CERTIFICATE);
    this.#callers.set(request, read.caller);
    done();
  }

  #refuse(reply: FastifyReply, refusal: TokenRefusal & { readonly isMissing?: true }): FastifyReply {
    this.#metrics.counter('hutong_requests_refused_total').inc({ problem: refusal.why });
    if (refusal.why === 'issuer-unavailable') return sendProblem(reply, problemOf('issuer-unavailable'));
    const { detail = NOT_SIGNED, isMissing } = refusal;
    reply.header('www-authenticate', isMissing === true ? REALM : `${REALM}, error="invalid_token"`);
    return sendProblem(reply, problemOf('not-identified', { detail }));
  }
}

const NOT_SIGNED = 'the token is none that the issuer of this exchange has signed';
const NO_TOKEN = {
  ok: false,
  why: 'not-identified',
  detail: 'the request has no token',
  isMissing: true,
} as const;
const OTHER_CERTIFICATE = {
  ok: false,
  why: 'not-identified',
  detail: 'the token is not bound to the certificate of this connection',
} as const;

const thumbprints = new WeakMap<Socket, string | null>();

/** Of the certificate that the other end of a connection has proved to be its own (RFC 8705); null: of none. */
function thumbprintOf(socket: Socket): string | null {
  const known = thumbprints.get(socket);
  if (known !== undefined) return known;
  const certificate = provenCertificate(socket);
  const thumbprint =
    certificate === undefined ? null : createHash('sha256').update(certificate.raw).digest('base64url');
  thumbprints.set(socket, thumbprint);
  return thumbprint;
}
