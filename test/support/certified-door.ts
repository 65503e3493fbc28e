/**
 * What a door that a test opens in its own process shows to who connects, and how this thread connects to it: by
 * `fetch`, and by hand. It leaves no file.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { ensureIdentities, templateIn } from '#exchange/identity/pki.ts';
import { filesOf, Identity, type TlsOptions } from '#platform/tls.ts';
import { trust } from '#platform/trust.ts';

export interface CertifiedDoor {
  readonly tls: TlsOptions;
  /** Of who believes its authority and has no certificate. */
  readonly forCallers: SecureContext;
}

export async function certifiedDoor(): Promise<CertifiedDoor> {
  const dir = mkdtempSync(join(tmpdir(), 'hutong-door-'));
  try {
    await ensureIdentities(dir, ['producer'], Date.now());
    const files = filesOf(templateIn(dir), 'producer');
    const { ca, cert, key } = new Identity(files).options;
    trust(files.ca);
    return { tls: { ca, cert, key }, forCallers: createSecureContext({ ca: readFileSync(files.ca) }) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
