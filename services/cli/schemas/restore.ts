/**
 * What `hutong schemas` does: reads by which ids the records of the log have their schemas, and brings back what the
 * registry has lost. It never changes what a registry holds.
 */

import { registryAccess } from '#exchange/identity/operator.ts';
import type { Log } from '#exchange/topics/log.ts';
import { archiveOf, importInto } from '#exchange/topics/registry-archive.ts';
import { RegistrySchemas, registerSchemas } from '#exchange/topics/registry.ts';
import {
  meaningOf,
  standingOf,
  type WrittenId,
  WrittenIds,
  withUnused,
} from '#exchange/topics/schema-ids.ts';
import { fingerprintOf, subjectOf } from '#exchange/topics/schemas.ts';
import { PRODUCERS_TOPIC, VOUCHERS_TOPIC, WATERMARKS_TOPIC } from '#exchange/topics/topics.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { incoming } from '#platform/kafka/record.ts';
import { connectKafka, type ConnectedKafka, type LogAddresses, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';
import { type Found, mendOf, tableOf } from './table.ts';

const OWN_TOPICS = [PRODUCERS_TOPIC, WATERMARKS_TOPIC, VOUCHERS_TOPIC] as const;

/** @returns 1 where the registry lacks one. @throws HutongError KAFKA_UNAVAILABLE, REGISTRY_UNAVAILABLE */
export async function listSchemas(log: Log, addresses: LogAddresses, print: Print): Promise<number> {
  const found = await findAll(log, addresses);
  print(tableOf(found));
  return found.every((one) => 'standing' in one && one.standing === 'there') ? EXIT.ok : EXIT.failed;
}

/**
 * @returns 1 where something couldn't be brought back
 * @throws HutongError KAFKA_UNAVAILABLE, REGISTRY_UNAVAILABLE
 */
export async function restoreSchemas(log: Log, addresses: LogAddresses, print: Print): Promise<number> {
  const before = await findAll(log, addresses);
  const missing = before.flatMap((one) => ('standing' in one && one.standing === 'missing' ? [one.of] : []));
  const takenMax = Math.max(0, ...before.map(({ written }) => written.id));
  const registry = registryAccess(addresses.registry, addresses.tls);
  if (missing.length > 0)
    await importInto(registry, archiveOf(withUnused(missing, takenMax), Date.now()));
  const after = missing.length > 0 ? await standings(new RegistrySchemas(registry), before) : before;
  print(tableOf(after));
  print(`${missing.length} schemas were brought back under the ids that the records of the log have them by.`);
  const open = after.filter((one) => !('standing' in one && one.standing === 'there'));
  for (const one of open) print(mendOf(one));
  if (open.length > 0) return EXIT.failed;
  // Those that no record has used yet get the next free ids.
  await registerSchemas(registry);
  return EXIT.ok;
}

async function findAll(log: Log, addresses: LogAddresses): Promise<readonly Found[]> {
  const connected = await connectKafka(log, addresses);
  try {
    const all = (await readIds(connected)).map((written): Found => {
      const meaning = meaningOf(written);
      if ('unknown' in meaning) return { written, unknown: meaning.unknown };
      const { schema, others } = meaning;
      return { written, of: { id: written.id, schema }, others, standing: 'missing' };
    });
    return await standings(new RegistrySchemas(registryAccess(addresses.registry, addresses.tls)), all);
  } catch (error) {
    throw sayable(error);
  } finally {
    await closeAll(connected.close);
  }
}

/** Of a record whose tag fails nobody knows who wrote it; without keys at hand all count. */
async function readIds({ log, kafka, ring, tags }: ConnectedKafka): Promise<readonly WrittenId[]> {
  const check = ring().isEmpty ? null : await tags();
  const ids = new WrittenIds();
  for (const topic of log.topics)
    await TopicFeed.readAll(kafka, topic, (message, partition) => {
      const record = incoming(topic, partition, message);
      if (check === null || check.verdictOf(record).holds) ids.add(record);
    });
  for (const topic of OWN_TOPICS)
    await TopicFeed.readAll(kafka, topic, (message, partition) => ids.add(incoming(topic, partition, message)));
  return ids.all();
}

async function standings(registry: RegistrySchemas, all: readonly Found[]): Promise<readonly Found[]> {
  const subjects = await registry.subjects();
  const found: Found[] = [];
  // One after the other: each that isn't there has the registry take a setting, and two at once it refuses.
  for (const one of all) {
    if (!('of' in one)) {
      found.push(one);
      continue;
    }
    const held = await registry.fetch(one.of.id);
    const fingerprint = held === null ? null : fingerprintOf(held.type);
    const knowsSubject = subjects.has(subjectOf(one.of.schema.text));
    found.push({ ...one, standing: standingOf(one.of, { fingerprint, knowsSubject }) });
  }
  return found;
}
