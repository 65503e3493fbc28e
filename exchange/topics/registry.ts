/**
 * The schema registry: registering what this project writes, and finding the schema that a record was written with.
 * A registry that is away, or that has lost its schemas, is never taken for one that doesn't know an id: the first
 * holds the partition, the second makes a dead letter.
 */

import { Agent } from 'node:https';
import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import avro from 'avsc';
import { describeError, HutongError } from '#platform/errors.ts';
import { type Asked, type Fetch, fetchOf, type HttpAccess } from '#platform/fetch-as.ts';
import { within } from '#platform/limits/within.ts';
import { CURRENT, KNOWN_SCHEMAS, RECORD_NAMES, type RecordName, subjectOf, type WriterSchema } from './schemas.ts';

const REQUEST_TIMEOUT_MS = 5_000;
/** Of registering one schema, with what the library does by itself. */
const REGISTER_MS_MAX = 30_000;
const JSON_HEADERS = { 'content-type': 'application/vnd.schemaregistry.v1+json' } as const;

/** Registers every version of every schema, oldest first, under FULL_TRANSITIVE compatibility, as is all else there. */
export async function registerSchemas(registry: HttpAccess): Promise<void> {
  await new RegistrySchemas(registry).requireCompatibility();
  for (const { text } of KNOWN_SCHEMAS) await registerSchema(registry, text);
}

/** @returns the schema's id; an identical schema keeps its id. */
export async function registerSchema(registry: HttpAccess, text: string): Promise<number> {
  const subject = subjectOf(text);
  try {
    const registering = clientOf(registry).register(
      { type: SchemaType.AVRO, schema: text },
      { subject, compatibility: COMPATIBILITY.FULL_TRANSITIVE },
    );
    const { id } = await within(
      registering,
      REGISTER_MS_MAX,
      () => new Error(`no answer within ${REGISTER_MS_MAX} ms`),
    );
    return id;
  } catch (cause) {
    throw new HutongError('REGISTRY_UNAVAILABLE', `schema ${subject} could not be registered`, {
      retriable: true,
      cause,
      hint: `is the registry up at ${registry.url}, and is the schema compatible with all its earlier versions?`,
    });
  }
}

function clientOf({ url: host, identity }: HttpAccess): SchemaRegistry {
  const agent = identity !== null && host.startsWith('https:') ? { agent: new Agent({ ...identity.options }) } : {};
  return new SchemaRegistry({ host, retry: { retries: 3 }, ...agent }, { [SchemaType.AVRO]: {} });
}

/** Where a decoder finds writer schemas. */
export interface SchemaSource {
  /** The schema if it is at hand: kept in memory for ever, since an id never changes its meaning. */
  cached(schemaId: number): WriterSchema | null | undefined;
  /**
   * Fetches it. Null: the registry works and knows no such id.
   * @throws HutongError REGISTRY_UNAVAILABLE (retriable)
   */
  fetch(schemaId: number): Promise<WriterSchema | null>;
}

/**
 * The schemas for records that all lie in the log already. An id that isn't known for one of them isn't asked for again
 * for another: whoever writes a record registers its schema first, and null is only said by a registry that has read
 * all that was registered before it was asked. So the schema of none of them was registered when it was written. For a
 * record that may have been appended since, the registry must be asked again.
 */
export function forRecordsInHand(schemas: SchemaSource): SchemaSource {
  const unknown = new Set<number>();
  return {
    cached: (schemaId) => (unknown.has(schemaId) ? null : schemas.cached(schemaId)),
    fetch: async (schemaId) => {
      const found = await schemas.fetch(schemaId);
      if (found === null) unknown.add(schemaId);
      return found;
    },
  };
}

export type SchemaIds = Readonly<Record<RecordName, number>>;

export class RegistrySchemas implements SchemaSource {
  readonly #url: string;
  readonly #fetch: Fetch;
  readonly #known = new Map<number, WriterSchema>();
  readonly #pending = new Map<number, Promise<WriterSchema | null>>();
  #ownId: number | null = null;

  constructor(registry: HttpAccess) {
    this.#url = registry.url;
    this.#fetch = fetchOf(registry);
  }

