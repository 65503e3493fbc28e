/** A kind of clause, `tested_since`, as somebody adds it by the list in DESIGN.md, and a rule that uses it. */

import type { TemporaryTree } from '#test/support/temporary-tree.ts';

const FOLDER = 'core/clauses/tested-since';

/** A test of whatever result, taken on a day or later: nothing that a rule could ask for today. */
const FILES: Readonly<Record<string, string>> = {
  [`${FOLDER}/README.md`]: `# ${FOLDER}\nA test of whatever result, on a day or later. It never looks at the result.\n`,
  [`${FOLDER}/schema.ts`]: `/** How a clause \`tested_since\` is written. */

import { Type } from '@sinclair/typebox';
import { clauseFields } from '#core/terms/for-text.ts';
import { closed, type Read } from '#core/terms/form.ts';

export const schema = Type.Object(
  { ...clauseFields, kind: Type.Literal('tested_since'), day: Type.String({ description: 'the first day' }) },
  { ...closed, description: 'a test of whatever result, on this day or later' },
);
export type TestedSinceClauseText = Read<typeof schema>;
`,
  [`${FOLDER}/judge.ts`]: `/** The clause \`tested_since\`: a test of whatever result. */

import { parseDay, shanghaiDayOf } from '#core/field/time.ts';
import { withoutEvidence } from '#core/trial/validity.ts';
import type { LooksAt } from '#core/trial/takers.ts';
import { takenAtMs } from '#core/trial/tests-chain.ts';
import { type Judge, NO } from '#core/trial/trial.ts';
import type { TestedSinceClauseText } from './schema.ts';

export const looksAt = (): LooksAt => ({});

export function judge({ id, day }: TestedSinceClauseText): Judge {
  const first = parseDay(day) ?? Number.POSITIVE_INFINITY;
  const held = withoutEvidence(id, 'condition');
  return ({ sifted }) => (sifted.tests.some((test) => shanghaiDayOf(takenAtMs(test)) >= first) ? held : NO);
}
`,
  [`${FOLDER}/words.ts`]: `/** A clause \`tested_since\` in words. */

import type { Words } from '#core/terms/words.ts';
import type { TestedSinceClauseText } from './schema.ts';

export function words({ day }: TestedSinceClauseText): Words {
  return { zh: \`\${day}起做过检测\`, en: \`a test on \${day} or later\` };
}
`,
  [`${FOLDER}/faults.ts`]: `/** What of a clause \`tested_since\` can never hold, and what the notice forbids. */

import { parseDay } from '#core/field/time.ts';
import type { Fault } from '#core/terms/fault.ts';
import { BESIDE, obstacle } from '#core/terms/notice.ts';
import type { TestedSinceClauseText } from './schema.ts';

export function faults({ day }: TestedSinceClauseText, pointer: string): Fault[] {
  return parseDay(day) === null
    ? [{ pointer: \`\${pointer}/day\`, detail: 'is no day', mend: 'write one of the calendar, such as 2020-01-05' }]
    : [];
}

export function obstacles(_clause: TestedSinceClauseText, pointer: string): Fault[] {
  return [obstacle(pointer, 'asks for a test on some day', BESIDE)];
}
`,
  [`${FOLDER}/boundaries.ts`]: `/** Where a clause \`tested_since\` may come out otherwise. */

import type { Boundaries } from '#core/terms/boundaries.ts';

export const boundaries = (): Boundaries[] => [];
`,
  [`${FOLDER}/kind.ts`]: `/** The kind of clause \`tested_since\`, put together. */

import { boundaries } from './boundaries.ts';
import { faults, obstacles } from './faults.ts';
import { judge, looksAt } from './judge.ts';
import { schema } from './schema.ts';
import { words } from './words.ts';

export const testedSince = { schema, judge, looksAt, words, faults, obstacles, boundaries };
`,
};

export const RULE = {
  id: '43/made-up',
  version: 1,
  province: '43',
  title: { zh: '虚构', en: 'Made up' },
  purposes: ['entry'],
  inForce: { from: '2020-01-01T00:00+08:00', until: '2020-02-01T00:00+08:00' },
  afterwards: { zh: '此后没有规定', en: 'nothing is known afterwards' },
  sources: [{ title: 'a test', url: null, reliability: 'A' }],
  clauses: [{ id: 'tested', kind: 'tested_since', day: '2020-01-05' }],
  positive: 'no_effect',
};
export const CASES = {
  rule: '43/made-up',
  cases: [
    {
      name: 'on the day',
      history: { tests: [{ reportIssuedAt: '2020-01-05T00:00+08:00', result: 'positive' }] },
      purpose: 'entry',
      at: '2020-01-06T00:00+08:00',
      expect: { outcome: 'recognised', version: 1, reason: 'condition_met', clause: 'tested' },
    },
    {
      name: 'a second before it',
      history: { tests: [{ reportIssuedAt: '2020-01-04T23:59:59+08:00' }] },
      purpose: 'entry',
      at: '2020-01-06T00:00+08:00',
      expect: { outcome: 'not_recognised', version: 1, clause: null },
    },
  ],
};
/** Writes the schema for editors as it is now. */
const PUBLISH = `
import { RuleSchema } from './core/rules/rule-text.ts';
const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...RuleSchema };
console.log(JSON.stringify(schema));
`;

export async function addClauseKind(tree: TemporaryTree): Promise<void> {
  for (const [file, text] of Object.entries(FILES)) tree.write(file, text);
  tree.replace(
    'core/clauses/kinds.ts',
    "import { tests } from './tests/kind.ts';\n",
    "import { testedSince } from './tested-since/kind.ts';\nimport { tests } from './tests/kind.ts';\n",
  );
  tree.replace(
    'core/clauses/kinds.ts',
    '  exempt,\n} as const;',
    '  exempt,\n  tested_since: testedSince,\n} as const;',
  );
  const { output } = await tree.node('--input-type=module', '--eval', PUBLISH);
  tree.write('schemas/policy/rule.schema.json', output);
}
