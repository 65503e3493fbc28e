/**
 * The schema files for editors and other languages are the ones that the service checks with.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CodeSchema, NationalCodeSchema } from '#core/codes/code-table.ts';
import { KindsSchema } from '#core/rules/kinds-text.ts';
import { RuleSchema } from '#core/rules/rule-text.ts';
import { CasesSchema } from '#exchange/policy/cases.ts';
import { ProvinceSchema } from '#exchange/policy/schema/province.ts';
import { SCHEMAS } from '#platform/folders.ts';

describe.each([
  ['rule', RuleSchema],
  ['cases', CasesSchema],
  ['province', ProvinceSchema],
  ['kinds', KindsSchema],
  ['code', CodeSchema],
  ['national-code', NationalCodeSchema],
])('schemas/policy/%s.schema.json', (name, schema) => {
  it('is what the service checks with', () => {
    const file: unknown = JSON.parse(readFileSync(join(SCHEMAS, `policy/${name}.schema.json`), 'utf8'));
    expect(file).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      ...(JSON.parse(JSON.stringify(schema)) as object),
    });
  });
});
