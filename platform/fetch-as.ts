/**
 * `fetch` as a principal: the connection shows its certificate, which Node's own can't. It follows no redirection, for
 * that could lead to somebody else, and keeps a connection for the next request.
 */

import { Agent as PlainAgent, request as askPlainly } from 'node:http';
import { Agent, request } from 'node:https';
import type { Identity } from './tls.ts';

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

/** Rejects as `fetch` does: with the signal's reason, or with what befell the connection as cause. */
export type Fetch = (url: string, asked?: Asked) => Promise<Response>;

/** A server that is asked over HTTP, and as whom; null: as nobody. */
export interface HttpAccess {
  readonly url: string;
  readonly identity: Identity | null;
}

const agent = new Agent({ keepAlive: true });
const plainAgent = new PlainAgent({ keepAlive: true });

export function fetchOf({ identity }: HttpAccess): Fetch {
  return identity === null ? fetchAsNobody : fetchAs(identity);
}

/** Shows no certificate. */
export const fetchAsNobody: Fetch = (url, asked) => fetch(url, { ...(asked as RequestInit), redirect: 'manual' });

/**
 * What is asked must be such that it may arrive twice: a server may close a connection just when it is used again, and
 * then it is asked once more on a new one.
 * @param identity read at each connection, so that a renewed certificate is shown from the next one on
 */
export function fetchAs(identity: Identity): Fetch {
  return async (url, asked = {}) => {
    try {
      return await ask(identity, url, asked);
    } catch (error) {
      if (!(error instanceof ClosedMeanwhile)) throw error;
      return ask(identity, url, asked);
    }
  };
}

/** A connection that was kept open from an earlier request, and was gone when it was used again. */
class ClosedMeanwhile extends TypeError {}

function ask(
  identity: Identity,
  url: string,
  { method = 'GET', headers = {}, body, signal }: Asked,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const asked = { method, headers, ...(signal === undefined ? {} : { signal }) };
  const sent = url.startsWith('https:')
    ? request(url, { ...asked, ...identity.options, agent })
    : askPlainly(url, { ...asked, agent: plainAgent });
  const fail = (cause: NodeJS.ErrnoException): void => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const isLeftOpen = sent.reusedSocket && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE');
    reject(new (isLeftOpen ? ClosedMeanwhile : TypeError)('fetch failed', { cause }));
  };
  sent.on('error', fail).on('response', (answer) => {
    const chunks: Buffer[] = [];
    answer.on('error', fail).on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => {
      const { statusCode: status = 500 } = answer;
      const text = status === 204 || status === 304 ? null : Buffer.concat(chunks);
      resolve(new Response(text, { status, headers: headersOf(answer.headers) }));
    });
  });
  sent.end(body);
  return promise;
}

function headersOf(received: NodeJS.Dict<string | string[]>): [string, string][] {
  return Object.entries(received).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
}
