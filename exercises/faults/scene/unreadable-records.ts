/**
 * Records that can't become events, one for each reason, as somebody who writes past the door could append them. Each
 * is what its reason says and nothing else.
 */

import { randomBytes } from 'node:crypto';
import avro from 'avsc';
import type { PersonKey } from '#core/field/identity.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS } from '#core/field/time.ts';
import { claimHeader } from '#exchange/topics/claim-header.ts';
import { encodeValue, RECORD_BYTES_MAX, type UnreadableReason } from '#exchange/topics/records.ts';
import { registerSchema, RegistrySchemas, type SchemaIds } from '#exchange/topics/registry.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { testReported } from '#exercises/town/events.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import { fetchOf, type HttpAccess } from '#platform/fetch-as.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { nextSchemaText } from './next-version.ts';

const UNUSED_SCHEMA_ID = 987_654;
const OTHER_KIND = { type: 'record', name: 'Weather', fields: [{ name: 'rain', type: 'boolean' }] };
const SAME_NAME = {
  type: 'record',
  namespace: 'cn.hutong.events',
  name: 'TestReported',
  fields: [{ name: 'province', type: 'boolean' }],
};

type Body = (maker: PoisonMaker) => Promise<Buffer | null> | Buffer | null;

/** Whose person's view is marked. */
const PERSONAL = {
  tombstone: () => null,
  too_large: (maker) => Buffer.concat([maker.good(), Buffer.alloc(RECORD_BYTES_MAX)]),
  not_wire_format: () => randomBytes(200).fill(7, 0, 1),
  unknown_schema_id: (maker) => wire(UNUSED_SCHEMA_ID, maker.good().subarray(5)),
  not_an_event: async (maker) => wire(await maker.foreignId(OTHER_KIND), Buffer.from([1])),
  schema_not_resolvable: async (maker) =>
    wire(await maker.foreignId(SAME_NAME), avro.Type.forSchema(SAME_NAME as avro.Schema).toBuffer({ province: true })),
  truncated_or_garbled: (maker) => maker.good().subarray(0, 40),
  breaks_a_rule: (maker) => maker.good({ reportIssuedAtMs: Date.now() + DAY_MS }),
} as const satisfies Partial<Record<UnreadableReason, Body>>;

export type PersonalReason = keyof typeof PERSONAL;
export const PERSONAL_REASONS = Object.keys(PERSONAL) as PersonalReason[];

export class PoisonMaker {
  readonly #exchange: Exchange;
  readonly #registry: HttpAccess;
  readonly #schemaIds: SchemaIds;

  private constructor(exchange: Exchange, registry: HttpAccess, schemaIds: SchemaIds) {
    this.#exchange = exchange;
    this.#registry = registry;
    this.#schemaIds = schemaIds;
  }

  static async with(exchange: Exchange): Promise<PoisonMaker> {
    const registry = operatorRegistry(exchange.stack);
    return new PoisonMaker(exchange, registry, await new RegistrySchemas(registry).currentIds());
  }

  /** A record of that person that is good in all but one way. */
  async personal(reason: PersonalReason, key: PersonKey): Promise<OutgoingRecord> {
    return this.#exchange.taggedBy(testReported().province, {
      topic: 'tests',
      partition: partitionOf(key, this.#exchange.partitions),
      key,
      value: await (PERSONAL[reason] as Body)(this),
      headers: {},
    });
  }

  /** Of a person, whole and good, and nobody vouches for it: its tag is that of another value, and it marks nobody. */
  forged(key: PersonKey, province: string): OutgoingRecord {
    const genuine = this.#exchange.taggedBy(province, {
      topic: 'tests',
      partition: partitionOf(key, this.#exchange.partitions),
      key,
      value: this.good({ province: province as ProvinceCode }),
      headers: {
        ...sourceOf(province),
        ...claimHeader({ instance: `${province}-a`, epoch: 1, attempt: 0, number: 1 }),
      },
    });
    return { ...genuine, value: this.good({ province: province as ProvinceCode, result: 'positive' }) };
  }

  /** Nobody's: its key is none. */
  keyless(partition: number, province: string): OutgoingRecord {
    return this.#exchange.taggedBy(province, {
      topic: 'tests',
      partition,
      key: Buffer.from('short'),
      value: this.good(),
      headers: sourceOf(province),
    });
  }

  misplaced(key: PersonKey, province: string): OutgoingRecord {
    const { partitions } = this.#exchange;
    return this.#exchange.taggedBy(province, {
      topic: 'tests',
      partition: (partitionOf(key, partitions) + 1) % partitions,
      key,
      value: this.good(),
      headers: sourceOf(province),
    });
  }

  good(given: Parameters<typeof testReported>[0] = {}): Buffer {
    return encodeValue('TestReported', this.#schemaIds.TestReported, testReported(given));
  }

  /** The id of a schema that is none of this project's. */
  async foreignId(schema: object): Promise<number> {
    const subject = `foreign-${randomBytes(4).toString('hex')}`;
    const response = await fetchOf(this.#registry)(`${this.#registry.url}/subjects/${subject}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schema: JSON.stringify(schema) }),
    });
    return ((await response.json()) as { id: number }).id;
  }
}

/** The next version of TestReported, as another producer might write it already. */
export async function registerNewerVersion(registry: HttpAccess): Promise<{ encode: (event: object) => Buffer }> {
  const schemaId = await registerSchema(registry, nextSchemaText());
  const type = avro.Type.forSchema(JSON.parse(nextSchemaText()) as avro.Schema);
  return { encode: (event) => wire(schemaId, type.toBuffer({ ...event, remark: 'of a newer producer' })) };
}

function wire(schemaId: number, body: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeInt32BE(schemaId, 1);
  return Buffer.concat([prefix, body]);
}

function sourceOf(province: string): Record<string, string> {
  return { ce_source: `/provinces/${province}/producers/${province}-a` };
}
