/**
 * All rules together, and what judges a question: for a destination, a purpose, a kind of place, a place and an
 * instant one rule, none that is known, or several where kinds of place differ. A rule that isn't confirmed is known
 * here and never in force.
 */

import { type CodeBook, NO_CODE_TABLES } from '#core/codes/conversion.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { type KindTable, NO_KINDS } from '#core/rules/kinds-text.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { Redated } from '#core/rules/redate.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { alongsideFor } from './alongside.ts';
import { type CellsOfDestination, type CellsOfPlace, type Span, spansOfDestination } from './cells.ts';
import { compileRule, type Rule } from './rule.ts';
import { NOTHING_SEARCHED, type SearchBook } from './searched.ts';
import type { NoneKnown, Selected, Sought } from './selected.ts';

export interface PolicyBook {
  readonly rules: readonly Rule[];
  /** How codes are converted; published together with the rules. */
  readonly codeBook: CodeBook;
  readonly kinds: KindTable;
  /** What was searched where no rule is known; published together with the rules. */
  readonly searched: SearchBook;
  /** Where the rules stand as of another day than their own; null: they don't. */
  readonly redated: Redated | null;
  readonly select: (sought: Sought, atMs: number) => Selected;
}

/** What is published together with the rules. */
export interface WithRules {
  readonly codeBook?: CodeBook;
  readonly kinds?: KindTable;
  readonly searched?: SearchBook;
  /** By province the places whose rules hold where none is stated, in order. */
  readonly standsFor?: ReadonlyMap<string, readonly string[]>;
  /** Where the rules stand as of another day than their own. */
  readonly redated?: Redated | null;
}

/** Of rules that have no faults; see book-faults.ts. */
export function compilePolicyBook(texts: readonly RuleText[], given: WithRules = {}): PolicyBook {
  const { codeBook = NO_CODE_TABLES, kinds = NO_KINDS, searched = NOTHING_SEARCHED, standsFor, redated = null } = given;
  const rules = texts.map((text) => compileRule(text, texts, redated));
  const [alongside, confirmed] = [true, false].map((stands) =>
    rules.filter((rule) => rule.confirmed && rule.alongsideProvinces === stands),
  ) as [Rule[], Rule[]];
  const owners = new Set(confirmed.map(({ owner }) => owner));
  // Provinces without a rule of their own are all the same.
  const without = PROVINCE_CODES.find((code) => !owners.has(code));
  const judgedAs = new Map(
    PROVINCE_CODES.map((code) => [code, owners.has(code) || without === undefined ? code : without]),
  );
  // Each is worked out when it is first asked about. All at once would keep a look-up that takes new rules from
  // answering meanwhile.
  const workedOut = new Map<ProvinceCode, CellsOfDestination>();
  const cellsOf = (destination: ProvinceCode): CellsOfDestination | undefined => {
    const code = judgedAs.get(destination);
    if (code === undefined) return undefined;
    const known = workedOut.get(code);
    if (known !== undefined) return known;
    const made = spansOfDestination(confirmed, code, standsFor?.get(code) ?? [], kinds);
    workedOut.set(code, made);
    return made;
  };
  const select = (sought: Sought, atMs: number): Selected => {
    const selected = judging(sought, atMs);
    const besides = alongside.length === 0 ? undefined : alongsideFor(alongside, sought, atMs, kinds);
    return besides === undefined ? selected : { ...selected, alongside: besides };
  };
  const judging = ({ destination, purpose, kind, place }: Sought, atMs: number): Selected => {
    const here = cellsOf(destination);
    if (here === undefined) return NONE_EVER;
    const spans = spansIn(here.cellsAt(place), purpose, kind);
    let [low, high] = [0, spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((spans[middle] as Span).fromMs <= atMs) low = middle + 1;
      else high = middle;
    }
    return spans[low - 1]?.selected ?? NONE_EVER;
  };
  return { rules, codeBook, kinds, searched, redated, select };
}

const NONE_EVER: NoneKnown = { rule: null, untilMs: Number.POSITIVE_INFINITY };

function spansIn(cells: CellsOfPlace, purpose: Purpose, kind: string | null): readonly Span[] {
  const ofPurpose = cells[purpose];
  return kind === null ? ofPurpose.anyKind : (ofPurpose.byKind.get(kind) ?? ofPurpose.rest);
}
