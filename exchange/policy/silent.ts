/**
 * Holds what the provinces' files say is not known against what the rules say: each day of 2022 on which no rule judges
 * must be told of, and none on which a rule of the province does. No gap may stay silent.
 */

import type { PolicyBook } from '#core/book/policy-book.ts';
import { judgedOf, type KindJudged, type Selected } from '#core/book/selected.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { formatTime, instantMs } from '#core/field/time.ts';
import { covers, kindIn, PURPOSES, type Purpose, purposeOf, type Scope, scopeOf } from '#core/rules/purpose.ts';
import { type Interval, YEAR } from './covered.ts';
import type { RuleFault } from './forgotten.ts';
import type { ProvinceText } from './schema/province.ts';

/** `index` says which province. */
export function silentIn(provinces: readonly ProvinceText[], book: PolicyBook): RuleFault[] {
  return provinces.flatMap((province, index) =>
    [...gapFaults(province, book), ...contraryFaults(province, book)].map((fault) => ({ index, ...fault })),
  );
}

function gapFaults({ province, noneKnown }: ProvinceText, book: PolicyBook): Omit<RuleFault, 'index'>[] {
  return gapsWithoutRule(book, province).flatMap(({ scope, ...gap }) => {
    const told = noneKnown.filter((entry) => entry.for.some((one) => covers(one, scope))).map(intervalOf);
    return without(gap, told).map((silent) => ({
      pointer: '/noneKnown',
      detail: `says nothing of ${scope} from ${textOf(silent)}, for which no rule is known`,
      mend: 'say there what was searched for it, and by `"searched": []` that no source was read; or add a rule',
    }));
  });
}

/** An own rule that judges is known. A national one may stand in meanwhile: it is none of the province's. */
function contraryFaults({ province, noneKnown }: ProvinceText, book: PolicyBook): Omit<RuleFault, 'index'>[] {
  return noneKnown.flatMap((entry, at) =>
    entry.for.flatMap((scope) => {
      const [purpose, kind] = [purposeOf(scope), kindIn(scope)];
      const own = judgedIn(book, { destination: province, purpose, kind, place: null }, intervalOf(entry))
        .flatMap(({ selected, ...span }) => {
          const { policy } = ofRest(selected);
          return policy.rule === null || policy.rule.national ? [] : [{ ...span, rule: policy.rule }];
        })
        .at(0);
      return own === undefined
        ? []
        : [
            {
              pointer: `/noneKnown/${at}`,
              detail:
                `says that none is known for ${scope}, and ${own.rule.id} version ${own.rule.version} judges it from ` +
                textOf(own),
              mend: 'say it of the other days alone',
            },
          ];
    }),
  );
}

export interface GapWithoutRule extends Interval {
  readonly scope: Scope;
}

/** Of 2022, where no place is stated: what nothing judges, neither an own rule nor a national one. */
export function gapsWithoutRule(book: PolicyBook, destination: ProvinceCode): GapWithoutRule[] {
  return PURPOSES.flatMap((purpose) => gapsOfPurpose(book, destination, purpose));
}

function gapsOfPurpose(book: PolicyBook, destination: ProvinceCode, purpose: Purpose): GapWithoutRule[] {
  const gaps: GapWithoutRule[] = [];
  for (const { selected, ...span } of judgedIn(book, { destination, purpose, kind: null, place: null }, YEAR)) {
    for (const { kind, policy } of judgedOf(selected)) {
      if (policy.rule !== null) continue;
      const scope = scopeOf(purpose, kind);
      const last = gaps.findIndex((gap) => gap.scope === scope && gap.untilMs === span.fromMs);
      const before = gaps[last];
      if (before === undefined) gaps.push({ scope, ...span });
      else gaps[last] = { ...before, untilMs: span.untilMs };
    }
  }
  return gaps;
}

/** What judges from instant to instant. */
function judgedIn(
  book: PolicyBook,
  sought: Parameters<PolicyBook['select']>[0],
  { fromMs, untilMs }: Interval,
): (Interval & { readonly selected: Selected })[] {
  const spans: (Interval & { readonly selected: Selected })[] = [];
  for (let atMs = fromMs; atMs < untilMs;) {
    const selected = book.select(sought, atMs);
    const endMs = Math.min(selected.untilMs, untilMs);
    spans.push({ fromMs: atMs, untilMs: endMs, selected });
    atMs = endMs;
  }
  return spans;
}

function ofRest(selected: Selected): KindJudged {
  return judgedOf(selected).at(-1) as KindJudged;
}

function intervalOf({ from, until }: ProvinceText['noneKnown'][number]): Interval {
  return { fromMs: instantMs(from), untilMs: instantMs(until) };
}

/** What of an interval lies in none of the others. */
function without(interval: Interval, others: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let fromMs = interval.fromMs;
  for (const other of others.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (other.fromMs > fromMs) left.push({ fromMs, untilMs: Math.min(other.fromMs, interval.untilMs) });
    fromMs = Math.max(fromMs, other.untilMs);
    if (fromMs >= interval.untilMs) break;
  }
  if (fromMs < interval.untilMs) left.push({ fromMs, untilMs: interval.untilMs });
  return left;
}

function textOf({ fromMs, untilMs }: Interval): string {
  return `${formatTime(fromMs)} until ${formatTime(untilMs)}`;
}
