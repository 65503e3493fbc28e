/** The next version of this software, as far as the parts that run now can tell: its own code, with a newer schema. */

import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CURRENT, schemaVersions } from '#exchange/topics/schemas.ts';
import { sourceOf } from '#infra/build/programs.ts';
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
  return (plan) => {
    const sources = plan.args.map(sourceOf);
    if (!sources.some((source) => source !== null)) throw new Error(`${plan.name} runs no program of this project`);
    return { ...plan, args: plan.args.map((arg, index) => (sources[index] ? join(folder, sources[index]) : arg)) };
  };
}
