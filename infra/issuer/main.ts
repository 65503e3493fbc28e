/**
 * The development issuer's process: reads its table and its key from the folder that it is given, and serves until it
 * is told to stop. It sees no private key but its own.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Identity } from '#platform/tls.ts';
import { startIssuer } from './issuer.ts';
import { ensureSigningKey, type RegisteredClient, registeredIn, signingKeyIn } from './keys.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string' },
    audience: { type: 'string' },
    ca: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
  },
});
const { folder = '', port = '0', audience = '', ca = '', cert = '', key = '' } = values;

const issuer = await startIssuer({
  port: Number(port),
  audience,
  tls: new Identity({ ca, cert, key, password: '' }).options,
  signingKey: ensureSigningKey(signingKeyIn(folder)),
  clients: JSON.parse(readFileSync(registeredIn(folder), 'utf8')) as RegisteredClient[],
});
console.log(`issues tokens at ${issuer.url}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => void issuer.stop().then(() => process.exit(0)));
