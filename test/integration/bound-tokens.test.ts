/**
 * Tokens that are bound to a certificate (RFC 8705), from a real issuer to a real door: what is stolen without the
 * certificate lets nobody in. And a certificate that is revoked ends what its open connections may do. The allowed twin
 * stands beside each refusal.
 */

import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerOf } from '#exchange/identity/caller.ts';
import { ensureIdentities, issueCertificates, revokeCertificates, templateIn } from '#exchange/identity/pki.ts';
import type { Principal } from '#exchange/identity/principals.ts';
import { until } from '#exercises/oracle/exchange.ts';
import type { RunningIssuer } from '#infra/issuer/issuer.ts';
import { ensureClients } from '#infra/issuer/keys.ts';
import { type Config, readConfig } from '#platform/config.ts';
import { type Fetch, fetchAs, fetchAsNobody } from '#platform/fetch-as.ts';
import { createHttp } from '#platform/http.ts';
import { Metrics } from '#platform/metrics.ts';
import { RevokedCertificates } from '#platform/revoked.ts';
import { filesOf, Identity } from '#platform/tls.ts';
import { clientFileIn, readClientFile } from '#platform/tokens/client-file.ts';
import { guardBySettings } from '#platform/tokens/from-settings.ts';
import { issuerIn, writeRegistered } from '#platform/tokens/registered-clients.ts';
import { TokenSource } from '#platform/tokens/token-source.ts';
import { rotate } from '#services/cli/keys/rotate.ts';
import { revokePrincipal } from '#services/cli/pki/revoke.ts';
import { addProvince } from '#services/cli/province/add.ts';
import { type ClientOfExchange, clientAs } from '#services/cli/shared/as.ts';
import { Listener, MLLP_LIMITS } from '#services/mllp/listener.ts';
import { startTestIssuer } from '#test/support/issuer.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';

describe('a token that is got with a certificate', () => {
  const runDir = mkdtempSync(join(tmpdir(), 'hutong-bound-'));
  const folder = join(runDir, 'pki');
  let issuer: RunningIssuer;
  let door: FastifyInstance;
  let url: string;
  let stopKeys: () => void;
  const closing: (() => void)[] = [];

  beforeAll(async () => {
    await ensureIdentities(folder, ['issuer', 'lookup', 'province-43', 'province-44', 'province-45'], Date.now());
    issuer = await startTestIssuer(runDir);
    const { guard, stop } = await guardBySettings(settings().tokens, callerOf, {
      metrics: new Metrics(),
      logger: SILENT,
    });
    stopKeys = stop;
    const identity = new Identity(filesOf(templateIn(folder), 'lookup'));
    door = createHttp({
      logger: SILENT,
      metrics: new Metrics(),
      readiness: () => null,
      tls: identity.options,
      revoked: new RevokedCertificates(templateIn(folder).crl),
    });
    await door.register(async (routes) => {
      guard.protect(routes);
      routes.get('/who', async (asked) => ({ id: guard.callerOf(asked).id }));
    });
    url = await door.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    for (const close of closing) close();
    stopKeys?.();
    await door?.close();
    await issuer?.stop();
    rmSync(runDir, { recursive: true });
  });

  const settings = (): Config => readConfig({ HUTONG_ISSUER: issuer.url });
  const client = (name: Principal): ClientOfExchange => clientAs(name, runDir, settings);
  const shows = async (ask: Fetch, token: string): Promise<number> =>
    (await ask(`${url}/who`, { headers: { authorization: `Bearer ${token}` } })).status;
  const withCertificateOf = (name: Principal): Fetch => fetchAs(new Identity(filesOf(templateIn(folder), name)));

  /** Asks over one connection for as long as that lasts. */
  function openAs(name: Principal) {
    const agent = new Agent({
      keepAlive: true,
      maxSockets: 1,
      ...new Identity(filesOf(templateIn(folder), name)).options,
    });
    const connection = {
      opened: 0,
      ask: (token: string): Promise<number> =>
        new Promise((resolve, reject) => {
          const sent = request(`${url}/who`, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
            if (!sent.reusedSocket) connection.opened += 1;
            answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
          });
          sent.on('error', reject).end();
        }),
      close: () => agent.destroy(),
    };
    closing.push(() => connection.close());
    return connection;
  }

  it('is stolen without the certificate: nobody gets in by it', async () => {
    const { token, fetch, certificate } = client('province-43');
    const stolen = await token();
    expect(certificate()?.cert).toBe(join(runDir, 'pki', 'province-43.pem'));
    expect([
      await shows(fetch, stolen),
      await shows(fetchAsNobody, stolen),
      await shows(withCertificateOf('province-44'), stolen),
    ]).toEqual([200, 401, 401]);
  });
  it('is got anew once the certificate was renewed, and the former one counts no more', async () => {
    const { token, fetch } = client('province-44');
    const before = await token();
    expect([await shows(fetch, before), await token()]).toEqual([200, before]);
    await issueCertificates(folder, ['province-44'], Date.now());
    const after = await token();
    expect(after).not.toBe(before);
    expect([await shows(fetch, after), await shows(fetch, before)]).toEqual([200, 401]);
  });
  it('isn’t bound where the client has no certificate, and then counts without one alone', async () => {
    const gate = client('gate-11');
    const token = await gate.token();
    expect(gate.certificate()).toBeNull();
    expect([
      await shows(gate.fetch, token),
      await shows(fetchAsNobody, token),
      await shows(withCertificateOf('province-43'), token),
    ]).toEqual([200, 200, 401]);
  });
  it('was given to who has a certificate without it, or by another’s: a thief of its key alone gets none', async () => {
    const source = (identity: Identity | null) =>
      new TokenSource({
        ...readClientFile(clientFileIn(join(runDir, 'clients'), 'province-43')),
        issuer: issuer.url,
        audience: settings().tokens.audience,
        identity,
      });
    const own = (name: Principal): Identity => new Identity(filesOf(templateIn(folder), name));
    for (const shown of [null, own('province-44')]) {
      const refused = await source(shown)
        .token()
        .catch((error: unknown) => error);
      expect(refused).toMatchObject({
        code: 'TOKEN_REFUSED',
        message: expect.stringContaining('ask on a connection that shows it'),
      });
    }
    expect(await source(own('province-43')).token()).toMatch(/^ey/);
  });
  it('was taken on an open connection though its certificate was revoked; another’s connection goes on', async () => {
    const connections = { '44': openAs('province-44'), '45': openAs('province-45') };
    const [token44, token45] = [await client('province-44').token(), await client('province-45').token()];
    expect([await connections['44'].ask(token44), await connections['45'].ask(token45)]).toEqual([200, 200]);
    const lines: string[] = [];
    const where = { runDir, kafka: null };
    expect(await revokePrincipal(folder, 'province-44', where, (line) => void lines.push(line), Date.now())).toBe(0);
    expect(lines.join()).toContain('gives it no more tokens');
    await until('the door has read the list', async () => (await connections['44'].ask(token44)) === 401);
    expect(await connections['45'].ask(token45)).toBe(200);
    expect(connections['44'].opened).toBe(1);
    expect(await shows(withCertificateOf('province-44'), token44)).toBe(401);
    await expect(client('province-44').token()).rejects.toThrow('gives province-44 no token');
    await issueCertificates(folder, ['province-44'], Date.now());
    await addProvince('44', { runDir, kafka: null, hosts: [] }, () => undefined, Date.now());
    const again = client('province-44');
    expect(await shows(again.fetch, await again.token())).toBe(200);
  });
  it('is given by the former key of a client and by the next one, until the issuer forgets the former', async () => {
    const known = (): string[] => readdirSync(join(runDir, 'clients')).filter((file) => file.startsWith('province-45'));
    expect(known()).toEqual(['province-45.json']);
    const former = join(runDir, 'former.json');
    cpSync(join(runDir, 'clients', 'province-45.json'), former);
    await rotate(
      'province-45',
      'client-key',
      { runDir, kafka: null, hosts: [], fromMs: null },
      { print: () => undefined, now: Date.now, sleep: async () => undefined },
    );
    const [byFormer, byNext] = [clientAs(former, runDir, settings), clientAs('province-45', runDir, settings)];
    expect(await shows(byFormer.fetch, await byFormer.token())).toBe(200);
    expect(await shows(byNext.fetch, await byNext.token())).toBe(200);
    // As at its next start.
    writeRegistered(issuerIn(runDir), ensureClients(join(runDir, 'clients'), templateIn(folder)));
    await expect(clientAs(former, runDir, settings).token()).rejects.toThrow('gives province-45 no token');
    expect(await shows(byNext.fetch, await clientAs('province-45', runDir, settings).token())).toBe(200);
  });
});

