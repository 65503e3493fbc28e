/**
 * `hutong view at`: what look-ups read of a partition at an instant that has passed, but for the views. It reads the
 * history that the materialisers write, and changes nothing.
 */

import { showPosition } from '#core/answer/show.ts';
import { formatTime, SECOND_MS } from '#core/field/time.ts';
import { leaksWithin } from '#core/view/leaks.ts';
import type { Log } from '#exchange/topics/log.ts';
import type { DatedMoment } from '#exchange/view/position-history.ts';
import { readMomentAt } from '#exchange/view/read-moment.ts';
import { connectKafka, type LogAddresses } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';

export interface AtOptions extends Omit<LogAddresses, 'registry'> {
  readonly partition: number;
  readonly atMs: number;
}

/** @throws HutongError KAFKA_UNAVAILABLE */
export async function showMomentAt(log: Log, options: AtOptions, print: Print): Promise<number> {
  const { partition, atMs } = options;
  const connected = await connectKafka(log, options);
  try {
    const moment = await readMomentAt(connected.kafka, log, partition, atMs);
    print(
      moment === null
        ? `Nothing of partition ${partition} is kept from ${formatTime(atMs)} or before.`
        : momentText(log, moment, options),
    );
    return moment === null ? EXIT.failed : EXIT.ok;
  } finally {
    await closeAll(connected.close);
  }
}

/** One JSON object, with the position as answers name it. */
export function momentText(
  { edition }: Log,
  { atMs, generation, position, freshness }: DatedMoment,
  asked: Pick<AtOptions, 'partition' | 'atMs'>,
): string {
  return JSON.stringify({
    at: formatTime(atMs),
    ageSeconds: (asked.atMs - atMs) / SECOND_MS,
    generation,
    position: showPosition({ edition, partition: asked.partition, position }),
    watermarks: freshness.watermarks.map(({ province, instance, throughMs }) => ({
      province,
      instance,
      through: throughMs <= 0 ? null : formatTime(throughMs),
    })),
    incompleteProvinces: freshness.incompleteProvinces,
    withdrawals: freshness.withdrawals === '' ? null : freshness.withdrawals,
    leaks: leaksWithin(freshness.leaks).map(({ key, sinceMs }) => ({ key, since: formatTime(sinceMs) })),
    acceptedUpTo: freshness.acceptedUpToMs <= 0 ? null : formatTime(freshness.acceptedUpToMs),
  });
}
