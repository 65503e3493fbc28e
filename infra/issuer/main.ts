/**
 * The development issuer's process: reads its table and its key from the folder that it is given, and serves until it
 * is told to stop. It sees no private key but its own.
 */

import { parseArgs } from 'node:util';
import type { Held } from '#exchange/identity/caller.ts';
import { RevokedCertificates } from '#platform/revoked.ts';
import { Identity } from '#platform/tls.ts';
import { followRegistered } from '#platform/tokens/registered-clients.ts';
import { startIssuer } from './issuer.ts';
import { ensureSigningKey, signingKeyIn } from './keys.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string' },
    audience: { type: 'string' },
    ca: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    crl: { type: 'string' },
  },
});
const { folder = '', port = '0', audience = '', ca = '', cert = '', key = '', crl = '' } = values;

const issuer = await startIssuer({
  port: Number(port),
  audience,
  revoked: new RevokedCertificates(crl),
  tls: new Identity({ ca, cert, key, password: '' }).options,
  signingKey: ensureSigningKey(signingKeyIn(folder)),
  clients: followRegistered<Held>(folder),
});
console.log(`issues tokens at ${issuer.url}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => void issuer.stop().then(() => process.exit(0)));
