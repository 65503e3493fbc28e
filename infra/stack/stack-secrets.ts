/** What of a stack's settings is secret: made at its first start where it isn't given, and never replaced. */

import { join } from 'node:path';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { NATIONAL, OPERATOR, provincePrincipal } from '#exchange/identity/principals.ts';
import { makeKeys, makeSigningKey } from '#exchange/keys/make.ts';
import { personKeySecret } from '#infra/process/state.ts';

/** The settings with those that were made. */
export function withSecrets(runDir: string, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    HUTONG_PERSON_KEY_SECRETS: given['HUTONG_PERSON_KEY_SECRETS'] ?? personKeySecret(runDir),
    HUTONG_KEYS: given['HUTONG_KEYS'] ?? recordKeys(runDir),
    ...given,
  };
}

/** @returns their folder */
function recordKeys(runDir: string): string {
  const folder = join(runDir, 'keys');
  for (const principal of [...PROVINCE_CODES.map(provincePrincipal), NATIONAL, OPERATOR]) {
    makeKeys(folder, principal);
    makeSigningKey(folder, principal);
  }
  return folder;
}
