/** The development issuer in the process of a test, as `make up` starts one in a process of its own. */

import { type RunningIssuer, startIssuer } from '#infra/issuer/issuer.ts';
import { clientsIn, ensureClients, ensureSigningKey, issuerIn, signingKeyIn } from '#infra/issuer/keys.ts';
import { readConfig } from '#platform/config.ts';

/** @param runDir where its key and those of its clients are kept */
export function startTestIssuer(runDir: string): Promise<RunningIssuer> {
  return startIssuer({
    port: 0,
    audience: readConfig({}).tokens.audience,
    signingKey: ensureSigningKey(signingKeyIn(issuerIn(runDir))),
    clients: ensureClients(clientsIn(runDir)),
  });
}
