/**
 * Which process is which producer instance, by the topic `producers`: each process registers with an epoch, one more
 * than the highest before, and the highest is the instance. Nothing here believes a tombstone, for Kafka asks nobody
 * whose key it bears.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { OPERATOR, provincePrincipal } from '#exchange/identity/principals.ts';
import { signatureHeaders, type SigningKey } from '#exchange/keys/signatures.ts';
import { HutongError } from '#platform/errors.ts';
import type { Kafka } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { type SignatureCheck, type SignedRecord, signed } from './public-keys.ts';
import { decodeOwn, encodeValue } from './records.ts';
import type { SchemaIds, SchemaSource } from './registry.ts';
import { NAMES_SCHEMA, type RecordName } from './schemas.ts';
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

export type Said =
  | { readonly registered: Registration }
  | { readonly retired: Retirement }
  /** It isn't signed by whom it says that it is of: it counts for nothing. */
  | { readonly forged: string };

/** What a record of `producers` says. @throws when it can't be decoded, and of a tombstone */
export async function decodeRegistration(
  record: SignedRecord,
  schemas: SchemaSource,
  signatures: SignatureCheck,
): Promise<Said> {
  const decoded = await decodeOwn(record.value, schemas);
  if (decoded.name === 'ProducerRetired') {
    const fault = signatures.faultOf(OPERATOR, record);
    return fault === null ? { retired: decoded.value as Retirement } : { forged: fault };
  }
  if (decoded.name !== 'ProducerRegistered') throw new Error(`${decoded.name} is no registration`);
  const registered = decoded.value as Registration;
  const fault = faultOfInstance(registered, record, signatures);
  return fault === null ? { registered } : { forged: fault };
}

/** Null: the record is of that instance. Nobody speaks for another province's. */
export function faultOfInstance(
  { province, instance }: Pick<Registration, 'province' | 'instance'>,
  record: SignedRecord,
  signatures: SignatureCheck,
): string | null {
  return instance.startsWith(`${province}-`)
    ? signatures.faultOf(provincePrincipal(province), record)
    : 'the instance is not of that province';
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
  signatures: SignatureCheck,
): Promise<{ readonly registrations: Registrations; readonly unreadable: number }> {
  const registrations = new Registrations();
  let unreadable = 0;
  await TopicFeed.readAll(kafka, PRODUCERS_TOPIC, async (message) => {
    const { timestamp } = message;
    const said = await decodeRegistration(signed(message), schemas, signatures).catch((error: unknown) => {
      if (error instanceof HutongError) throw error; // the registry is away: what it would have told isn't known
      return null;
    });
    if (said === null) unreadable += 1;
    else if ('forged' in said) return;
    else if ('registered' in said) registrations.register(said.registered, Number(timestamp));
    else registrations.retire(said.retired, Number(timestamp));
  });
  return { registrations, unreadable };
}

/** Under its province's signature. */
export function registrationRecord(
  schemaIds: SchemaIds,
  registration: Registration,
  signingKey: SigningKey,
): OutgoingRecord {
  const value = encodeValue('ProducerRegistered', schemaIds.ProducerRegistered, registration);
  return recordOf(registration.instance, 'ProducerRegistered', value, signingKey);
}

/** Under the operator's signature. */
export function retirementRecord(schemaIds: SchemaIds, retirement: Retirement, signingKey: SigningKey): OutgoingRecord {
  const value = encodeValue('ProducerRetired', schemaIds.ProducerRetired, retirement);
  return recordOf(retirement.instance, 'ProducerRetired', value, signingKey);
}

function recordOf(instance: string, name: RecordName, value: Buffer, signingKey: SigningKey): OutgoingRecord {
  const key = Buffer.from(instance);
  const headers = { ...NAMES_SCHEMA[name], ...signatureHeaders(signingKey, { key, value }) };
  return { topic: PRODUCERS_TOPIC, partition: 0, key, value, headers };
}
