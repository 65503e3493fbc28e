/** `hutong keys list`: which keys are revoked. It reads the topic `keys` to its present end and no more. */

import { endMsOf, type Revocation, withdrawsSince } from '#core/keys/revocations.ts';
import { requireAnchors } from '#exchange/keys/signing-keys.ts';
import { readKeys } from '#exchange/topics/known-keys.ts';
import type { Log } from '#exchange/topics/log.ts';
import { readKeysDir } from '#platform/config.ts';
import { connectKafka, type LogAddresses, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';

/** @throws HutongError CONFIG_INVALID without the operator's public key; KAFKA_UNAVAILABLE */
export async function listRevoked(log: Log, addresses: Omit<LogAddresses, 'registry'>, print: Print): Promise<number> {
  const connected = await connectKafka(log, addresses);
  try {
    const known = await readKeys(connected.kafka, requireAnchors(readKeysDir()));
    const { all } = known.revocations;
    const { revoked } = known.keys;
    for (const revocation of all) print(revokedText(revocation));
    for (const revocation of revoked) print(signingRevokedText(revocation));
    for (const { key, fromMs } of known.starts.all) print(`${key} counts from ${new Date(fromMs).toISOString()} on.`);
    for (const { id, fromMs } of known.keys.starting)
      print(`${id}, to sign with, counts from ${new Date(fromMs).toISOString()} on.`);
    if (all.length + revoked.length === 0) print('No key is revoked.');
    return EXIT.ok;
  } catch (error) {
    throw sayable(error);
  } finally {
    await closeAll(connected.close);
  }
}

export function revokedText(revocation: Revocation): string {
  const from = new Date(endMsOf(revocation)).toISOString();
  const what = withdrawsSince(revocation)
    ? `had leaked: what was appended under it from ${from} on is withdrawn`
    : `counts until ${from}`;
  return `${revocation.key} ${what}. ${revocation.why}`;
}

export function signingRevokedText(revocation: Revocation): string {
  const { key, why } = revocation;
  const from = new Date(endMsOf(revocation)).toISOString();
  const what = withdrawsSince(revocation)
    ? `had leaked: what was signed with it from ${from} on counts no more`
    : `counts until ${from}`;
  return `${key}, to sign with, ${what}. ${why}`;
}
