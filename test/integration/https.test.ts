/**
 * A door over TLS on a real socket: a token that is bound to a certificate counts on connections of that certificate
 * alone (RFC 8705), and a connection that shows a certificate takes no token of anybody else's. Each refusal stands
 * beside what passes.
 */

import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callerOf } from '#exchange/identity/caller.ts';
import { filesIn, initPki, issueCertificates, templateIn } from '#exchange/identity/pki.ts';
import { METRICS_READERS, type Principal } from '#exchange/identity/principals.ts';
import { fetchAs } from '#platform/fetch-as.ts';
import { RENEWED_LOOK_MS } from '#platform/http-tls.ts';
import { createHttp } from '#platform/http.ts';
import { Metrics } from '#platform/metrics.ts';
import { filesOf, Identity } from '#platform/tls.ts';
import { CallerGuard } from '#platform/tokens/caller-guard.ts';
import { IssuerKeys } from '#platform/tokens/issuer-keys.ts';
import { KnownTokens } from '#platform/tokens/known-tokens.ts';
import { TokenVerifier } from '#platform/tokens/verifier.ts';
import { AUDIENCE, ISSUER, newSigningKey, published, signToken } from '#test/support/tokens.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';

const KEY = newSigningKey('a');
const folder = mkdtempSync(join(tmpdir(), 'hutong-https-'));
const foreign = mkdtempSync(join(tmpdir(), 'hutong-https-'));
let app: FastifyInstance;
let port: number;
/** The door's own, as its files say at the moment. */
let own: { ca: string; cert: string; key: string };

const ofPrincipal = (dir: string, principal: Principal): string => readFileSync(filesIn(dir).of(principal), 'utf8');
const authority = (dir: string): string => readFileSync(filesIn(dir).ca, 'utf8');

