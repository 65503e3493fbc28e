/** What the duty team reads of the schemas of the log. */

import { describe, expect, it } from 'vitest';
import { KNOWN_SCHEMAS, type KnownSchema } from '#exchange/topics/schemas.ts';
import { type Found, mendOf, tableOf } from '#services/cli/schemas/table.ts';

const schema = KNOWN_SCHEMAS[0] as KnownSchema;
const written = { id: 7, records: new Map([['a', 40]]) };
const found = (others: number): Found => ({ written, of: { id: 7, schema }, others, standing: 'there' });

describe('the table of schemas', () => {
  it('names each id with how many records have it, and how the registry stands to it', () => {
    expect(tableOf([found(0)])).toMatch(new RegExp(`7 .*${schema.name} v${schema.version}.*40.*has it`));
  });
  it('was silent of records that name another schema under an id', () => {
    expect(tableOf([found(3)])).toContain(`Schema 7: 3 of its records name another schema than ${schema.name}`);
    expect(tableOf([found(0)])).not.toContain('name another schema');
  });
  it('says why nobody can tell what an id means', () => {
    const unknown: Found = { written, unknown: 'none of its records names its schema' };
    expect(tableOf([unknown])).toContain('none of its records names its schema');
    expect(mendOf(unknown)).toContain('To mend:');
  });
});
