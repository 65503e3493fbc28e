/**
 * The process of the registry's guard: reads its certificate and the password from the files that it is given, and
 * serves until it is told to stop.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { RevokedCertificates } from '#platform/revoked.ts';
import { Identity } from '#platform/tls.ts';
import { startGuard } from './guard.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    registryPort: { type: 'string' },
    user: { type: 'string' },
    password: { type: 'string' },
    ca: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    crl: { type: 'string' },
  },
});
const { port = '0', registryPort = '', user = '', password = '', ca = '', cert = '', key = '', crl = '' } = values;

const guard = await startGuard({
  port: Number(port),
  registryPort: Number(registryPort),
  user,
  password: readFileSync(password, 'utf8').trim(),
  revoked: new RevokedCertificates(crl),
  tls: new Identity({ ca, cert, key, password }).options,
});
console.log(`guards the registry at ${guard.url}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => void guard.stop().then(() => process.exit(0)));