beforeAll(async () => {
  for (const dir of [folder, foreign]) {
    await initPki(dir, Date.now());
    await issueCertificates(dir, ['lookup', 'gate-44', 'gate-45', 'prometheus', 'operator'], Date.now());
  }
  const keys = new IssuerKeys({
    read: async () => published(KEY),
    boundMs: 3_600_000,
    monotonicMs: () => performance.now(),
    logger: SILENT,
  });
  const verifier = new TokenVerifier(keys, { issuer: ISSUER, audience: AUDIENCE });
  const guard = new CallerGuard(new KnownTokens(verifier, callerOf), new Metrics());
  const pem = ofPrincipal(folder, 'lookup');
  own = { ca: authority(folder), cert: pem, key: pem };
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  app = createHttp({
    logger: SILENT,
    metrics: new Metrics(),
    readiness: () => null,
    metricsReaders: METRICS_READERS,
    tls: {
      get ca() {
        return own.ca;
      },
      get cert() {
        return own.cert;
      },
      get key() {
        return own.key;
      },
    },
  });
  await app.register(async (routes) => {
    guard.protect(routes);
    routes.get('/who', async (asked) => ({ id: guard.callerOf(asked).id }));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
});
afterAll(async () => {
  await app.close();
  vi.useRealTimers();
  for (const dir of [folder, foreign]) rmSync(dir, { recursive: true });
});

interface From {
  /** Whose certificate the connection shows; none by default. */
  readonly principal?: Principal;
  readonly dir?: string;
  readonly path?: string;
}

/** Each on a connection of its own. */
async function ask(token: string | null, { principal, dir = folder, path }: From = {}): Promise<[number, string]> {
  const own = principal === undefined ? {} : { cert: ofPrincipal(dir, principal), key: ofPrincipal(dir, principal) };
  return new Promise((resolve, reject) => {
    request(
      {
        host: '127.0.0.1',
        port,
        path: path ?? (token === null ? '/livez' : '/who'),
        agent: false,
        ca: authority(folder),
        ...own,
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
      },
      (answer) => void text(answer).then((body) => resolve([answer.statusCode ?? 0, body]), reject),
    )
      .on('error', reject)
      .end();
  });
}

const boundTo = (principal: Principal | null, dir = folder): Promise<string> => {
  if (principal === null) return signToken(KEY, { nowMs: Date.now() });
  const { raw } = new X509Certificate(ofPrincipal(dir, principal));
  const thumbprint = createHash('sha256').update(raw).digest('base64url');
  return signToken(KEY, { nowMs: Date.now(), claims: { cnf: { 'x5t#S256': thumbprint } } });
};

describe('over TLS', () => {
  it('health answers whoever trusts the authority, without a certificate', async () => {
    expect((await ask(null))[0]).toBe(200);
  });
  it.each([
    ['bound to the certificate of the connection', 'gate-44', 'gate-44', 200],
    ['bound to another’s certificate', 'gate-45', 'gate-44', 401],
    ['bound to a certificate, on a connection without one', 'gate-44', undefined, 401],
    ['bound to none, on a connection with a certificate', null, 'gate-44', 401],
    ['bound to none, on a connection without one', null, undefined, 200],
  ] as const)('a token counts as it should: %s', async (_what, bound, principal, status) => {
    const [answered, body] = await ask(await boundTo(bound), principal === undefined ? {} : { principal });
    expect(answered).toBe(status);
    if (status === 401) expect(body).toContain('the token is not bound to the certificate of this connection');
  });
  it('a certificate of an authority that isn’t believed is none, whoever it names', async () => {
    const from = { principal: 'gate-44', dir: foreign } as const;
    expect((await ask(await boundTo('gate-44', foreign), from))[0]).toBe(401);
  });
  it.each([
    ['prometheus', 'prometheus', 200],
    ['the operator', 'operator', 200],
    ['a gate', 'gate-44', 403],
    ['who shows none', undefined, 403],
  ] as const)('metrics were shown to anybody: to %s', async (_who, principal, status) => {
    const [answered, body] = await ask(null, { path: '/metrics', ...(principal === undefined ? {} : { principal }) });
    expect(answered).toBe(status);
    expect(body).toContain(status === 200 ? 'process_cpu_seconds_total' : 'show the certificate of prometheus');
  });
  it('metrics aren’t shown to a certificate of an authority that isn’t believed', async () => {
    expect((await ask(null, { path: '/metrics', principal: 'operator', dir: foreign }))[0]).toBe(403);
  });
  it('a renewed certificate is shown to who connects from then on', async () => {
    const before = await serialOfDoor();
    await issueCertificates(folder, ['lookup'], Date.now());
    const pem = ofPrincipal(folder, 'lookup');
    own = { ...own, cert: pem, key: pem };
    expect(await serialOfDoor()).toBe(before);
    await vi.advanceTimersByTimeAsync(RENEWED_LOOK_MS);
    expect(await serialOfDoor()).toBe(new X509Certificate(pem).serialNumber);
    expect(await serialOfDoor()).not.toBe(before);
  });
});

async function serialOfDoor(): Promise<string | undefined> {
  const socket: TLSSocket = connect({ host: '127.0.0.1', port, ca: authority(folder) });
  await once(socket, 'secureConnect');
  const serial = socket.getPeerX509Certificate()?.serialNumber;
  socket.destroy();
  return serial;
}

it('a connection that its server closes just when it is used again is asked once more, on a new one', async () => {
  const asked: number[] = [];
  const numbers = new WeakMap<object, number>();
  let connections = 0;
  const server = createServer((request, response) => {
    const number = (numbers.get(request.socket) ?? 0) + 1;
    numbers.set(request.socket, number);
    asked.push(number);
    if (number === 2) request.socket.destroy();
    else response.end('here');
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    const fetchIt = fetchAs(new Identity(filesOf(templateIn(folder), 'operator')));
    const texts = [await (await fetchIt(url)).text(), await (await fetchIt(url)).text()];
    expect([texts, asked, connections]).toEqual([['here', 'here'], [1, 2, 1], 2]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
