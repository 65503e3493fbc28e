/**
 * What rules that are right one by one forget all together: to say what follows on a version that ends, and to exempt
 * whom a national rule exempts. Such rules are refused as other faults are. It looks at those that are confirmed alone.
 */

import type { PolicyBook } from '#core/book/policy-book.ts';
import { clausesIn } from '#core/clauses/clause-text.ts';
import { decide } from '#core/decision/decide.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { instantMs } from '#core/field/time.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import { isApart } from '#core/rules/kinds-text.ts';
import { covers, kindIn, purposeOf, type Scope } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { Fault } from '#core/terms/fault.ts';
import { NATIONAL } from '#core/terms/source.ts';
import { freshSnapshot } from './cases.ts';

export interface RuleFault extends Fault {
  /** Which rule. */
  readonly index: number;
}

export function forgottenIn(texts: readonly RuleText[], book: PolicyBook): RuleFault[] {
  const exemptions = infantExemptions(texts);
  return texts.flatMap((text, index) =>
    text.confirmed
      ? [...endFaults(text, texts), ...infantFaults(text, exemptions, book)].map((fault) => ({ index, ...fault }))
      : [],
  );
}

/** What ends and has no successor says what follows. */
function endFaults({ id, inForce: { until }, afterwards }: RuleText, texts: readonly RuleText[]): Fault[] {
  if (until === null || afterwards !== undefined) return [];
  const untilMs = instantMs(until);
  if (texts.some((one) => one.id === id && one.confirmed && instantMs(one.inForce.from) === untilMs)) return [];
  return [
    {
      pointer: '/inForce/until',
      detail: 'ends the rule, and no version of it begins then',
      mend: 'say in `afterwards` what follows, or add the next version',
    },
  ];
}

interface Exemption {
  readonly rule: RuleText;
  /** Completed years of the oldest that are exempt. */
  readonly ageYears: number;
}

function infantExemptions(texts: readonly RuleText[]): Exemption[] {
  return texts
    .filter(({ province, confirmed }) => province === NATIONAL && confirmed)
    .flatMap((rule) =>
      rule.clauses
        .flatMap((outer) => [...clausesIn(outer)])
        .flatMap(({ clause: { kind, for: who } }) => {
          const { under, upTo } = who?.ageYears ?? {};
          const ageYears = upTo ?? (under === undefined ? undefined : under - 1);
          return kind === 'exempt' && ageYears !== undefined ? [{ rule, ageYears }] : [];
        }),
    );
}

function infantFaults(text: RuleText, exemptions: readonly Exemption[], book: PolicyBook): Fault[] {
  if (text.province === NATIONAL) return [];
  const destination: ProvinceCode = text.province;
  return exemptions.flatMap(({ rule, ageYears }) => {
    const atMs = Math.max(startMs(text), startMs(rule));
    if (atMs >= Math.min(endMs(text), endMs(rule))) return [];
    const asked = (scope: Scope): Asked => ({ destination, scope, ageYears, atMs });
    const both = (mine: readonly Scope[]): Scope[] =>
      scopesOfBoth(mine, rule.purposes).filter((scope) => !isApart(book.kinds, scope) || rule.purposes.includes(scope));
    const forgotten = both(text.purposes).filter((scope) => asksSomething(text, asked(scope), book));
    return [
      ...(forgotten.length === 0 ? [] : [forgets(rule, ageYears, forgotten)]),
      ...(text.states ?? []).flatMap(({ state, bars = [] }, at) => {
        const barred = both(bars).filter((scope) => barsThem(text, state, asked(scope), book));
        return barred.length === 0 ? [] : [barring(rule, ageYears, state, barred, at)];
      }),
    ];
  });
}

/**
 * Of what the national rule names, or the province's within it, the narrower: a rule for all transport is asked about
 * coaches where the nation exempts in coaches.
 */
function scopesOfBoth(own: readonly Scope[], national: readonly Scope[]): Scope[] {
  const both = own.flatMap((mine) =>
    national.flatMap((theirs) => (covers(theirs, mine) ? [mine] : covers(mine, theirs) ? [theirs] : [])),
  );
  return [...new Set(both)];
}

interface Asked {
  readonly destination: ProvinceCode;
  readonly scope: Scope;
  readonly ageYears: number;
  readonly atMs: number;
}

/** Only of the rule that judges there. */
function asksSomething(text: RuleText, asked: Asked, book: PolicyBook): boolean {
  const { rule, decision } = asInfant(text, asked, book);
  return rule?.text === text && decision.outcome !== 'recognised';
}

/** A state of any rule in force there: what lets them in is of no use where their code bars them for want of a test. */
function barsThem(text: RuleText, state: string, asked: Asked, book: PolicyBook): boolean {
  const { decision } = asInfant(text, asked, book);
  return (
    decision.outcome === 'recognised' &&
    decision.mayGoIn === false &&
    decision.states.some(
      ({ rule, state: one }) => one === state && rule.id === text.id && rule.version === text.version,
    )
  );
}

/** Asked as the exempt would be: nothing on record, no stays, a visitor. */
function asInfant(text: RuleText, { destination, scope, ageYears, atMs }: Asked, book: PolicyBook) {
  const [purpose, kind, place] = [purposeOf(scope), kindIn(scope), text.place?.[0] ?? null];
  const selected = book.select({ destination, purpose, kind, place }, atMs);
  const policy = selected.kinds?.at(-1)?.policy ?? selected;
  const occasion = { ...NOTHING_STATED, kind, place, ageYears, visits: [], residence: 'visitor' } as const;
  const snapshot = freshSnapshot(null, atMs);
  const decision = decide({ policy, purpose, snapshot, presented: [], occasion, atMs, nowMs: atMs });
  return { rule: policy.kinds === undefined ? policy.rule : null, decision };
}

function forgets({ id, version }: RuleText, ageYears: number, scopes: readonly Scope[]): Fault {
  return {
    pointer: '/clauses',
    detail: `asks something of children of ${ageYears} for ${scopes.join(', ')}, whom ${id} version ${version} exempts`,
    mend: 'add a clause that exempts them, from the day on which the national one does',
  };
}

function barring(
  { id, version }: RuleText,
  ageYears: number,
  state: string,
  scopes: readonly Scope[],
  at: number,
): Fault {
  return {
    pointer: `/states/${at}/bars`,
    detail: `bars children of ${ageYears} by ${state} from ${scopes.join(', ')}, whom ${id} version ${version} exempts`,
    mend: 'add to `unless` a clause that exempts them, from the day on which the national one does',
  };
}

/** A rule that only reminds yet turns nobody away. */
function startMs({ inForce: { from, enforcedFrom } }: RuleText): number {
  return Math.max(instantMs(from), enforcedFrom === undefined ? Number.NEGATIVE_INFINITY : instantMs(enforcedFrom));
}

function endMs({ inForce: { until } }: RuleText): number {
  return until === null ? Number.POSITIVE_INFINITY : instantMs(until);
}
