/** Compares every view in Redis with what the oracle makes of the log, byte for byte. */

import type { PersonEvent } from '#core/events/events.ts';
import { agedAt } from '#core/view/retention.ts';
import type { SettledRecord } from '#core/view/unreadable.ts';
import type { UnreadableRecord } from '#core/view/view.ts';
import { decodeFetching } from '#exchange/topics/records.ts';
import { RegistrySchemas } from '#exchange/topics/registry.ts';
import { decodeView, encodeView } from '#exchange/view/codec.ts';
import { tagOf } from '#exchange/view/hash-slot.ts';
import { BESIDE_VIEWS } from '#exchange/view/keys.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import { incoming } from '#platform/kafka/record.ts';
import type { Exchange } from './exchange.ts';
import { oracleBytes } from './oracle.ts';
import { type RawRecord, readTopics } from './raw-log.ts';

export interface PlacedEvent {
  readonly topic: string;
  readonly offset: number;
  readonly event: PersonEvent;
}

/** What the log holds of a person, wherever it lies. */
export interface History {
  readonly partition: number;
  readonly events: PlacedEvent[];
  readonly unreadable: UnreadableRecord[];
  readonly settled: SettledRecord[];
}

/** What differs, by person key in hex; empty when every view is as it must be, and no other exists. */
export async function differencesFromOracle(
  exchange: Exchange,
  read?: ReadonlyMap<string, History>,
): Promise<string[]> {
  const histories = read ?? (await historiesIn(exchange, await readTopics(exchange.kafka, exchange.log.topics)));
  const acceptedUpToMs = (partition: number): number =>
    [...histories.values()]
      .filter((history) => history.partition === partition)
      .reduce(
        (latestMs, { events }) => events.reduce((ms, { event }) => Math.max(ms, event.acceptedAtMs), latestMs),
        0,
      );
  const upToMs = Array.from({ length: exchange.partitions }, (_, partition) => acceptedUpToMs(partition));
  const stored = await storedViews(exchange);
  const differing: string[] = [];
  for (const [person, { partition, events, unreadable, settled }] of histories) {
    const expected = oracleBytes(
      events.map(({ event }) => event),
      unreadable,
      settled,
      upToMs[partition],
    );
    const found = stored.get(person);
    if (
      expected === null
        ? found !== undefined
        : found === undefined || !asOf(found, upToMs[partition] ?? 0).equals(expected)
    )
      differing.push(`${person} ${found === undefined ? 'has no view' : 'differs'}`);
  }
  for (const person of stored.keys()) if (!histories.has(person)) differing.push(`${person} is in no event`);
  return differing;
}

/** Whoever has had no event for long is stored as of then. */
function asOf(stored: Buffer, acceptedUpToMs: number): Buffer {
  return encodeView(agedAt(decodeView(stored), acceptedUpToMs));
}

/** The histories of all people in these records, by person key in hex. */
export async function historiesIn(exchange: Exchange, records: readonly RawRecord[]): Promise<Map<string, History>> {
  const { stack, log, partitions } = exchange;
  const schemas = new RegistrySchemas(operatorRegistry(stack));
  await schemas.currentIds();
  const reading = { log, partitions, schemas, tags: await exchange.tags() };
  const histories = new Map<string, History>();
  for (const { topic, partition, message } of records) {
    const record = incoming(topic, partition, message);
    const decoded = await decodeFetching(record, reading);
    if (decoded.key === null) continue;
    const person = decoded.key.toString('hex');
    const history = histories.get(person) ?? { partition, events: [], unreadable: [], settled: [] };
    histories.set(person, history);
    if ('event' in decoded) history.events.push({ topic, offset: record.offset, event: decoded.event });
    if ('reason' in decoded) history.unreadable.push({ topic, offset: record.offset });
    if (decoded.settles?.place.partition === partition)
      history.settled.push({
        topic: decoded.settles.place.topic,
        offset: decoded.settles.place.offset,
        through: decoded.settles.through,
      });
  }
  return histories;
}

/** Of the generation that look-ups read. */
async function storedViews({ redis, redisMasters, partitions }: Exchange): Promise<Map<string, Buffer>> {
  const live = await Promise.all(
    Array.from(
      { length: partitions },
      async (_, partition) => `${(await redis.get(`{${tagOf(partition)}}:generation`)) ?? '1'}{${tagOf(partition)}}`,
    ),
  );
  const stored = new Map<string, Buffer>();
  for (const master of redisMasters) {
    for await (const keys of master.scanBufferStream({ match: '*{*}*', count: 1_000 })) {
      const prefixOf = (key: Buffer): string => key.toString('latin1', 0, key.indexOf('}') + 1);
      const isView = (key: Buffer): boolean =>
        !BESIDE_VIEWS.some((what) => key.toString('latin1').endsWith(`:${what}`));
      const views = (keys as Buffer[]).filter((key) => live.includes(prefixOf(key)) && isView(key));
      const values = await Promise.all(views.map((key) => master.getBuffer(key)));
      views.forEach((key, index) =>
        stored.set(key.subarray(key.indexOf('}') + 1).toString('hex'), values[index] as Buffer),
      );
    }
  }
  return stored;
}
