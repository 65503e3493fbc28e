/** Keys to sign with, as files: made once, readable by their owner only, and never repeated in a message. */

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeSigningKey } from '#exchange/keys/make.ts';
import { signatureHeaders, signatureHolds } from '#exchange/keys/signatures.ts';
import { publicHalves, requireAnchors, requireSigningKey } from '#exchange/keys/signing-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'hutong-signing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('signing keys', () => {
  it('are made once for each principal, and the operator’s public half is a file of its own', () => {
    const made = ['province-43', 'operator'].flatMap((principal) => makeSigningKey(folder, principal));
    expect(made.map((path) => path.slice(folder.length))).toEqual([
      '/signing/province-43-1.pem',
      '/signing/operator-1.pem',
      '/anchors/operator-1.pem',
    ]);
    for (const path of made) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(makeSigningKey(folder, 'operator')).toEqual([]);
    expect(readFileSync(join(folder, 'anchors/operator-1.pem'), 'utf8')).not.toContain('PRIVATE');
  });
  it('sign what their public halves hold good', () => {
    const key = requireSigningKey(folder, 'operator');
    const record = { key: null, value: Buffer.from('x') };
    const headers = signatureHeaders(key, record);
    expect(requireAnchors(folder).map((anchor) => signatureHolds(anchor, { ...record, headers }))).toEqual([true]);
    expect(publicHalves(folder).map(({ id }) => id)).toEqual(['operator-1', 'province-43-1']);
  });
  it('that are missing, or no keys, are said by file and never by content', () => {
    expect(() => requireSigningKey(folder, 'province-44')).toThrow('holds no key of province-44');
    expect(() => requireAnchors(join(folder, 'nowhere'))).toThrow('no public key of the operator');
    writeFileSync(join(folder, 'signing/province-44-1.pem'), 'canary');
    expect(() => requireSigningKey(folder, 'province-44')).toThrow(/province-44-1\.pem is no Ed25519 key$/);
  });
});
