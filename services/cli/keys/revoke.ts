/** `hutong keys revoke`: that a key is revoked, into the topic `keys` under the operator's signature. Never undone. */

import { OPERATOR } from '#exchange/identity/principals.ts';
import { requireAnchors, requireSigningKey } from '#exchange/keys/signing-keys.ts';
import type { Log } from '#exchange/topics/log.ts';
import { PublicKeys } from '#exchange/topics/public-keys.ts';
import { readRevocations, revocationRecord } from '#exchange/topics/revocations.ts';
import { readKeysDir } from '#platform/config.ts';
import { sendOnce } from '#platform/kafka/sender.ts';
import { connectLog, type LogAddresses, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';

/** @throws HutongError CONFIG_INVALID without the operator's key; KAFKA_UNAVAILABLE */
export async function revokeKey(
  log: Log,
  addresses: LogAddresses,
  revoked: { readonly key: string; readonly why: string },
  print: Print,
): Promise<number> {
  const operator = requireSigningKey(readKeysDir(), OPERATOR);
  const anchors = new PublicKeys(requireAnchors(readKeysDir()));
  const connected = await connectLog(log, addresses);
  try {
    const { key } = revoked;
    const before = (await readRevocations(connected.kafka, anchors)).endsAtMs(key);
    if (before === null) await sendOnce(connected.kafka, [revocationRecord(revoked, operator)]);
    const endsAtMs = before ?? (await readRevocations(connected.kafka, anchors)).endsAtMs(key) ?? 0;
    const from = new Date(endsAtMs).toISOString();
    print(
      before === null ? `${key} is revoked: it counts until ${from}.` : `${key} is revoked already, from ${from} on.`,
    );
    return before === null ? EXIT.ok : EXIT.failed;
  } catch (error) {
    throw sayable(error);
  } finally {
    await closeAll(connected.close);
  }
}
