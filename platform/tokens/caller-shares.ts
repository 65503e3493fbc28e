/**
 * How much of a service one caller may hold at a time: connections, requests whose bodies are on their way, and the
 * bytes that these announce. So one caller with all its machines can't keep the others out. It knows a caller by name
 * alone, and never looks at what is asked.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '#platform/http.ts';
import type { Metrics } from '#platform/metrics.ts';
import { problemOf } from '#platform/problems.ts';

export interface ShareLimits {
  readonly connectionsMax: number;
  readonly halfOpenMax: number;
  /** Of all callers together; one may announce half of it. */
  readonly bodiesBytesMax: number;
}

/** Half of what a service takes in all, and of requests that only begin more than any right client has. */
export const CALLER_SHARE_LIMITS = { connectionsMax: 10_000, halfOpenMax: 2_000 } as const;

const SHARE_OF_BYTES = 0.5;

export type TooMuch = 'connections' | 'half-open' | 'bodies';

const DETAILS: Readonly<Record<TooMuch, string>> = {
  connections: 'the caller holds as many connections as one caller may',
  'half-open': 'as many requests of the caller wait for their bodies as one caller may have',
  bodies: 'the bodies under way of the caller are as large as those of one caller may be',
};

interface Held {
  readonly connections: Set<object>;
  halfOpen: number;
  bodiesBytes: number;
}

/** The bookkeeping. What is held and never given back counts for ever, so whoever takes must give back. */
export class CallerShares {
  readonly #limits: ShareLimits;
  readonly #held = new Map<string, Held>();

  constructor(limits: ShareLimits) {
    this.#limits = limits;
  }

  /** How many callers hold anything. */
  get callers(): number {
    return this.#held.size;
  }

  /** @returns whether it is one of the caller's connections, now or before */
  connect(caller: string, connection: object): boolean {
    const held = this.#of(caller);
    if (!held.connections.has(connection) && held.connections.size >= this.#limits.connectionsMax) return false;
    held.connections.add(connection);
    return true;
  }

  holds(caller: string, connection: object): boolean {
    return this.#held.get(caller)?.connections.has(connection) ?? false;
  }

  disconnect(caller: string, connection: object): void {
    this.#held.get(caller)?.connections.delete(connection);
    this.#forget(caller);
  }

  /** A request whose body is to come. @returns null: it is taken, and has to be given back */
  open(caller: string, announcedBytes: number): Exclude<TooMuch, 'connections'> | null {
    const { halfOpenMax, bodiesBytesMax } = this.#limits;
    const held = this.#of(caller);
    if (held.halfOpen >= halfOpenMax) return 'half-open';
    // One alone is bounded by what a body may be.
    if (held.halfOpen > 0 && held.bodiesBytes + announcedBytes > bodiesBytesMax * SHARE_OF_BYTES) return 'bodies';
    held.halfOpen += 1;
    held.bodiesBytes += announcedBytes;
    return null;
  }

  /** Its body is there, or will not come. */
  close(caller: string, announcedBytes: number): void {
    const held = this.#held.get(caller);
    if (held === undefined) return;
    held.halfOpen -= 1;
    held.bodiesBytes -= announcedBytes;
    this.#forget(caller);
  }

  #of(caller: string): Held {
    const known = this.#held.get(caller);
    if (known !== undefined) return known;
    const held = { connections: new Set<object>(), halfOpen: 0, bodiesBytes: 0 };
    this.#held.set(caller, held);
    return held;
  }

  #forget(caller: string): void {
    const held = this.#held.get(caller);
    if (held !== undefined && held.connections.size === 0 && held.halfOpen === 0) this.#held.delete(caller);
  }
}

/**
 * Has every route of this instance look at what its caller holds already.
 * @param nameOf of a request whose caller is known
 */
export function boundCallers(
  app: FastifyInstance,
  nameOf: (request: FastifyRequest) => string,
  limits: ShareLimits,
  metrics: Metrics,
): void {
  const shares = new CallerShares(limits);
  const bodies = new WeakMap<FastifyRequest, () => void>();
  const refuse = (reply: FastifyReply, what: TooMuch): FastifyReply => {
    metrics.counter('hutong_requests_refused_total').inc({ problem: 'too-many-requests' });
    return sendProblem(reply.header('connection', 'close'), problemOf('too-many-requests', { detail: DETAILS[what] }));
  };
  // Not async: that would cost a turn of the loop with each request.
  app.addHook('onRequest', (request, reply, done) => {
    const caller = nameOf(request);
    const { socket } = request.raw;
    if (!shares.holds(caller, socket)) {
      if (!shares.connect(caller, socket)) return void refuse(reply, 'connections');
      socket.once('close', () => shares.disconnect(caller, socket));
    }
    const announced = announcedBytesOf(request);
    if (announced === null) return done();
    const tooMuch = shares.open(caller, announced);
    if (tooMuch !== null) return void refuse(reply, tooMuch);
    let isOpen = true;
    const close = (): void => {
      if (isOpen) shares.close(caller, announced);
      isOpen = false;
    };
    bodies.set(request, close);
    reply.raw.once('close', close);
    return done();
  });
  // The first hook behind the parser: the body is there.
  app.addHook('preValidation', (request, _reply, done) => {
    bodies.get(request)?.();
    done();
  });
}

/** Null: its body is there already, or it has none. One that announces nothing counts as what it may be. */
function announcedBytesOf({ raw, headers, routeOptions }: FastifyRequest): number | null {
  if (raw.complete) return null;
  const length = headers['content-length'];
  if (headers['transfer-encoding'] === undefined && Number(length ?? 0) === 0) return null;
  return Number(length ?? routeOptions.bodyLimit ?? 0);
}
