/** Compares every view in Redis with what the oracle makes of the log, byte for byte. */
import type { PersonEvent } from '#core/events.ts';
import type { UnreadableRecord } from '#core/view.ts';
import { decodeRecord, type IncomingRecord } from '#topics/records.ts';
import { RegistrySchemas } from '#topics/registry.ts';
import { SHARED_TOPICS } from '#topics/topics.ts';
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
}

/** What differs, by person key in hex; empty when every view is as it must be, and no other exists. */
export async function differencesFromOracle(exchange: Exchange, read?: ReadonlyMap<string, History>): Promise<string[]> {
  const histories = read ?? (await historiesIn(exchange, await readTopics(exchange.kafka, SHARED_TOPICS)));
  const stored = await storedViews(exchange);
  const differing: string[] = [];
  for (const [person, { events, unreadable }] of histories) {
    const expected = oracleBytes(events.map(({ event }) => event), unreadable);
    const found = stored.get(person);
    if (expected === null ? found !== undefined : found?.equals(expected) !== true) differing.push(`${person} ${found === undefined ? 'has no view' : 'differs'}`);
  }
  for (const person of stored.keys()) if (!histories.has(person)) differing.push(`${person} is in no event`);
  return differing;
}

/** The histories of all people in these records, by person key in hex. */
export async function historiesIn({ stack, partitions }: Exchange, records: readonly RawRecord[]): Promise<Map<string, History>> {
  const schemas = new RegistrySchemas(stack.addresses.registry ?? '');
  await schemas.currentIds();
  const histories = new Map<string, History>();
  for (const { topic, partition, message } of records) {
    const record: IncomingRecord = { topic, partition, offset: Number(message.offset), appendedAtMs: Number(message.timestamp), key: message.key, value: message.value, headers: message.headers ?? {} };
    let decoded = decodeRecord(record, schemas, partitions);
    if ('needsSchema' in decoded) {
      const fetched = await schemas.fetch(decoded.needsSchema);
      decoded = decodeRecord(record, { cached: () => fetched, fetch: async () => fetched }, partitions);
    }
    if ('needsSchema' in decoded || decoded.key === null) continue;
    const person = decoded.key.toString('hex');
    const history = histories.get(person) ?? { partition, events: [], unreadable: [] };
    histories.set(person, history);
    if (decoded.ok) history.events.push({ topic, offset: record.offset, event: decoded.event });
    else history.unreadable.push({ topic, offset: record.offset });
  }
  return histories;
}

async function storedViews(exchange: Exchange): Promise<Map<string, Buffer>> {
  const stored = new Map<string, Buffer>();
  for (const master of exchange.redisMasters) {
    for await (const keys of master.scanBufferStream({ match: '1{*}*', count: 1_000 })) {
      const views = (keys as Buffer[]).filter((key) => !/:(position|freshness)$/.test(key.toString('latin1')));
      const values = await Promise.all(views.map((key) => master.getBuffer(key)));
      views.forEach((key, index) => stored.set(key.subarray(key.indexOf('}') + 1).toString('hex'), values[index] as Buffer));
    }
  }
  return stored;
}
