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
  return identity === null ? (url, asked) => fetch(url, asked as RequestInit) : fetchAs(identity);
}

/** @param identity read at each connection, so that a renewed certificate is shown from the next one on */
export function fetchAs(identity: Identity): Fetch {
  return (url, { method = 'GET', headers = {}, body, signal } = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const fail = (cause: Error): void =>
      reject(signal?.aborted === true ? (signal.reason as Error) : new TypeError('fetch failed', { cause }));
    const asked = { method, headers, ...(signal === undefined ? {} : { signal }) };
    const sent = url.startsWith('https:')
      ? request(url, { ...asked, ...identity.options, agent })
      : askPlainly(url, { ...asked, agent: plainAgent });
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
  };
}

function headersOf(received: NodeJS.Dict<string | string[]>): [string, string][] {
  return Object.entries(received).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
}
