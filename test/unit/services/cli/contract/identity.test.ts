/** What a contract test says of a province's certificate as it lies at hand, at a fixed instant. */

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS } from '#core/field/time.ts';
import { initPki, issueCertificates, revokeCertificates, templateIn } from '#exchange/identity/pki.ts';
import { CERTIFICATE_DAYS } from '#exchange/identity/principals.ts';
import { HutongError } from '#platform/errors.ts';
import { certificateFound, tokenFound } from '#services/cli/contract/identity.ts';

const NOW_MS = Date.now();
const runDir = mkdtempSync(join(tmpdir(), 'hutong-contract-'));
const pki = join(runDir, 'pki');
const NOWHERE = templateIn('/nowhere');

beforeAll(async () => {
  await initPki(pki, NOW_MS);
  await issueCertificates(pki, ['province-43', 'province-11', 'province-12'], NOW_MS);
  await revokeCertificates(pki, 'province-12', NOW_MS);
  cpSync(join(pki, 'province-43.pem'), join(pki, 'province-33.pem'));
});
afterAll(() => rmSync(runDir, { recursive: true }));

const found = (code: '43' | '11' | '12' | '33' | '44', afterDays = 0, tls = NOWHERE) => {
  const sought = {
    principal: `province-${code}`,
    runDir,
    tls,
    nowMs: NOW_MS + afterDays * DAY_MS,
    dueDays: 30,
  } as const;
  const its = certificateFound(sought);
  return its === null ? null : `${its.step} ${its.code}`;
};

it('says nothing of a certificate that lasts', () => {
  expect(found('43')).toBeNull();
});
it('warns of one that is due, or isn’t there, and finds fault with one that has ended', () => {
  expect(found('43', CERTIFICATE_DAYS - 10)).toBe('warning certificate-due');
  expect(found('43', CERTIFICATE_DAYS + 1)).toBe('identity certificate-ended');
  expect(found('44')).toBe('warning no-certificate');
});
it('finds fault with one that was revoked, is another’s, or can’t be used', () => {
  expect(found('12')).toBe('identity certificate-revoked');
  expect(found('33')).toBe('identity certificate-of-another');
  const broken = { ...templateIn(pki), cert: join(pki, 'province-11.crt'), key: join(pki, 'province-43.pem') };
  expect(found('44', 0, broken)).toBe('identity certificate-unusable');
});
it('tells a client that is missing from an issuer that refuses it; a mistake in the program stays one', async () => {
  const refused = new HutongError('TOKEN_REFUSED', 'no token', { retriable: false, hint: 'register it' });
  const of = (error: Error) => tokenFound('province-43', () => Promise.reject(error));
  expect(await of(refused)).toMatchObject({ step: 'identity', code: 'no-token', hint: 'register it' });
  expect(await of(new RangeError('no client'))).toMatchObject({ step: 'identity', code: 'no-client' });
  await expect(of(new TypeError('oh'))).rejects.toThrow('oh');
  expect(await tokenFound('province-43', async () => 'x')).toBeNull();
});
