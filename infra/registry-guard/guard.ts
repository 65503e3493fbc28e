/**
 * The guard of the schema registry: HTTPS with a certificate of each caller, and behind it the registry. It passes on
 * what the table of rights lets the caller do, and nothing of a request but what it has looked at.
 */

import { type IncomingMessage, request as askRegistry, Agent, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { mayOnRegistry, type RegistryRequest } from '#exchange/topics/registry-access.ts';
import { followCertificate, nameOf, serverOptionsOf } from '#platform/http-tls.ts';
import type { RevokedCertificates } from '#platform/revoked.ts';
import type { TlsOptions } from '#platform/tls.ts';

export interface GuardOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Read anew at each connection. */
  readonly tls: TlsOptions;
  readonly revoked: Pick<RevokedCertificates, 'has'>;
  /** Where the registry itself listens, on this machine. */
  readonly registryPort: number;
  readonly user: string;
  readonly password: string;
}

export interface RunningGuard {
  readonly url: string;
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** All schemas that there ever were take a tenth of it. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
const REQUEST_MS_MAX = 60_000;
/** What the registry heeds of a request: what it isn't told of can't mean anything. */
const PASSED_ON = ['content-type', 'accept', 'x-registry-preserve-globalid', 'x-registry-preserve-contentid'];
const TOLD = ['content-type', 'content-disposition'];

export async function startGuard(options: GuardOptions): Promise<RunningGuard> {
  const { port, tls, registryPort } = options;
  const agent = new Agent({ keepAlive: true });
  const authorization = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;
  const server = createServer(
    { ...serverOptionsOf(tls), rejectUnauthorized: true, requestTimeout: REQUEST_MS_MAX },
    (request, response) => void answer(request, response),
  );

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request).catch(() => null);
    if (body === null) return refuse(response, 413, 'the body is too large, or broke off');
    const { method = '', url: path = '' } = request;
    // Asked for each request: what a principal may do is a matter of the table, not of the connection.
    if (options.revoked.has(request.socket)) return refuse(response, 403, 'the certificate of who asks was revoked');
    if (!mayOnRegistry(nameOf(request.socket), { method, path, body: body.toString('utf8') }))
      return refuse(response, 403, 'who asks may not do this here');
    passOn({ method, path }, request, body, response);
  }

  function passOn(
    { method, path }: Omit<RegistryRequest, 'body'>,
    { headers }: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): void {
    const passed = Object.fromEntries(PASSED_ON.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));
    const asked = askRegistry({
      agent,
      host: LOOPBACK,
      port: registryPort,
      method,
      path,
      headers: { ...passed, authorization, 'content-length': body.length },
      timeout: REQUEST_MS_MAX,
    });
    asked.on('timeout', () => asked.destroy(new Error('the registry did not answer in time')));
    asked.on('error', () => refuse(response, 502, 'the registry does not answer'));
    asked.on('response', (said) => {
      const told = TOLD.flatMap((name) => (said.headers[name] === undefined ? [] : [[name, said.headers[name]]]));
      response.writeHead(said.statusCode ?? 502, Object.fromEntries(told) as Record<string, string>);
      said.on('error', () => response.destroy()).pipe(response);
    });
    asked.end(body);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, LOOPBACK, resolve);
  });
  const stopFollowing = followCertificate(server, tls);
  return {
    url: `https://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        stopFollowing();
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new RangeError('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** As the Confluent API says it. */
function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
  response.end(JSON.stringify({ error_code: status * 100 + 1, message }));
}
