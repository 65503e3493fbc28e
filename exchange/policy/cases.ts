/**
 * The cases beside a rule: what it must answer for a given history, occasion and instant. They are run by a test and
 * by `hutong policy check`, on everything fresh, so that nothing but the rule decides.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { type Answer, recognise } from '#core/answer/recognise.ts';
import type { PolicyBook } from '#core/book/policy-book.ts';
import type { RuleInForce } from '#core/book/selected.ts';
import { OUTCOMES } from '#core/decision/outcome.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { parseTime } from '#core/field/time.ts';
import { namedFor, PURPOSES, type Scope, scopeOf } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { type Fault, noTime } from '#core/terms/fault.ts';
import { choice, closed } from '#core/terms/form.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import { lazily } from '#platform/lazily.ts';
import { checkJson, type FileFault, type InFile, located, readBytes } from './checked.ts';
import { type History, HistorySchema, historyFaults, readHistory } from './example.ts';
import { OccasionSchema, occasionFaults, readOccasion } from './schema/occasion.ts';

const said = Type.String({ minLength: 1, maxLength: 300 });

export const CasesSchema = Type.Object(
  {
    rule: Type.String({ pattern: '^\\d{2}/[a-z0-9-]+$', description: 'the rule that they are about' }),
    cases: Type.Array(
      Type.Object(
        {
          name: said,
          source: Type.Optional(said),
          history: HistorySchema,
          destination: Type.Optional(choice(PROVINCE_CODES, 'without it whose rule it is')),
          purpose: choice(PURPOSES, 'what the person wants to do'),
          at: Type.String({ description: 'the instant that is asked about' }),
          occasion: Type.Optional(OccasionSchema),
          expect: Type.Object(
            {
              outcome: choice(OUTCOMES, 'the outcome'),
              version: Type.Unsafe<number | null>({
                type: ['integer', 'null'],
                description: 'the version that judges; null: no rule is known, or kinds of place differ',
              }),
              reason: Type.Optional(Type.String()),
              mayGoIn: Type.Optional(Type.Unsafe<boolean | null>({ type: ['boolean', 'null'] })),
              kinds: Type.Optional(
                Type.Array(Type.String(), { description: '<kind>: <outcome>, or no_rule_known; the last any other' }),
              ),
              clause: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] })),
              validUntil: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] })),
              daysSinceTest: Type.Optional(Type.Unsafe<number | null>({ type: ['integer', 'null'] })),
              states: Type.Optional(Type.Array(Type.String())),
              duties: Type.Optional(Type.Array(Type.String(), { description: 'id, or id done/required' })),
              statementsMissing: Type.Optional(Type.Array(Type.String())),
            },
            closed,
          ),
        },
        closed,
      ),
      { minItems: 1 },
    ),
  },
  closed,
);
export type CasesText = Static<typeof CasesSchema>;
export type CaseText = CasesText['cases'][number];

const ajv = new Ajv({ allErrors: true, strict: false, formats: { date: true } });
const isCases = lazily(() => ajv.compile<CasesText>(CasesSchema));

/** All cases under a folder, by file, and every fault of those that can't be run. */
export async function readCases(
  folder: string,
): Promise<{ readonly cases: readonly InFile<CasesText>[]; readonly faults: readonly FileFault[] }> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.cases.json')).sort();
  const read = await Promise.all(
    names.map(async (file) =>
      checkJson(file, await readBytes(join(folder, file), file), isCases(), (value) => faultsOf(file, value)),
    ),
  );
  return {
    cases: read.flatMap((one) => ('faults' in one ? [] : [one])),
    faults: read.flatMap((one) => ('faults' in one ? one.faults : [])),
  };
}

function faultsOf(file: string, { rule, cases }: CasesText): Fault[] {
  const [code = '', name = ''] = rule.split('/');
  const right = new RegExp(`^${code}-[a-z-]+[/\\\\]${name}\\.cases\\.json$`).test(file);
  const times = cases.flatMap(({ history, occasion, at }, index) => [
    ...historyFaults(history, `/cases/${index}/history`),
    ...occasionFaults(occasion, `/cases/${index}/occasion`),
    ...(parseTime(at) === null ? [noTime(`/cases/${index}/at`)] : []),
  ]);
  return right
    ? times
    : [
        {
          pointer: '/rule',
          detail: 'does not agree with the file’s place',
          mend: `move it to ${code}-<name>/${name}.cases.json, or correct it`,
        },
        ...times,
      ];
}

