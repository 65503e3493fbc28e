/**
 * The schema files for editors and other languages are the ones that the service checks with.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CasesSchema } from '#policy/cases.ts';
import { CodeSchema, NationalCodeSchema } from '#policy/code-schema.ts';
import { ProvinceSchema } from '#policy/province.ts';
import { RuleSchema } from '#policy/schema.ts';

describe.each([
  ['rule', RuleSchema],
  ['cases', CasesSchema],
  ['province', ProvinceSchema],
  ['code', CodeSchema],
  ['national-code', NationalCodeSchema],
])('schemas/policy/%s.schema.json', (name, schema) => {
  it('is what the service checks with', () => {
    const file: unknown = JSON.parse(
      readFileSync(new URL(`../../../schemas/policy/${name}.schema.json`, import.meta.url), 'utf8'),
    );
    expect(file).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      ...(JSON.parse(JSON.stringify(schema)) as object),
    });
  });
});
