/**
 * Whom this thread believes when it asks over https: the authorities of the settings, and those that
 * NODE_EXTRA_CA_CERTS names. It must never believe the system's long list as well: each of those could then vouch for a
 * door or for the issuer of tokens.
 */

import { existsSync, readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

const believed = new Set<string>();

/**
 * For all that is asked from now on, by `fetch` too. Threads and processes that are started are told by themselves. A
 * file that isn't there adds nobody, and what is asked then fails for that.
 */
export function trust(caFile: string): void {
  if (existsSync(caFile)) believed.add(readFileSync(caFile, 'utf8'));
  setDefaultCACertificates([...believed, ...getCACertificates('extra')]);
}
