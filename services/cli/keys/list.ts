/** `hutong keys list`: which keys of records are revoked. It reads the topic `keys` to its present end and no more. */

import { REVOCATION_REACH_MS } from '#core/keys/revocations.ts';
import { requireAnchors } from '#exchange/keys/signing-keys.ts';
import type { Log } from '#exchange/topics/log.ts';
import { PublicKeys } from '#exchange/topics/public-keys.ts';
import { readRevocations } from '#exchange/topics/revocations.ts';
import { readKeysDir } from '#platform/config.ts';
import { connectLog, type LogAddresses, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';

/** @throws HutongError CONFIG_INVALID without the operator's public key; KAFKA_UNAVAILABLE */
export async function listRevoked(log: Log, addresses: LogAddresses, print: Print): Promise<number> {
  const connected = await connectLog(log, addresses);
  try {
    const revocations = await readRevocations(connected.kafka, new PublicKeys(requireAnchors(readKeysDir())));
    for (const { key, atMs, why } of revocations.all)
      print(`${key}: from ${new Date(atMs + REVOCATION_REACH_MS).toISOString()} on. ${why}`);
    if (revocations.all.length === 0) print('No key is revoked.');
    return EXIT.ok;
  } catch (error) {
    throw sayable(error);
  } finally {
    await closeAll(connected.close);
  }
}
