/**
 * `hutong keys revoke`: that a key is revoked, and since when what was written under it is withdrawn, into the topic
 * `keys` under the operator's signature. Never undone.
 */

import { endMsOf, type Revocation, withdrawsSince } from '#core/keys/revocations.ts';
import { OPERATOR } from '#exchange/identity/principals.ts';
import type { PublicKey, SigningKey } from '#exchange/keys/signatures.ts';
import { requireAnchors, requireSigningKey } from '#exchange/keys/signing-keys.ts';
import { readKeys } from '#exchange/topics/known-keys.ts';
import type { Log } from '#exchange/topics/log.ts';
import { revocationRecord } from '#exchange/topics/revocations.ts';
import { isRevocable, signingRevokedRecord } from '#exchange/topics/revoked-signing.ts';
import { readKeysDir } from '#platform/config.ts';
import type { Kafka } from '#platform/kafka/client.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { sendOnce } from '#platform/kafka/sender.ts';
import { connectKafka, type LogAddresses, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';
import { revokedText, signingRevokedText } from './list.ts';

/** What a key is for: tagging records, or signing. */
export type KeyUse = 'tag' | 'sign';

interface Use {
  readonly said: (revoked: Omit<Revocation, 'atMs'>, operator: SigningKey) => OutgoingRecord;
  /** Null: it isn't revoked. */
  readonly find: (kafka: Kafka, key: string) => Promise<Revocation | null>;
  readonly text: (revocation: Revocation) => string;
  /** What is to be done where the key had leaked. */
  readonly next: string;
}

const USES: Readonly<Record<KeyUse, Use>> = {
  tag: {
    said: revocationRecord,
    find: async (kafka, key) => (await readKeys(kafka, anchors())).revocations.of(key),
    text: revokedText,
    next:
      'Until views are folded without it, every answer that may rest on it is undetermined. Now:\n' +
      '  hutong view rebuild --switch\n' +
      'Broken off, the same line goes on from there.',
  },
  sign: {
    said: signingRevokedRecord,
    find: async (kafka, key) => (await readKeys(kafka, anchors())).keys.revocationOf(key),
    text: signingRevokedText,
    next:
      'Its holder is behind until a watermark under another key of it comes: hutong keys rotate makes one. What\n' +
      'was signed with it since then claims, registers and withdraws nothing: hutong vouch verify lists what nobody\n' +
      'vouches for now, and hutong withdrawals list what is still withdrawn.',
  },
};

/** @throws RangeError of one that can't be; HutongError CONFIG_INVALID without the operator's key; KAFKA_UNAVAILABLE */
export async function revokeKey(
  log: Log,
  addresses: Omit<LogAddresses, 'registry'>,
  { use, ...revoked }: Omit<Revocation, 'atMs'> & { readonly use: KeyUse },
  print: Print,
): Promise<number> {
  const { said, find, text, next } = USES[use];
  if (use === 'sign' && !isRevocable(revoked.key))
    throw new RangeError(
      `${revoked.key} is the operator’s: give all who check another anchor (HUTONG_KEYS/anchors), and take that away`,
    );
  const operator = requireSigningKey(readKeysDir(), OPERATOR);
  anchors(); // told before anything is connected
  const connected = await connectKafka(log, addresses);
  try {
    const before = await find(connected.kafka, revoked.key);
    const isFurther = before === null || (revoked.sinceMs !== null && revoked.sinceMs < endMsOf(before));
    if (isFurther) await sendOnce(connected.kafka, [said(revoked, operator)]);
    const holds = isFurther ? await find(connected.kafka, revoked.key) : before;
    if (!isFurther) print('It was revoked before:');
    if (holds !== null) print(text(holds));
    if (isFurther && holds !== null && withdrawsSince(holds)) print(next);
    return isFurther ? EXIT.ok : EXIT.failed;
  } catch (error) {
    throw sayable(error);
  } finally {
    await closeAll(connected.close);
  }
}

const anchors = (): readonly PublicKey[] => requireAnchors(readKeysDir());
