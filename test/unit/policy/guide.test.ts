/** The example in the guide is a rule that the loader takes. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { faultsOfBook } from '#core/book-faults.ts';
import type { RuleText } from '#core/policy.ts';
import { RuleSchema } from '#policy/schema.ts';
import { ruleText } from '#test/support/lookup.ts';

it('policies/README.md: the example has no faults', () => {
  const guide = readFileSync(new URL('../../../policies/README.md', import.meta.url), 'utf8');
  const block = /```jsonc\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
  const example: unknown = JSON.parse(block.replaceAll(/ \/\/ .*$| {2,}\/\/.*$/gm, ''));
  const isRule = new Ajv({ allErrors: true, discriminator: true, useDefaults: true, strictRequired: false, allowUnionTypes: true }).compile<RuleText>(RuleSchema);
  expect([isRule(example), isRule.errors]).toEqual([true, null]);
  expect(faultsOfBook([ruleText(), example as RuleText])).toEqual([]);
});
