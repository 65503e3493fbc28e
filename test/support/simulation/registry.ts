/**
 * The schema registry in memory. An instance knows the schemas of its own version from the start, as a service does,
 * and has to ask for those of a newer producer.
 */

import avro from 'avsc';
import { encodeValue } from '#exchange/topics/records.ts';
import type { SchemaIds, SchemaSource } from '#exchange/topics/registry.ts';
import { CURRENT, fingerprintOf, RECORD_NAMES, type RecordName, type WriterSchema } from '#exchange/topics/schemas.ts';
import { HutongError } from '#platform/errors.ts';
import type { SimProcess } from './process.ts';

const idsFrom = (first: number) =>
  Object.fromEntries(RECORD_NAMES.map((name, index) => [name, first + index])) as unknown as SchemaIds;
export const SCHEMA_IDS = idsFrom(1);
const NEWER_IDS = idsFrom(101);
export const UNKNOWN_SCHEMA_ID = 999;

/** As another version of the program might have them: with one more field, which has a default. */
const NEWER = Object.fromEntries(
  RECORD_NAMES.map((name) => {
    const schema = JSON.parse(CURRENT[name].text) as { fields: object[] };
    schema.fields.push({ name: 'remark', type: ['null', 'string'], default: null });
    return [name, avro.Type.forSchema(schema as unknown as avro.Schema)];
  }),
) as unknown as Readonly<Record<RecordName, avro.Type>>;

const REGISTERED = new Map<number, WriterSchema>(
  RECORD_NAMES.flatMap((name) => [
    [SCHEMA_IDS[name], { name, type: CURRENT[name].type }],
    [NEWER_IDS[name], { name, type: NEWER[name] }],
  ]),
);

export function encodeAs(version: 'current' | 'newer', name: RecordName, value: object): Buffer {
  if (version === 'current') return encodeValue(name, SCHEMA_IDS[name], value);
  const prefix = Buffer.alloc(5);
  prefix.writeInt32BE(NEWER_IDS[name], 1);
  return Buffer.concat([prefix, NEWER[name].toBuffer({ ...value, remark: 'of a newer version' })]);
}

export function fingerprintAs(version: 'current' | 'newer', name: RecordName): string {
  return fingerprintOf(version === 'current' ? CURRENT[name].type : NEWER[name]);
}

export function schemasOf(process: SimProcess): SchemaSource {
  const known = new Map<number, WriterSchema>(
    RECORD_NAMES.map((name) => [SCHEMA_IDS[name], REGISTERED.get(SCHEMA_IDS[name]) as WriterSchema]),
  );
  return {
    cached: (schemaId) => known.get(schemaId),
    fetch: async (schemaId) => {
      const held = known.get(schemaId);
      if (held !== undefined) return held;
      const found = await process
        .call('registry', () => REGISTERED.get(schemaId) ?? null)
        .catch((cause: unknown) => {
          throw new HutongError('REGISTRY_UNAVAILABLE', 'away', { retriable: true, cause });
        });
      if (found !== null) known.set(schemaId, found);
      return found;
    },
  };
}
