/**
 * Which process is which producer instance, by the topic `producers`: each process registers with an epoch, one more
 * than the highest before, and the highest is the instance. Nothing here believes a tombstone, for Kafka asks nobody
 * whose key it bears.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { HutongError } from '#platform/errors.ts';
import type { Kafka } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { decodeOwn, encodeValue } from './records.ts';
import type { SchemaIds, SchemaSource } from './registry.ts';
import { PRODUCERS_TOPIC } from './topics.ts';

export interface Registration {
  readonly province: ProvinceCode;
  readonly instance: string;
  /** 0: of a version that knew none. */
  readonly epoch: number;
  /** Tells apart two processes that took the same epoch. */
  readonly process: string;
}

export interface Retirement {
  readonly instance: string;
  /** This one and all before it are retired. */
  readonly epoch: number;
  readonly by: string;
  readonly why: string;
}

export interface KnownInstance {
  readonly province: ProvinceCode;
  readonly instance: string;
  /** The highest. */
  readonly epoch: number;
  /** Of that epoch. */
  readonly process: string;
  readonly registeredAtMs: number;
  /** Null: nobody has retired this epoch. */
  readonly retired: (Retirement & { readonly atMs: number }) | null;
}

/** What a record of `producers` says. @throws when it can't be decoded, and of a tombstone */
export async function decodeRegistration(
  value: Buffer | null,
  schemas: SchemaSource,
): Promise<{ readonly registered: Registration } | { readonly retired: Retirement }> {
  const decoded = await decodeOwn(value, schemas);
  if (decoded.name === 'ProducerRetired') return { retired: decoded.value as Retirement };
  if (decoded.name === 'ProducerRegistered') return { registered: decoded.value as Registration };
  throw new Error(`${decoded.name} is no registration`);
}

/** The registrations in the order of their topic; being told of one again changes nothing. */
export class Registrations {
  readonly #instances = new Map<string, KnownInstance>();

  get instances(): readonly KnownInstance[] {
    return [...this.#instances.values()].toSorted((a, b) => (a.instance < b.instance ? -1 : 1));
  }

  of(instance: string): KnownInstance | null {
    return this.#instances.get(instance) ?? null;
  }

  register({ province, instance, epoch, process }: Registration, registeredAtMs: number): void {
    const known = this.of(instance);
    // The first of an epoch counts; one without an epoch has no other way to take a retired instance up again.
    const isNew = known === null || epoch > known.epoch || (epoch === 0 && known.epoch === 0 && known.retired !== null);
    if (isNew) this.#instances.set(instance, { province, instance, epoch, process, registeredAtMs, retired: null });
  }

  retire(retirement: Retirement, atMs: number): void {
    const known = this.of(retirement.instance);
    if (known !== null && known.retired === null && retirement.epoch >= known.epoch)
      this.#instances.set(known.instance, { ...known, retired: { ...retirement, atMs } });
  }

  /** Whether a process still is its instance: none began after it, and nobody has retired it. */
  isHeldBy({ instance, epoch, process }: Omit<Registration, 'province'>): boolean {
    const known = this.of(instance);
    return known !== null && known.epoch === epoch && known.process === process && known.retired === null;
  }
}

/**
 * All that the topic holds now; what can't be decoded is left out, and counted.
 * @throws HutongError KAFKA_UNAVAILABLE, REGISTRY_UNAVAILABLE
 */
export async function readRegistrations(
  kafka: Kafka,
  schemas: SchemaSource,
): Promise<{ readonly registrations: Registrations; readonly unreadable: number }> {
  const registrations = new Registrations();
  let unreadable = 0;
  await TopicFeed.readAll(kafka, PRODUCERS_TOPIC, async ({ value, timestamp }) => {
    const said = await decodeRegistration(value, schemas).catch((error: unknown) => {
      if (error instanceof HutongError) throw error; // the registry is away: what it would have told isn't known
      return null;
    });
    if (said === null) unreadable += 1;
    else if ('registered' in said) registrations.register(said.registered, Number(timestamp));
    else registrations.retire(said.retired, Number(timestamp));
  });
  return { registrations, unreadable };
}

export function registrationRecord(schemaIds: SchemaIds, registration: Registration): OutgoingRecord {
  return recordOf(registration.instance, encodeValue('ProducerRegistered', schemaIds.ProducerRegistered, registration));
}

export function retirementRecord(schemaIds: SchemaIds, retirement: Retirement): OutgoingRecord {
  return recordOf(retirement.instance, encodeValue('ProducerRetired', schemaIds.ProducerRetired, retirement));
}

function recordOf(instance: string, value: Buffer): OutgoingRecord {
  return { topic: PRODUCERS_TOPIC, partition: 0, key: Buffer.from(instance), value, headers: {} };
}
