/** Which certificates a list names, read without a library, and held against lists that one has written. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Authority, createAuthority } from '#exchange/identity/authority.ts';
import { RevokedCertificates, serialsIn } from '#platform/revoked.ts';

const folder = mkdtempSync(join(tmpdir(), 'hutong-revoked-'));
afterAll(() => rmSync(folder, { recursive: true }));

const VALIDITY = { fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2056, 0, 1) };
const authority = await Authority.of(await createAuthority('an authority', VALIDITY));
const listOf = (...serials: readonly string[]): Promise<string> =>
  authority.revoked(
    serials.map((serial) => ({ serial, revokedAtMs: VALIDITY.fromMs })),
    VALIDITY,
  );

describe('a list', () => {
  it.each([
    ['of nobody', []],
    ['of one', ['4a0b1c']],
    ['of a hundred', Array.from({ length: 100 }, (_, n) => (0x4000_0000 + n).toString(16))],
    ['of a number whose first bit is set, before which a zero is written', ['7f01', 'ff01']],
    ['of one as the authority numbers them', ['5f0102030405060708090a0b0c0d0e0f']],
  ])('%s is read as it was written', async (_of, serials) => {
    expect([...serialsIn(await listOf(...serials))].toSorted()).toEqual(serials.toSorted());
  });
  it('may be several: of the former authority, say', async () => {
    expect(serialsIn(`${await listOf('4a')}\n${await listOf('4b')}`)).toEqual(new Set(['4a', '4b']));
  });
  it('that is cut, or is none, is refused, and never read as one of nobody', async () => {
    const list = await listOf('4a0b1c', '4a0b1d');
    const bytes = Buffer.from(list.replaceAll(/-.*-|\s/g, ''), 'base64');
    for (let length = 0; length < bytes.length; length += 7) {
      const cut = `-----BEGIN X509 CRL-----\n${bytes.subarray(0, length).toString('base64')}\n-----END X509 CRL-----`;
      expect(() => serialsIn(cut), String(length)).toThrow(RangeError);
    }
    expect(() => serialsIn('')).toThrow('there is no list');
  });
});

it('a list that is missing at the start is an error with its mend; without a setting nobody is revoked', () => {
  const missing = join(folder, 'missing.pem');
  expect(() => new RevokedCertificates(missing)).toThrow(
    expect.objectContaining({ code: 'IDENTITY_UNUSABLE', hint: expect.stringContaining('HUTONG_TLS_CRL') }),
  );
  writeFileSync(missing, 'no list');
  expect(() => new RevokedCertificates(missing)).toThrow(missing);
  expect(() => new RevokedCertificates()).not.toThrow();
});
