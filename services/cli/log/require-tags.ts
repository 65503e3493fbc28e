/** `hutong log require-tags`: states from where on every record of the log bears a tag. What was stated once stands. */

import { requireKeyRing } from '#exchange/keys/ring.ts';
import { stateCutOff } from '#exchange/topics/cut-off.ts';
import type { Log } from '#exchange/topics/log.ts';
import { readKeysDir } from '#platform/config.ts';
import { connectLog, type LogAddresses, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';

/** @throws HutongError KAFKA_UNAVAILABLE; CONFIG_INVALID without keys: nobody could check what is stated */
export async function requireTags(log: Log, addresses: LogAddresses, print: Print): Promise<number> {
  const connected = await connectLog(log, addresses);
  try {
    requireKeyRing(readKeysDir());
    const from = (await stateCutOff(connected.kafka, connected.admin, log, 'any')) ?? {};
    for (const [place, offset] of Object.entries(from)) print(`${place}: from offset ${offset} on`);
    print('From there on a record without its tag takes no effect, now and for ever. Start the materialisers again.');
    return EXIT.ok;
  } catch (error) {
    throw sayable(error);
  } finally {
    await closeAll(connected.close);
  }
}