  /** The ids of the schemas that this project writes with. @throws HutongError REGISTRY_SCHEMA_MISSING */
  async currentIds(): Promise<SchemaIds> {
    const entries = await Promise.all(
      RECORD_NAMES.map(async (name) => [name, await this.#idOf(CURRENT[name].text)] as const),
    );
    for (const [name, id] of entries) this.#known.set(id, { name, type: CURRENT[name].type });
    this.#ownId = entries[0]?.[1] ?? null;
    return Object.fromEntries(entries) as unknown as SchemaIds;
  }

  /** @throws HutongError REGISTRY_UNAVAILABLE (retriable) */
  async subjects(): Promise<ReadonlySet<string>> {
    return new Set((await this.#request('/subjects', namesOf)) ?? []);
  }

  cached(schemaId: number): WriterSchema | undefined {
    return this.#known.get(schemaId);
  }

  async fetch(schemaId: number): Promise<WriterSchema | null> {
    const known = this.#known.get(schemaId);
    if (known !== undefined) return known;
    const underWay = this.#pending.get(schemaId);
    const found = underWay === undefined ? null : await underWay;
    // An id may have been registered since that asking began. One that began since then does for all who waited.
    return found ?? this.#pending.get(schemaId) ?? this.#ask(schemaId);
  }

  #ask(schemaId: number): Promise<WriterSchema | null> {
    const asking = this.#load(schemaId).finally(() => this.#pending.delete(schemaId));
    this.#pending.set(schemaId, asking);
    return asking;
  }

  async #load(schemaId: number): Promise<WriterSchema | null> {
    let schema = await this.#request(`/schemas/ids/${schemaId}`, textOf);
    if (schema === null) {
      await this.#requireWholeJournal();
      schema = await this.#request(`/schemas/ids/${schemaId}`, textOf);
    }
    if (schema === null) return null;
    const writer = parseWriter(schema);
    this.#known.set(schemaId, writer);
    return writer;
  }

  /** Of every subject, also of one that isn't ours. @throws HutongError REGISTRY_UNAVAILABLE (retriable) */
  async requireCompatibility(): Promise<void> {
    await this.#request('/config', () => true, {
      method: 'PUT',
      headers: JSON_HEADERS,
      body: JSON.stringify({ compatibility: COMPATIBILITY.FULL_TRANSITIVE }),
    });
  }

  /**
   * A registry that has just started answers before it has read its journal to the end, and then knows no newer schema.
   * What it is told goes through that journal, so once it has taken a setting it has read all that was there before.
   */
  async #requireWholeJournal(): Promise<void> {
    await this.requireCompatibility();
    if (this.#ownId === null) return;
    // An empty registry knows no id at all, and would make a dead letter of every record.
    if ((await this.#request(`/schemas/ids/${this.#ownId}`, textOf)) === null)
      throw unavailable(this.#url, new Error('it has lost the schemas that it held when this process started'));
  }

  async #idOf(text: string): Promise<number> {
    const subject = subjectOf(text);
    const id = await this.#request(`/subjects/${encodeURIComponent(subject)}`, idOf, {
      method: 'POST',
      headers: JSON_HEADERS,
      body: JSON.stringify({ schema: text }),
    });
    if (id === null) {
      throw new HutongError('REGISTRY_SCHEMA_MISSING', `${subject} is not registered in this version`, {
        retriable: false,
        hint: 'register the schemas first: make up does',
      });
    }
    return id;
  }

  /**
   * What `read` finds in the answer's body; null when it is a 404. The body is part of the answer: one that breaks off,
   * hangs, or isn't the registry's is a registry that is away, not a fault of this program.
   */
  async #request<T>(path: string, read: (body: unknown) => T | undefined, init: Asked = {}): Promise<T | null> {
    try {
      const response = await this.#fetch(`${this.#url}${path}`, {
        ...init,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const text = await response.text();
      if (response.status === 404) return null;
      if (!response.ok) throw new Error(`answered ${response.status}`);
      const found = read(JSON.parse(text));
      if (found === undefined) throw new Error('answered something that is not a registry’s answer');
      return found;
    } catch (cause) {
      throw unavailable(this.#url, cause);
    }
  }
}

function textOf(body: unknown): string | undefined {
  const { schema } = Object(body) as { readonly schema?: unknown };
  return typeof schema === 'string' ? schema : undefined;
}

function namesOf(body: unknown): readonly string[] | undefined {
  return Array.isArray(body) && body.every((name) => typeof name === 'string') ? body : undefined;
}

function idOf(body: unknown): number | undefined {
  const { id } = Object(body) as { readonly id?: unknown };
  return typeof id === 'number' && Number.isInteger(id) ? id : undefined;
}

// The registry may hold other kinds of schema; what isn't Avro has no name here and is no event.
function parseWriter(schema: string): WriterSchema {
  try {
    const type = avro.Type.forSchema(JSON.parse(schema));
    return { name: type.name?.split('.').at(-1) ?? '', type };
  } catch {
    return { name: '', type: avro.Type.forSchema('null') };
  }
}

function unavailable(url: string, cause: unknown): HutongError {
  return new HutongError('REGISTRY_UNAVAILABLE', `schema registry: ${describeError(cause)}`, {
    retriable: true,
    cause,
    hint: `is the registry up at ${url}?`,
  });
}
