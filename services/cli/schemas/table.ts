/** What `hutong schemas` prints: what each id of the log means, how the registry stands to it, and what to mend. */

import Table from 'cli-table3';
import type { SchemaWithId, Standing, WrittenId } from '#exchange/topics/schema-ids.ts';

/** An id of the log, with what it means and how the registry stands to it. */
export type Found = { readonly written: WrittenId } & (
  | { readonly of: SchemaWithId; readonly others: number; readonly standing: Standing }
  | { readonly unknown: string }
);

const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  there: 'has it',
  missing: 'lacks it',
  taken: 'has another',
};

export function tableOf(found: readonly Found[]): string {
  const table = new Table({ head: ['id', 'schema', 'records', 'the registry'], style: { head: [], border: [] } });
  for (const one of found) {
    const records = [...one.written.records.values()].reduce((sum, count) => sum + count, 0);
    const said = 'of' in one ? [nameOf(one.of), records, STANDING_WORDS[one.standing]] : ['?', records, one.unknown];
    table.push([one.written.id, ...said]);
  }
  return [table.toString(), ...found.flatMap(misleading)].join('\n');
}

/** An id means what most of its records name: somebody has to look at the rest. */
function misleading(one: Found): string[] {
  if (!('of' in one) || one.others === 0) return [];
  return [
    `Schema ${one.of.id}: ${one.others} of its records name another schema than ${nameOf(one.of)}. They are read by ` +
      'the one that they name; whoever wrote them had the id from another registry, or misleads',
  ];
}

export function mendOf(one: Found): string {
  const { id } = one.written;
  return 'of' in one
    ? `Schema ${id}: the registry has other ids for ${nameOf(one.of)}. To mend: give it an empty journal (stop it, ` +
        'delete the topic _schemas, start it), and give this command before anything registers a schema there'
    : `Schema ${id}: ${one.unknown}. To mend: restore it from the registry’s own export, or with the version of ` +
        'this program that wrote it';
}

function nameOf({ schema }: SchemaWithId): string {
  return `${schema.name} v${schema.version}`;
}
