/**
 * The published rules as one record: the files of a folder, all or nothing, so that no look-up ever judges by half of a
 * change. What the validator refuses can't be packed, and is refused again by whoever unpacks it.
 */

import { gunzipSync, gzipSync } from 'node:zlib';
import type { PolicyBook } from '#core/book/policy-book.ts';
import { parseDay } from '#core/field/time.ts';
import type { Redated } from '#core/rules/redate.ts';
import { describeError, HutongError } from '#platform/errors.ts';
import { compilePolicies, type PolicyFiles, readFiles } from './files.ts';

/** Compressed; below what Kafka takes in a record. */
export const PUBLICATION_BYTES_MAX = 900_000;
const UNPACKED_BYTES_MAX = 32 * 1024 * 1024;
const FORMAT = 1;

/** @throws HutongError POLICY_INVALID, naming every fault found */
export async function packPolicies(
  folder: string,
  redated: Redated | null = null,
): Promise<{ readonly value: Buffer; readonly book: PolicyBook }> {
  const files = await readFiles(folder);
  const { book } = await compilePolicies(files, folder);
  const texts = [...files].map(([file, bytes]) => [file, 'faults' in bytes ? '' : Buffer.from(bytes).toString('utf8')]);
  const value = gzipSync(
    JSON.stringify({
      format: FORMAT,
      ...(redated === null ? {} : { asOf: { day: redated.asOf, shiftDays: redated.shiftedByDays } }),
      files: Object.fromEntries(texts) as Record<string, string>,
    }),
  );
  if (value.length > PUBLICATION_BYTES_MAX) {
    throw new HutongError(
      'POLICY_INVALID',
      `the rules take ${value.length} bytes compressed, more than ${PUBLICATION_BYTES_MAX}`,
      { retriable: false, hint: 'take versions out that no look-up asks for any more' },
    );
  }
  return { value, book };
}

/**
 * @param publishedAtMs what was in force on the stated day at that time of day is, from then on without an end
 * @throws HutongError POLICY_INVALID
 */
export async function unpackPolicies(value: Buffer, publishedAtMs: number): Promise<PolicyBook> {
  const { files, redated } = recordOf(value);
  const redating = redated === null ? undefined : { redated, publishedAtMs };
  return (await compilePolicies(files, 'the published rules', redating)).book;
}

function recordOf(value: Buffer): { readonly files: PolicyFiles; readonly redated: Redated | null } {
  try {
    const { format, files, asOf } = JSON.parse(
      gunzipSync(value, { maxOutputLength: UNPACKED_BYTES_MAX }).toString('utf8'),
    ) as { format: unknown; files: Record<string, string>; asOf?: { day: string; shiftDays: number } };
    if (format !== FORMAT) throw new Error(`its format is not ${FORMAT}`);
    if (asOf !== undefined && (parseDay(asOf.day) === null || !Number.isInteger(asOf.shiftDays)))
      throw new Error('it is as of no day');
    return {
      files: new Map(Object.entries(files).map(([file, text]) => [file, Buffer.from(String(text))])),
      redated: asOf === undefined ? null : { asOf: asOf.day, shiftedByDays: asOf.shiftDays },
    };
  } catch (cause) {
    throw new HutongError('POLICY_INVALID', `the record is no publication of rules: ${describeError(cause)}`, {
      retriable: false,
      cause,
      hint: 'publish with hutong policy publish',
    });
  }
}
