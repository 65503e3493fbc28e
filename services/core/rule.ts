/**
 * A rule compiled once from its text: instants as milliseconds, lists as sets, windows as closures, its words ready for
 * sentences. Evaluating is decide.ts; choosing which rule is in force is policy-book.ts.
 */
import { wordsOfClause } from './clause-words.ts';
import {
  type ClauseText,
  type From,
  NATIONAL,
  type Purpose,
  type ResultClauseText,
  type RuleOwner,
  type RuleText,
  type SamplingClauseText,
  type SourceText,
  type Words,
} from './policy.ts';
import type { ProvinceCode } from './regions.ts';
import { parseTime, SECOND_MS } from './time.ts';
import { compileAnchors, compileWindow, type CutBound, latestAnchorOfCutMs, type ResultTimes, type Window } from './window.ts';

interface CompiledClause {
  readonly id: string;
  readonly window: Window;
  /** Null: everybody's. */
  readonly provinces: ReadonlySet<string> | null;
  /** Such as "a negative result within 48 hours of report issue". */
  readonly words: Words;
}

export interface ResultClause extends CompiledClause {
  readonly kind: 'result';
  readonly methods: ReadonlySet<string>;
  readonly anchorMs: (result: ResultTimes) => number | null;
  /** The latest that a result which was cut from a view could be counted from. */
  readonly latestAnchorOfCutMs: (cut: CutBound) => number;
}

export interface SamplingClause extends CompiledClause {
  readonly kind: 'sampling';
}

export interface Rule {
  readonly id: string;
  readonly version: number;
  readonly owner: RuleOwner;
  readonly national: boolean;
  readonly title: Words;
  readonly purposes: readonly Purpose[];
  readonly inForceFromMs: number;
  /** Infinity: no end is known. */
  readonly inForceUntilMs: number;
  readonly sources: readonly SourceText[];
  readonly freshnessBoundMs: number;
  readonly positiveRefuses: boolean;
  readonly results: readonly ResultClause[];
  readonly samplings: readonly SamplingClause[];
  /** Of all result clauses: a result by another method is not looked at. */
  readonly methods: ReadonlySet<string>;
  /** Whose records any clause takes; null: everybody's. */
  readonly provinces: ReadonlySet<string> | null;
  /** What the days since the test are counted from. */
  readonly testDayMs: (result: ResultTimes) => number | null;
  /** Its clauses in words, joined by "or". */
  readonly words: Words;
}

/** @throws RangeError when an instant of the text is none; the loader has checked that before. */
export function compileRule(text: RuleText): Rule {
  const results = text.clauses.filter((clause) => clause.kind === 'result').map(compileResultClause);
  const samplings = text.clauses.filter((clause) => clause.kind === 'sampling').map(compileSamplingClause);
  const clauses = [...results, ...samplings];
  return {
    id: text.id,
    version: text.version,
    owner: text.province,
    national: text.province === NATIONAL,
    title: text.title,
    purposes: text.purposes,
    inForceFromMs: instantMs(text.inForce.from),
    inForceUntilMs: text.inForce.until === null ? Number.POSITIVE_INFINITY : instantMs(text.inForce.until),
    sources: text.sources,
    freshnessBoundMs: text.freshnessBoundSeconds * SECOND_MS,
    positiveRefuses: text.positive === 'refuses_until_later_negative',
    results,
    samplings,
    methods: new Set(results.length === 0 ? ['nucleic_acid'] : results.flatMap(({ methods }) => [...methods])),
    provinces: unionOf(clauses.map(({ provinces }) => provinces)),
    testDayMs: compileAnchors(text.daysSinceTest?.countFrom ?? ['sampled']),
    words: {
      zh: clauses.map(({ words }) => words.zh).join('，或'),
      en: clauses.map(({ words }) => words.en).join(', or '),
    },
  };
}

function compileResultClause(text: ResultClauseText): ResultClause {
  return {
    ...compileClause(text),
    kind: 'result',
    methods: new Set(text.methods),
    anchorMs: compileAnchors(text.countFrom),
    latestAnchorOfCutMs: (cut) => latestAnchorOfCutMs(text.countFrom, cut),
  };
}

function compileSamplingClause(text: SamplingClauseText): SamplingClause {
  return { ...compileClause(text), kind: 'sampling' };
}

function compileClause(text: ClauseText): CompiledClause {
  return { id: text.id, window: compileWindow(text.window), provinces: setOf(text.from), words: wordsOfClause(text) };
}

function setOf(from: From): ReadonlySet<ProvinceCode> | null {
  return from === 'all' ? null : new Set(from);
}

function unionOf(sets: readonly (ReadonlySet<string> | null)[]): ReadonlySet<string> | null {
  const union = new Set<string>();
  for (const set of sets) {
    if (set === null) return null;
    for (const code of set) union.add(code);
  }
  return union;
}

function instantMs(text: string): number {
  const time = parseTime(text);
  if (time === null) throw new RangeError(`not an instant: ${text}`);
  return time.atMs;
}

/** Whether a clause takes records of a province; one shown without its province counts only where everybody's do. */
export function takesFrom(provinces: ReadonlySet<string> | null, province: string | null): boolean {
  return provinces === null || (province !== null && provinces.has(province));
}
