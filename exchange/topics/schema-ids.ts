/**
 * Which schema each id in the log means, by what the records themselves name, and what of that a registry lacks. Pure;
 * it never guesses the schema of a record that names none.
 */

import { headerText, SCHEMA_FINGERPRINT } from '#exchange/keys/tags.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import { schemaIdOf } from './records.ts';
import { KNOWN_SCHEMAS, type KnownSchema, schemaNamed } from './schemas.ts';

/** An id, as records use it. */
export interface WrittenId {
  readonly id: number;
  /** By fingerprint, how many records name it; the empty one stands for those that name none. */
  readonly records: ReadonlyMap<string, number>;
}

export class WrittenIds {
  readonly #ids = new Map<number, Map<string, number>>();

  /** What isn't in wire format has no id. */
  add({ value, headers }: Pick<IncomingRecord, 'value' | 'headers'>): void {
    const id = value === null ? null : schemaIdOf(value);
    if (id === null) return;
    const named = headerText(headers, SCHEMA_FINGERPRINT);
    const records = this.#ids.get(id) ?? new Map<string, number>();
    this.#ids.set(id, records);
    records.set(named, (records.get(named) ?? 0) + 1);
  }

  /** In the order of their numbers. */
  all(): readonly WrittenId[] {
    return [...this.#ids].map(([id, records]) => ({ id, records })).toSorted((a, b) => a.id - b.id);
  }
}

/** The schema that an id means; or why that can't be said. */
export type Meaning = { readonly schema: KnownSchema; readonly others: number } | { readonly unknown: string };

/** What most of the records name: a few may have been written to mislead. */
export function meaningOf({ records }: WrittenId): Meaning {
  const named = [...records].filter(([name]) => name !== '').toSorted(([, a], [, b]) => b - a);
  const [most] = named;
  if (most === undefined) return { unknown: 'none of its records names its schema' };
  const schema = schemaNamed(most[0]);
  if (schema === undefined) return { unknown: `its schema ${most[0]} is of another version of this program` };
  return { schema, others: named.slice(1).reduce((sum, [, count]) => sum + count, 0) };
}

/** A schema and the id under which records have it. */
export interface SchemaWithId {
  readonly id: number;
  readonly schema: KnownSchema;
}

export type Standing =
  /** The registry has it under its id. */
  | 'there'
  | 'missing'
  /** Under its id the registry has another schema, or it has this one's subject with other ids. */
  | 'taken';

/** What a registry tells of one id and of the subject of its schema. */
export interface Held {
  /** The fingerprint of the schema that it has under the id; null: none. */
  readonly fingerprint: string | null;
  readonly knowsSubject: boolean;
}

export function standingOf({ schema }: SchemaWithId, { fingerprint, knowsSubject }: Held): Standing {
  if (fingerprint !== null) return schemaNamed(fingerprint) === schema ? 'there' : 'taken';
  return knowsSubject ? 'taken' : 'missing';
}

/**
 * With the versions that no record has used, under ids that none has: a version that is registered later would stand
 * after the newest.
 * @param takenMax the highest id that any record has
 */
export function withUnused(missing: readonly SchemaWithId[], takenMax: number): readonly SchemaWithId[] {
  const used = new Set(missing.map(({ schema }) => schema));
  const names = new Set(missing.map(({ schema }) => schema.name));
  const unused = KNOWN_SCHEMAS.filter((schema) => names.has(schema.name) && !used.has(schema));
  return [...missing, ...unused.map((schema, index) => ({ id: takenMax + 1 + index, schema }))];
}
