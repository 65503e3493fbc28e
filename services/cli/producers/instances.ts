/**
 * What `hutong producers` does: reads registrations and watermarks to their present end, and appends a retirement. It
 * asks no producer anything.
 */

import Table from 'cli-table3';
import { OPERATOR } from '#exchange/identity/principals.ts';
import { requireSigningKey } from '#exchange/keys/signing-keys.ts';
import type { Log } from '#exchange/topics/log.ts';
import { decodeOwnValue } from '#exchange/topics/records.ts';
import { readRegistrations, retirementRecord, type KnownInstance } from '#exchange/topics/registrations.ts';
import { WATERMARKS_TOPIC } from '#exchange/topics/topics.ts';
import { readKeysDir } from '#platform/config.ts';
import { HutongError } from '#platform/errors.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { append } from '#services/cli/shared/acknowledged.ts';
import { connectLog, type ConnectedLog, type LogAddresses } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';

/** An instance writes a watermark a second: one that has written none for so long has stopped. */
const SILENT_MS_MIN = 15_000;

/** An instance, and when it last wrote a watermark; null: not within the time for which those are kept. */
type Seen = KnownInstance & { readonly lastHeardAtMs: number | null };

/** @throws HutongError KAFKA_UNAVAILABLE, REGISTRY_UNAVAILABLE */
export async function listInstances(log: Log, addresses: LogAddresses, asJson: boolean, print: Print): Promise<number> {
  return withLog(log, addresses, async (connected) => {
    const { instances, unreadable } = await readInstances(connected);
    if (asJson) for (const instance of instances) print(JSON.stringify(instance));
    else print(tableOf(instances));
    if (unreadable > 0) print(`${unreadable} records of producers could not be read by this version`);
    return EXIT.ok;
  });
}

/** @throws HutongError PRODUCER_UNKNOWN where there is none, or it still writes; KAFKA_UNAVAILABLE */
export async function retireInstance(
  log: Log,
  addresses: LogAddresses,
  { instance, by, why }: { readonly instance: string; readonly by: string; readonly why: string },
  print: Print,
): Promise<number> {
  return withLog(log, addresses, async (connected) => {
    const { instances } = await readInstances(connected);
    const known = instances.find((each) => each.instance === instance);
    const fault = whyNotRetired(known, Date.now());
    if (fault !== null)
      throw new HutongError('PRODUCER_UNKNOWN', `${instance} is not retired: ${fault.why}`, {
        retriable: false,
        hint: fault.hint,
      });
    const { epoch, retired } = known as Seen;
    if (retired !== null) {
      print(`${instance} is retired already, by ${retired.by}: ${retired.why}`);
      return EXIT.ok;
    }
    const operator = requireSigningKey(readKeysDir(), OPERATOR);
    const schemaIds = await connected.schemas.currentIds();
    await append(connected.kafka, retirementRecord(schemaIds, { instance, epoch, by, why }, operator));
    print(`${instance} is retired: no answer waits for it any more`);
    return EXIT.ok;
  });
}

/** Null: it may be retired. Exported for the tests. */
export function whyNotRetired(known: Seen | undefined, nowMs: number): { why: string; hint: string } | null {
  if (known === undefined)
    return { why: 'nobody has registered it', hint: 'hutong producers list names those that are' };
  const { lastHeardAtMs, retired } = known;
  if (retired !== null || lastHeardAtMs === null || nowMs - lastHeardAtMs > SILENT_MS_MIN) return null;
  return {
    why: `it wrote a watermark ${Math.max(0, Math.round((nowMs - lastHeardAtMs) / 1_000))} s ago`,
    hint: `stop it first, and give the command ${SILENT_MS_MIN / 1_000} s later`,
  };
}

async function readInstances(
  connected: ConnectedLog,
): Promise<{ readonly instances: readonly Seen[]; readonly unreadable: number }> {
  const { kafka, schemas } = connected;
  const { registrations, unreadable } = await readRegistrations(kafka, schemas, await connected.signatures());
  const lastHeard = new Map<string, number>();
  await TopicFeed.readAll(kafka, WATERMARKS_TOPIC, async ({ key, value, timestamp }) => {
    const instance = key?.toString() ?? '';
    const epoch = await decodeOwnValue(value, schemas).then(
      (watermark) => (watermark as { readonly epoch: number }).epoch,
      () => null,
    );
    // One that can't be read was written by somebody.
    if (epoch === null || epoch >= (registrations.of(instance)?.epoch ?? 0)) lastHeard.set(instance, Number(timestamp));
  });
  const instances = registrations.instances.map((known) => ({
    ...known,
    lastHeardAtMs: lastHeard.get(known.instance) ?? null,
  }));
  return { instances, unreadable };
}

function tableOf(instances: readonly Seen[]): string {
  const table = new Table({
    head: ['instance', 'epoch', 'registered', 'last watermark', 'retired'],
    style: { head: [] },
  });
  const time = (ms: number | null): string => (ms === null ? 'none kept' : new Date(ms).toISOString());
  for (const { instance, epoch, registeredAtMs, lastHeardAtMs, retired } of instances)
    table.push([
      instance,
      String(epoch),
      time(registeredAtMs),
      time(lastHeardAtMs),
      retired === null ? '' : `${time(retired.atMs)} by ${retired.by}: ${retired.why}`,
    ]);
  return table.toString();
}

async function withLog<T>(
  log: Log,
  addresses: LogAddresses,
  work: (connected: ConnectedLog) => Promise<T>,
): Promise<T> {
  const connected = await connectLog(log, addresses);
  try {
    return await work(connected);
  } finally {
    await closeAll(connected.close);
  }
}
