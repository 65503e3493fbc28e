/** The development issuer in the process of a test, as `make up` starts one in a process of its own. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureIdentities, templateIn } from '#exchange/identity/pki.ts';
import { type RunningIssuer, startIssuer } from '#infra/issuer/issuer.ts';
import { clientsIn, ensureClients, ensureSigningKey, signingKeyIn } from '#infra/issuer/keys.ts';
import { readConfig } from '#platform/config.ts';
import { RevokedCertificates } from '#platform/revoked.ts';
import { filesOf, Identity } from '#platform/tls.ts';
import { followRegistered, issuerIn, writeRegistered } from '#platform/tokens/registered-clients.ts';
import { trust } from '#platform/trust.ts';

/**
 * This thread believes its authority from then on.
 * @param runDir where its key and those of its clients are kept, and its certificate unless `tls` names it
 */
export async function startTestIssuer(runDir: string, tls = templateIn(join(runDir, 'pki'))): Promise<RunningIssuer> {
  if (!existsSync(tls.ca)) await ensureIdentities(dirname(tls.ca), ['issuer'], Date.now());
  trust(tls.ca);
  writeRegistered(issuerIn(runDir), ensureClients(clientsIn(runDir), tls));
  return startIssuer({
    port: 0,
    audience: readConfig({}).tokens.audience,
    tls: new Identity(filesOf(tls, 'issuer')).options,
    revoked: new RevokedCertificates(tls.crl),
    signingKey: ensureSigningKey(signingKeyIn(issuerIn(runDir))),
    clients: followRegistered(issuerIn(runDir)),
  });
}
