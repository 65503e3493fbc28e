/**
 * The cases beside a rule: what it must answer for a given history, occasion and instant. They are run by a test and by
 * `hutong policy check`, on everything fresh, so that nothing but the rule decides.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { OUTCOMES } from '#core/decide.ts';
import { PURPOSES } from '#core/policy.ts';
import type { PolicyBook, RuleInForce } from '#core/policy-book.ts';
import { type Answer, recognise } from '#core/recognise.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/regions.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { parseTime } from '#core/time.ts';
import { choice, closed } from './clause-schema.ts';
import { type History, HistorySchema, readHistory } from './history.ts';
import { OccasionSchema, readOccasion } from './occasion.ts';

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
              version: Type.Integer({ description: 'the version that judges' }),
              reason: Type.Optional(Type.String()),
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

const ajv = new Ajv({ strict: false, formats: { date: true } });
const isCases = ajv.compile<CasesText>(CasesSchema);

/** All cases under a folder, by file. @throws RangeError naming a file that has another form */
export async function readCases(folder: string): Promise<readonly { readonly file: string; readonly cases: CasesText }[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.cases.json')).sort();
  return Promise.all(
    names.map(async (file) => {
      const cases: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'));
      if (!isCases(cases)) throw new RangeError(`${file}: ${ajv.errorsText(isCases.errors)}`);
      return { file, cases };
    }),
  );
}

/** What the rules answer in a case, and what one that isn't confirmed would if it were in force. @throws RangeError when it holds something that is no time, or no rule applies */
export function answerCase(policies: PolicyBook, rule: string, { history, destination, purpose, at, occasion, expect: { version } }: CaseText): Answer {
  const atMs = parseTime(at)?.atMs;
  const read = readOccasion(occasion);
  if (atMs === undefined) throw new RangeError(`${at} is no time`);
  if ('unreadable' in read) throw new RangeError(`occasion${read.unreadable} is no time`);
  const code = destination ?? (rule.slice(0, 2) as ProvinceCode);
  const policy = unconfirmed(policies, rule, version, purpose, atMs) ?? policies.select(code, purpose, atMs);
  if (policy === null) throw new RangeError(`no rule for ${code} ${purpose} at ${at}`);
  const { view, presented } = readHistory(history);
  return recognise({ destination: code, purpose, codeBook: policies.codeBook, policy, snapshot: freshSnapshot(view, atMs), presented, occasion: read.occasion, atMs, nowMs: atMs });
}

function unconfirmed({ rules }: PolicyBook, id: string, version: number, purpose: CaseText['purpose'], atMs: number): RuleInForce | null {
  const rule = rules.find((one) => !one.confirmed && one.id === id && one.version === version && one.purposes.includes(purpose) && one.inForceFromMs <= atMs && atMs < one.inForceUntilMs);
  return rule === undefined ? null : { rule, untilMs: rule.inForceUntilMs };
}

/** What of the answer isn't as expected; empty when all is. */
export function differencesOf(rule: string, { expect }: CaseText, answer: Answer): string[] {
  const found: Readonly<Record<keyof typeof expect, unknown>> = {
    outcome: answer.outcome,
    version: answer.rule.version,
    reason: answer.reason,
    clause: answer.rule.clause,
    validUntil: answer.validUntil,
    daysSinceTest: answer.daysSinceTest,
    states: answer.states.map(({ state }) => state),
    duties: answer.duties.map(({ id, done, required }) => (required === null ? id : `${id} ${done ?? '?'}/${required}`)),
    statementsMissing: answer.statementsMissing,
  };
  const differing = Object.entries(expect).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(found[field as keyof typeof expect]));
  const differences = differing.map(([field, value]) => `${field}: expected ${JSON.stringify(value)}, answered ${JSON.stringify(found[field as keyof typeof expect])}`);
  return answer.rule.id === rule ? differences : [`rule: expected ${rule}, answered ${answer.rule.id}`, ...differences];
}

/** Every province up to date, and nothing unread. */
export function freshSnapshot(view: History['view'], nowMs: number): Snapshot {
  const watermarks = PROVINCE_CODES.map((province) => ({ province, instance: `${province}-example`, throughMs: nowMs }));
  return { partition: 0, view, position: { clusterId: 'example', topics: {} }, freshness: { watermarks, incompleteProvinces: [], acceptedUpToMs: nowMs } };
}