/** Versions that can be in force and that no case is about, and cases about none. */
export function coverageFaults(
  rules: readonly (InFile<unknown> & { readonly rule: RuleText })[],
  files: readonly InFile<CasesText>[],
): FileFault[] {
  const judged = new Set(
    files.flatMap(({ value: { rule, cases } }) => cases.map(({ expect: { version } }) => `${rule} ${version}`)),
  );
  const known = new Set(rules.map(({ rule: { id, version } }) => `${id} ${version}`));
  const without = rules.filter(({ rule: { id, version, confirmed } }) => confirmed && !judged.has(`${id} ${version}`));
  const idle = files.flatMap((inFile) =>
    inFile.value.cases.flatMap(({ expect: { version } }, at) =>
      // Null: that none is known, or that kinds of place are judged by several.
      version === null || known.has(`${inFile.value.rule} ${version}`)
        ? []
        : [
            located(inFile, {
              pointer: `/cases/${at}/expect/version`,
              detail: `there is no version ${version} of ${inFile.value.rule}`,
              mend: 'name one that is there',
            }),
          ],
    ),
  );
  return [
    ...without.map((inFile) =>
      located(inFile, {
        pointer: '/version',
        detail: 'has no case',
        mend:
          `add some to ${inFile.file.replace(/-v\d+\.json$/, '.cases.json')}: for each window the last ` +
          'second that counts, and the first that doesn’t',
      }),
    ),
    ...idle,
  ];
}

/**
 * What the rules answer in a case, and what one that isn't confirmed would if it were in force.
 * @throws RangeError when it holds something that is no time
 */
export function answerCase(
  policies: PolicyBook,
  rule: string,
  { history, destination, purpose, at, occasion, expect: { version } }: CaseText,
): Answer {
  const atMs = parseTime(at)?.atMs;
  const read = readOccasion(occasion);
  if (atMs === undefined) throw new RangeError(`${at} is no time`);
  if ('unreadable' in read) throw new RangeError(`occasion${read.unreadable} is no time`);
  const code = destination ?? (rule.slice(0, 2) as ProvinceCode);
  const policy =
    unconfirmed(policies, rule, version, scopeOf(purpose, read.occasion.kind), atMs) ??
    policies.select({ destination: code, purpose, ...read.occasion }, atMs);
  const { view, presented } = readHistory(history);
  return recognise({
    destination: code,
    purpose,
    codeBook: policies.codeBook,
    searched: policies.searched,
    policy,
    snapshot: freshSnapshot(view, atMs),
    presented,
    occasion: read.occasion,
    atMs,
    nowMs: atMs,
  });
}

function unconfirmed(
  { rules }: PolicyBook,
  id: string,
  version: number | null,
  scope: Scope,
  atMs: number,
): RuleInForce | null {
  const rule = rules.find(
    (one) =>
      !one.confirmed &&
      one.id === id &&
      one.version === version &&
      namedFor(one, scope) !== null &&
      one.inForceFromMs <= atMs &&
      atMs < one.inForceUntilMs,
  );
  return rule === undefined ? null : { rule, untilMs: rule.inForceUntilMs };
}

/** What of the answer isn't as expected; empty when all is. */
export function differencesOf(rule: string, { expect }: CaseText, answer: Answer): string[] {
  const found: Readonly<Record<keyof typeof expect, unknown>> = {
    outcome: answer.outcome,
    version: answer.rule?.version ?? null,
    reason: answer.reason,
    mayGoIn: answer.mayGoIn,
    kinds: answer.kinds.map(
      ({ kind, outcome, reason }) => `${kind ?? 'any other'}: ${reason === 'no_rule_known' ? reason : outcome}`,
    ),
    clause: answer.rule?.clause ?? null,
    validUntil: answer.validUntil,
    daysSinceTest: answer.daysSinceTest,
    states: answer.states.map(({ state }) => state),
    duties: answer.duties.map(({ id, done, required }) =>
      required === null ? id : `${id} ${done ?? '?'}/${required}`,
    ),
    statementsMissing: answer.statementsMissing,
  };
  const differing = Object.entries(expect).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(found[field as keyof typeof expect]),
  );
  const differences = differing.map(
    ([field, value]) =>
      `${field}: expected ${JSON.stringify(value)}, answered ${JSON.stringify(found[field as keyof typeof expect])}`,
  );
  // Where none is expected, no rule's name says so.
  const expected = expect.version === null ? null : rule;
  const answered = answer.rule?.id ?? null;
  return answered === expected
    ? differences
    : [`rule: expected ${expected ?? 'none'}, answered ${answered ?? 'none'}`, ...differences];
}

/** Every province up to date, and nothing unread. */
export function freshSnapshot(view: History['view'], nowMs: number): Snapshot {
  const watermarks = PROVINCE_CODES.map((province) => ({
    province,
    instance: `${province}-example`,
    throughMs: nowMs,
  }));
  return {
    edition: 1,
    partition: 0,
    view,
    position: { clusterId: 'example', topics: {} },
    freshness: { watermarks, incompleteProvinces: [], withdrawals: [], acceptedUpToMs: nowMs, leaks: [] },
  };
}