describe('a connection by MLLP that outlives its certificate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-mllp-'));
  let listener: Listener;
  const senders: TLSSocket[] = [];
  const taken: string[] = [];

  beforeAll(async () => {
    await ensureIdentities(folder, ['mllp', 'gate-a', 'gate-b'], Date.now());
    const tls = templateIn(folder);
    listener = new Listener({
      tls: new Identity(filesOf(tls, 'mllp')).options,
      revoked: new RevokedCertificates(tls.crl),
      limits: MLLP_LIMITS,
      take: async (sender) => {
        taken.push(sender);
        return { code: 'AA', troubles: [] };
      },
      now: Date.now,
      newControlId: () => 'A1',
      onAnswered: () => undefined,
      onNoFrame: () => undefined,
      onRefused: () => undefined,
    });
  });
  afterAll(async () => {
    for (const sender of senders) sender.destroy();
    await listener?.close();
    rmSync(folder, { recursive: true });
  });

  it('went on sending: it is told so, and ends; another’s goes on', async () => {
    const port = await listener.listen('127.0.0.1', 0);
    const [a, b] = await Promise.all([sends(port, 'gate-a'), sends(port, 'gate-b')]);
    expect([await a('1'), await b('1')]).toEqual(['AA', 'AA']);
    await revokeCertificates(folder, 'gate-a', Date.now());
    await until('the listener has read the list', async () => (await a('2')) === 'AR');
    expect(await b('2')).toBe('AA');
    taken.length = 0;
    expect(await a('3')).toBe('gone');
    const again = await sends(port, 'gate-a');
    expect(await again('4')).toBe('gone');
    expect(taken).toEqual([]);
  });

  /** @returns the code of the acknowledgement of a message, or `gone` where none comes any more */
  async function sends(port: number, name: Principal): Promise<(id: string) => Promise<string>> {
    const socket = connect({ host: '127.0.0.1', port, ...new Identity(filesOf(templateIn(folder), name)).options });
    senders.push(socket);
    socket.on('error', () => undefined);
    const gone = new Promise<string>((resolve) => void socket.once('close', () => resolve('gone')));
    await once(socket, 'secureConnect');
    return (id) => {
      const answered = new Promise<string>((resolve) => {
        socket.once('data', (said: Buffer) => resolve(/MSA\|(A[AER])/.exec(said.toString())?.[1] ?? ''));
      });
      socket.write(`\u000bMSH|^~\\&|LIS|A|||20220801||ORU^R01|${id}|P|2.5.1\u001c\r`);
      return Promise.race([answered, gone]);
    };
  }
});
