/**
 * A file of a sample, read twice: what is sent again must be the same, or it is no duplicate. So many of its items are
 * looked at; it holds none of them.
 */

import { createHash } from 'node:crypto';
import type { Item, MappingSettings } from '#exchange/formats/reader.ts';
import type { Format } from '#exchange/readers/readers.ts';
import type { Input } from '#services/cli/shared/input.ts';
import { itemsOf } from '#services/cli/shared/items.ts';

/** A sample is no delivery: so many events of a file are looked at. */
export const SAMPLE_EVENTS_MAX = 10_000;

interface HowRead {
  /** Null: by the file's content. */
  readonly format: Format | null;
  readonly mapping: MappingSettings;
}

/** @param take of each item at the first reading */
export async function readTwice(
  input: Input,
  how: HowRead,
  take: (item: Item) => Promise<void>,
): Promise<{ readonly isSame: boolean; readonly isMore: boolean }> {
  const first = await readOnce(input, how, take);
  const second = await readOnce(input, how, async () => undefined);
  return { isSame: first.digest === second.digest, isMore: first.isMore };
}

async function readOnce(
  input: Input,
  { format, mapping }: HowRead,
  take: (item: Item) => Promise<void>,
): Promise<{ readonly digest: string; readonly isMore: boolean }> {
  const digest = createHash('sha256');
  let events = 0;
  let isMore = false;
  for await (const item of itemsOf(input, format, mapping)) {
    isMore = events >= SAMPLE_EVENTS_MAX;
    if (isMore) break;
    if (item.kind !== 'file_fault') events += 1;
    digest.update(`${JSON.stringify(item)}\n`);
    await take(item);
  }
  return { digest: digest.digest('hex'), isMore };
}
