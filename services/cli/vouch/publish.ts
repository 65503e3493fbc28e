/** `hutong vouch publish`: somebody's public key into the topic `keys`, under the operator's signature. */

import { readPublicKey } from '#exchange/keys/signing-keys.ts';
import type { Log } from '#exchange/topics/log.ts';
import { publishKeys } from '#exchange/topics/publish-keys.ts';
import { readKeysDir } from '#platform/config.ts';
import { connectLog, type LogAddresses, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';

/** @throws HutongError CONFIG_INVALID of a file that is no key, or without the operator's key; KAFKA_UNAVAILABLE */
export async function publishKey(
  log: Log,
  addresses: LogAddresses,
  { id, file }: { readonly id: string; readonly file: string },
  print: Print,
): Promise<number> {
  const key = readPublicKey(id, file);
  const connected = await connectLog(log, addresses);
  try {
    const published = await publishKeys(connected.kafka, readKeysDir(), [key]);
    print(published.length === 0 ? `${id} is published already; a new key gets a new number` : `${id} is published.`);
    return published.length === 0 ? EXIT.failed : EXIT.ok;
  } catch (error) {
    throw sayable(error);
  } finally {
    await closeAll(connected.close);
  }
}
