/**
 * `hutong keys revoke`: that a key is revoked, and since when what was written under it is withdrawn, into the topic
 * `keys` under the operator's signature. Never undone.
 */

import { endMsOf, type Revocation, withdrawsSince } from '#core/keys/revocations.ts';
import { OPERATOR } from '#exchange/identity/principals.ts';
import { requireAnchors, requireSigningKey } from '#exchange/keys/signing-keys.ts';
import type { Log } from '#exchange/topics/log.ts';
import { PublicKeys } from '#exchange/topics/public-keys.ts';
import { readRevocations, revocationRecord } from '#exchange/topics/revocations.ts';
import { readKeysDir } from '#platform/config.ts';
import { sendOnce } from '#platform/kafka/sender.ts';
import { connectKafka, type LogAddresses, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';
import { revokedText } from './list.ts';

/** @throws HutongError CONFIG_INVALID without the operator's key; KAFKA_UNAVAILABLE */
export async function revokeKey(
  log: Log,
  addresses: Omit<LogAddresses, 'registry'>,
  revoked: Omit<Revocation, 'atMs'>,
  print: Print,
): Promise<number> {
  const operator = requireSigningKey(readKeysDir(), OPERATOR);
  const anchors = new PublicKeys(requireAnchors(readKeysDir()));
  const connected = await connectKafka(log, addresses);
  try {
    const before = (await readRevocations(connected.kafka, anchors)).of(revoked.key);
    const isFurther = before === null || (revoked.sinceMs !== null && revoked.sinceMs < endMsOf(before));
    if (isFurther) await sendOnce(connected.kafka, [revocationRecord(revoked, operator)]);
    const holds = isFurther ? (await readRevocations(connected.kafka, anchors)).of(revoked.key) : before;
    if (!isFurther) print('It was revoked before:');
    if (holds !== null) print(revokedText(holds));
    if (isFurther && holds !== null && withdrawsSince(holds)) print(TO_BE_REBUILT);
    return isFurther ? EXIT.ok : EXIT.failed;
  } catch (error) {
    throw sayable(error);
  } finally {
    await closeAll(connected.close);
  }
}

const TO_BE_REBUILT =
  'Until views are folded without it, every answer that may rest on it is undetermined. Now:\n' +
  '  hutong view rebuild --switch\n' +
  'Broken off, the same line goes on from there.';
