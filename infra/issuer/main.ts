/**
 * The development issuer's process: reads its table and its key from the folder that it is given, and serves until it
 * is told to stop. It sees no private key but its own.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startIssuer } from './issuer.ts';
import { ensureSigningKey, type RegisteredClient, registeredIn, signingKeyIn } from './keys.ts';

const { values } = parseArgs({
  options: { folder: { type: 'string' }, port: { type: 'string' }, audience: { type: 'string' } },
});
const { folder = '', port = '0', audience = '' } = values;

const issuer = await startIssuer({
  port: Number(port),
  audience,
  signingKey: ensureSigningKey(signingKeyIn(folder)),
  clients: JSON.parse(readFileSync(registeredIn(folder), 'utf8')) as RegisteredClient[],
});
console.log(`issues tokens at ${issuer.url}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => void issuer.stop().then(() => process.exit(0)));
