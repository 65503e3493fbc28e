/**
 * `hutong keys revoke`: that a key is revoked, and since when what was written under it is withdrawn, into the topic
 * `keys` under the operator's signature. Never undone.
 */

import { endMsOf, type Revocation, withdrawsSince } from '#core/keys/revocations.ts';
import { OPERATOR } from '#exchange/identity/principals.ts';
import { requireAnchors, requireSigningKey } from '#exchange/keys/signing-keys.ts';
import type { Log } from '#exchange/topics/log.ts';
import { PublicKeys, readPublicKeys } from '#exchange/topics/public-keys.ts';
import { readRevocations, revocationRecord } from '#exchange/topics/revocations.ts';
import { isRevocable, type SigningRevoked, signingRevokedRecord } from '#exchange/topics/revoked-signing.ts';
import { readKeysDir } from '#platform/config.ts';
import { sendOnce } from '#platform/kafka/sender.ts';
import { connectKafka, type LogAddresses, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';
import { revokedText, signingRevokedText } from './list.ts';

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

/** @throws RangeError of the operator's; HutongError CONFIG_INVALID without the operator's key; KAFKA_UNAVAILABLE */
export async function revokeSigningKey(
  log: Log,
  addresses: Omit<LogAddresses, 'registry'>,
  revoked: SigningRevoked,
  print: Print,
): Promise<number> {
  if (!isRevocable(revoked.key))
    throw new RangeError(
      `${revoked.key} is the operator’s: give all who check another anchor (HUTONG_KEYS/anchors), and take that away`,
    );
  const operator = requireSigningKey(readKeysDir(), OPERATOR);
  const anchors = requireAnchors(readKeysDir());
  const connected = await connectKafka(log, addresses);
  const find = async (): Promise<Revocation | undefined> =>
    (await readPublicKeys(connected.kafka, anchors)).revoked.find(({ key }) => key === revoked.key);
  try {
    const before = await find();
    if (before === undefined) await sendOnce(connected.kafka, [signingRevokedRecord(revoked, operator)]);
    else print('It was revoked before:');
    const holds = before ?? (await find());
    if (holds !== undefined) print(signingRevokedText(holds));
    return before === undefined ? EXIT.ok : EXIT.failed;
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
