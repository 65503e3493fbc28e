/** The next version of this software, as far as the parts that run now can tell: its own code, with a newer schema. */

import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CURRENT, schemaVersions } from '#exchange/topics/schemas.ts';
import type { PartPlan } from '#infra/process/part.ts';
import { ROOT } from '#platform/folders.ts';

/** Of TestReported: with one more field, which has a default. */
export function nextSchemaText(): string {
  const schema = JSON.parse(CURRENT.TestReported.text) as { fields: object[] };
  schema.fields.push({ name: 'remark', type: ['null', 'string'], default: null });
  return JSON.stringify(schema);
}

/**
 * A copy of what services consist of, made where there is none. @returns what makes a service's plan one of that
 * version
 */
export function nextVersionIn(folder: string): (plan: PartPlan) => PartPlan {
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    for (const part of ['core', 'platform', 'exchange', 'services', 'schemas', 'policies', 'package.json'])
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(
      join(folder, `schemas/events/test-reported/v${schemaVersions('TestReported').length + 1}.avsc`),
      nextSchemaText(),
    );
  }
  return (plan) => ({
    ...plan,
    args: plan.args.map((arg) => (arg.startsWith(join(ROOT, 'services')) ? join(folder, relative(ROOT, arg)) : arg)),
  });
}
