/**
 * All rules together, and which one is in force: for a destination, a purpose and an instant exactly one, the
 * province's own or, where it has none, the national one. A rule that isn't confirmed is known here and never in force.
 */

import { type CodeBook, NO_CODE_TABLES } from '#core/codes/conversion.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { PURPOSES, type Purpose } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { NATIONAL } from '#core/terms/source.ts';
import { compileRule, type Rule } from './rule.ts';

/** A rule, and until when it stays the one that applies. */
export interface RuleInForce {
  readonly rule: Rule;
  readonly untilMs: number;
  /** What takes its place then, and until then reminds only: from its `inForceFromMs` on it is announced. */
  readonly announced?: Rule;
}

export interface PolicyBook {
  readonly rules: readonly Rule[];
  /** How codes are converted; published together with the rules. */
  readonly codeBook: CodeBook;
  /** Null when no rule was in force then. */
  readonly select: (destination: ProvinceCode, purpose: Purpose, atMs: number) => RuleInForce | null;
}

interface Span extends RuleInForce {
  readonly fromMs: number;
}

/** Of rules that have no faults; see book-faults.ts. */
export function compilePolicyBook(texts: readonly RuleText[], codeBook: CodeBook = NO_CODE_TABLES): PolicyBook {
  const rules = texts.map((text) => compileRule(text, texts));
  const spans = new Map<string, readonly Span[]>();
  for (const purpose of PURPOSES) {
    const national = spansOf(rules, NATIONAL, purpose);
    for (const code of PROVINCE_CODES)
      spans.set(`${code}/${purpose}`, fillGaps(spansOf(rules, code, purpose), national));
  }
  const select = (destination: ProvinceCode, purpose: Purpose, atMs: number): RuleInForce | null => {
    const known = spans.get(`${destination}/${purpose}`) ?? [];
    let [low, high] = [0, known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((known[middle] as Span).fromMs <= atMs) low = middle + 1;
      else high = middle;
    }
    const span = known[low - 1];
    return span !== undefined && atMs < span.untilMs ? span : null;
  };
  return { rules, codeBook, select };
}

/**
 * The newest first. Where one follows another and only reminds yet, the other goes on deciding until it is enforced.
 */
function spansOf(rules: readonly Rule[], owner: string, purpose: Purpose): Span[] {
  const own = rules
    .filter((rule) => rule.confirmed && rule.owner === owner && rule.purposes.includes(purpose))
    .sort((a, b) => b.inForceFromMs - a.inForceFromMs);
  return own.map((rule, at) => {
    const [next, before] = [own[at - 1], own[at + 1]];
    const fromMs = before !== undefined && reminds(rule, before) ? rule.enforcedFromMs : rule.inForceFromMs;
    return next !== undefined && reminds(next, rule)
      ? { rule, fromMs, untilMs: next.enforcedFromMs, announced: next }
      : { rule, fromMs, untilMs: rule.inForceUntilMs };
  });
}

function reminds({ inForceFromMs, enforcedFromMs }: Rule, before: Rule): boolean {
  return enforcedFromMs > inForceFromMs && before.inForceUntilMs === inForceFromMs;
}

/** A province's own spans, with the national ones wherever it has none; oldest first. */
function fillGaps(own: readonly Span[], national: readonly Span[]): readonly Span[] {
  const filled: Span[] = [...own];
  let untilMs = Number.POSITIVE_INFINITY;
  for (const span of [...own, null]) {
    const fromMs = span?.untilMs ?? Number.NEGATIVE_INFINITY;
    for (const { rule, fromMs: start, untilMs: end } of national) {
      const gap = { rule, fromMs: Math.max(start, fromMs), untilMs: Math.min(end, untilMs) };
      if (gap.fromMs < gap.untilMs) filled.push(gap);
    }
    untilMs = span?.fromMs ?? untilMs;
  }
  return filled.sort((a, b) => a.fromMs - b.fromMs);
}
