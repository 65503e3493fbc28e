/**
 * What a reader of the rules should know, though they can be used: what follows on a version isn't said, a state bars
 * in spite of the national notice, a rule forgets a national exemption. It never keeps a rule from being loaded.
 */

import type { PolicyBook } from '#core/book/policy-book.ts';
import { clausesIn } from '#core/clauses/clause-text.ts';
import { decide } from '#core/decision/decide.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { parseTime } from '#core/field/time.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import { covers, kindIn, purposeOf, type Scope } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { Fault } from '#core/terms/fault.ts';
import { FLOOR_FROM } from '#core/terms/notice.ts';
import { NATIONAL } from '#core/terms/source.ts';
import { freshSnapshot } from './cases.ts';

export interface Remark extends Fault {
  /** Which rule. */
  readonly index: number;
}

export function remarksOn(texts: readonly RuleText[], book: PolicyBook): Remark[] {
  const exemptions = infantExemptions(texts);
  return texts.flatMap((text, index) =>
    text.confirmed
      ? [...endRemarks(text, texts), ...barringRemarks(text), ...infantRemarks(text, exemptions, book)].map(
          (fault) => ({
            index,
            ...fault,
          }),
        )
      : [],
  );
}

/** What ends and has no successor says what follows. */
function endRemarks({ id, inForce: { until }, afterwards }: RuleText, texts: readonly RuleText[]): Fault[] {
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

/** From the notice of 29 July 2022 on nobody with a negative is refused: what bars stands beside the outcome. */
function barringRemarks({ inForce: { until }, states = [] }: RuleText): Fault[] {
  if (until !== null && instantMs(until) <= instantMs(FLOOR_FROM)) return [];
  return states.flatMap(({ state, bars = [] }, at) =>
    bars.length === 0
      ? []
      : [
          {
            pointer: `/states/${at}/bars`,
            detail: `bars whoever has ${state} from ${bars.join(', ')} after 29 July 2022`,
            mend: 'nothing, if its announcement says so: the outcome stays, and the answer says that one may not go in',
          },
        ],
  );
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

/** Asked as the exempt would be: nothing on record, no stays, a visitor. */
function infantRemarks(text: RuleText, exemptions: readonly Exemption[], book: PolicyBook): Fault[] {
  if (text.province === NATIONAL) return [];
  const destination: ProvinceCode = text.province;
  return exemptions.flatMap(({ rule, ageYears }) => {
    const atMs = Math.max(instantMs(text.inForce.from), instantMs(rule.inForce.from));
    if (atMs >= Math.min(endMs(text), endMs(rule))) return [];
    const forgotten = text.purposes.filter((scope) => {
      if (!rule.purposes.some((one) => covers(one, scope) || covers(scope, one))) return false;
      const [kind, place] = [kindIn(scope), text.place?.[0] ?? null];
      const purpose = purposeOf(scope);
      const policy = book.select({ destination, purpose, kind, place }, atMs);
      const occasion = { ...NOTHING_STATED, kind, place, ageYears, visits: [], residence: 'visitor' } as const;
      const snapshot = freshSnapshot(null, atMs);
      return decide({ policy, purpose, snapshot, presented: [], occasion, atMs, nowMs: atMs }).outcome !== 'recognised';
    });
    return forgotten.length === 0 ? [] : [forgets(rule, ageYears, forgotten)];
  });
}

function forgets({ id, version }: RuleText, ageYears: number, scopes: readonly Scope[]): Fault {
  return {
    pointer: '/clauses',
    detail: `asks something of children of ${ageYears} for ${scopes.join(', ')}, whom ${id} version ${version} exempts`,
    mend: 'add a clause that exempts them, from the day on which the national one does',
  };
}

function endMs({ inForce: { until } }: RuleText): number {
  return until === null ? Number.POSITIVE_INFINITY : instantMs(until);
}

function instantMs(text: string): number {
  return parseTime(text)?.atMs ?? Number.NaN;
}
