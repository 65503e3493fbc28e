/** The folder of certificates, and what TLS itself says of what lies in it: over streams, without a socket. */

import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS } from '#core/field/time.ts';
import {
  ensureIdentities,
  filesIn,
  initPki,
  issueCertificates,
  readIssued,
  revokeCertificates,
} from '#exchange/identity/pki.ts';
import { CERTIFICATE_DAYS, RENEW_BEFORE_DAYS } from '#exchange/identity/principals.ts';

const NOW = Date.now();
let root = '';
let dir = '';

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'hutong-pki-'));
  dir = join(root, 'pki');
  await initPki(dir, NOW);
  await issueCertificates(dir, ['broker', 'province-43', 'gate-a'], NOW);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What becomes of a client at a server that looks at the list of revoked certificates: its name, or the refusal. */
async function handshake(client: { readonly cert?: string; readonly ca: string }, crl: string): Promise<string> {
  const [near, far] = duplexPair();
  const own = readFileSync(filesIn(dir).of('broker'), 'utf8');
  const server = new tls.TLSSocket(far as never, {
    isServer: true,
    requestCert: true,
    rejectUnauthorized: true,
    secureContext: tls.createSecureContext({ ca: readFileSync(filesIn(dir).ca), crl, cert: own, key: own }),
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  server.on('secure', () =>
    resolve(
      (server as unknown as { _handle: { verifyError(): Error | null } })._handle.verifyError()?.message ??
        String(server.getPeerCertificate().subject.CN),
    ),
  );
  server.on('error', (error) => resolve(error.message));
  const { cert, ca } = client;
  const socket = tls.connect({
    socket: near,
    host: '127.0.0.1',
    ca,
    ...(cert === undefined ? {} : { cert, key: cert }),
  });
  socket.on('error', (error) => resolve(`client: ${error.message}`));
  return promise.finally(() => {
    socket.destroy();
    server.destroy();
  });
}

const read = (path: string): string => readFileSync(path, 'utf8');

it('a former authority and its successor of the same name are told apart, where both are believed', async () => {
  const successor = join(root, 'successor');
  await initPki(successor, NOW);
  await issueCertificates(successor, ['broker'], NOW);
  const cert = read(filesIn(dir).of('province-43'));
  const both = [successor, dir].map((one) => read(filesIn(one).ca)).join('');
  expect(await handshake({ cert, ca: both }, read(filesIn(dir).crl))).toBe('province-43');
  expect(await handshake({ cert, ca: read(filesIn(successor).ca) }, read(filesIn(dir).crl))).toMatch(/^client: /);
});

describe('the folder', () => {
  it('is readable by its owner only, and so is every file in it', () => {
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(readdirSync(dir).map((name) => [name, statSync(join(dir, name)).mode & 0o777])).toEqual(
      readdirSync(dir).map((name) => [name, 0o600]),
    );
  });
  it('keeps the authority that it has', async () => {
    const before = read(filesIn(dir).ca);
    expect(await initPki(dir, NOW)).toBe(false);
    expect(read(filesIn(dir).ca)).toBe(before);
  });
  it('refuses to issue where there is no authority, with the mend', async () => {
    await expect(issueCertificates(join(root, 'none'), ['lookup'], NOW)).rejects.toThrow(
      expect.objectContaining({ code: 'IDENTITY_UNUSABLE', hint: expect.stringContaining('pki init') }),
    );
  });
});

describe('a certificate', () => {
  it('is signed by the authority, bears the name, and fits its key', () => {
    const own = new X509Certificate(read(filesIn(dir).of('province-43')));
    const authority = new X509Certificate(read(filesIn(dir).ca));
    expect(own.checkIssued(authority) && own.verify(authority.publicKey)).toBe(true);
    expect(own.subject).toBe('CN=province-43');
    expect(own.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(own.ca).toBe(false);
    expect(read(filesIn(dir).of('province-43'))).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });
  it('of who only ever asks is no server’s', () => {
    const own = new X509Certificate(read(filesIn(dir).of('gate-a')));
    expect(own.subjectAltName).toBeUndefined();
    expect(own.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  });
  it('lets its owner in, and nobody without one or with one of another authority', async () => {
    const other = join(root, 'other');
    await initPki(other, NOW);
    await issueCertificates(other, ['province-43'], NOW);
    const { ca, crl, of } = filesIn(dir);
    expect(await handshake({ cert: read(of('province-43')), ca: read(ca) }, read(crl))).toBe('province-43');
    expect(await handshake({ ca: read(ca) }, read(crl))).toMatch(/did not return a certificate|unable to get/);
    expect(await handshake({ cert: read(filesIn(other).of('province-43')), ca: read(ca) }, read(crl))).toMatch(
      /unable to (get local issuer|verify)|certificate signature failure/,
    );
  });
  it('that was revoked is refused by who looks at the list, and its successor is not', async () => {
    const { ca, crl, of } = filesIn(dir);
    const former = read(of('gate-a'));
    expect(await handshake({ cert: former, ca: read(ca) }, read(crl))).toBe('gate-a');
    expect(await revokeCertificates(dir, 'gate-a', NOW)).toBe(1);
    expect(await revokeCertificates(dir, 'gate-a', NOW)).toBe(0);
    expect(await handshake({ cert: former, ca: read(ca) }, read(crl))).toMatch(/revoked/);
    await issueCertificates(dir, ['gate-a'], NOW);
    expect(await handshake({ cert: read(of('gate-a')), ca: read(ca) }, read(crl))).toBe('gate-a');
    expect(await handshake({ cert: former, ca: read(ca) }, read(crl))).toMatch(/revoked/);
  });
});

describe('the identities of a stack', () => {
  it('are made once, renewed when they are due, and not given back to who was revoked', async () => {
    const own = join(root, 'stack');
    const names = ['broker', 'lookup', 'operator'] as const;
    expect(await ensureIdentities(own, names, NOW)).toEqual(names);
    expect(await ensureIdentities(own, names, NOW)).toEqual([]);
    await revokeCertificates(own, 'lookup', NOW);
    expect(await ensureIdentities(own, names, NOW)).toEqual([]);
    const dueMs = NOW + (CERTIFICATE_DAYS - RENEW_BEFORE_DAYS) * DAY_MS + 1;
    expect(await ensureIdentities(own, names, dueMs)).toEqual(['broker', 'operator']);
    expect(readIssued(own).map(({ name }) => name)).toEqual([...names, 'broker', 'operator']);
  });
});
