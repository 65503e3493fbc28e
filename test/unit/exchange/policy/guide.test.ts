/** The example in the guide is a rule that the loader takes, and it answers what its announcement says. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import { type RuleText, RuleSchema } from '#core/rules/rule-text.ts';
import { answerCase, CasesSchema, type CasesText, differencesOf } from '#exchange/policy/cases.ts';
import { POLICIES } from '#platform/folders.ts';
import { ruleText } from '#test/support/lookup.ts';

const guide = readFileSync(join(POLICIES, 'README.md'), 'utf8');
const block = (language: string): unknown =>
  JSON.parse(
    (new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(guide)?.[1] ?? '').replaceAll(
      / \/\/ .*$| {2,}\/\/.*$/gm,
      '',
    ),
  );
const example = block('jsonc') as RuleText;
/** The guide's own, and those that would make it too long. */
const { rule, cases: shown } = block('json') as CasesText;
const cases = [
  ...shown,
  ...(JSON.parse(readFileSync(new URL('guide.cases.json', import.meta.url), 'utf8')) as CasesText).cases,
];
const isRule = new Ajv({
  allErrors: true,
  discriminator: true,
  useDefaults: true,
  strictRequired: false,
  allowUnionTypes: true,
}).compile<RuleText>(RuleSchema);

describe('policies/README.md: the example', () => {
  it('has no faults', () => {
    expect([isRule(example), isRule.errors]).toEqual([true, null]);
    expect(faultsOfBook([ruleText(), example])).toEqual([]);
  });
  it('has cases of the right form', () => {
    const isCases = new Ajv({ strict: false, formats: { date: true } }).compile(CasesSchema);
    expect([isCases({ rule, cases }), isCases.errors]).toEqual([true, null]);
  });
  it.each(cases)('answers as announced: $name', (one) => {
    isRule(example); // puts the defaults in
    expect(differencesOf(rule, one, answerCase(compilePolicyBook([ruleText(), example]), rule, one))).toEqual([]);
  });
});
