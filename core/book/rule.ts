/**
 * A rule compiled once from its text: instants as milliseconds, lists as sets, clauses as functions, its words ready
 * for sentences. Evaluating is decide.ts; choosing which rule is in force is policy-book.ts.
 */

import { type ClauseText, clausesIn, isGroup } from '#core/clauses/clause-text.ts';
import { anyOf, compileClause } from '#core/clauses/clause.ts';
import { kindOf } from '#core/clauses/kinds.ts';
import { wordsOfClauses, wordsOfResults } from '#core/clauses/words.ts';
import { DAY_MS, HOUR_MS, parseTime, SECOND_MS } from '#core/field/time.ts';
import type { ResultTimes } from '#core/question/evidence.ts';
import type { Instant } from '#core/question/occasion.ts';
import { withCountOf } from '#core/rules/kept-count.ts';
import type { Scope, ScopesNamed } from '#core/rules/purpose.ts';
import type { Redated } from '#core/rules/redate.ts';
import type { RuleText, TransitionText } from '#core/rules/rule-text.ts';
import { NATIONAL, type RuleOwner, type SourceText } from '#core/terms/source.ts';
import type { Words } from '#core/terms/words.ts';
import { compileDuties, type Duty } from '#core/trial/duties.ts';
import { compileStays, type Stays } from '#core/trial/stays.ts';
import type { ResultTaker, SamplingTaker } from '#core/trial/takers.ts';
import type { Judge } from '#core/trial/trial.ts';
import { compileAnchors } from '#core/trial/window.ts';

/** A state shown beside the answer, while `when` holds and `unless` doesn't. */
export interface State {
  /** Whose it is. */
  readonly rule: { readonly id: string; readonly version: number };
  readonly state: string;
  readonly title: Words;
  readonly admits: readonly Scope[];
  readonly bars: readonly Scope[];
  readonly when: Judge | null;
  readonly unless: Judge | null;
  /** Whether records can begin or end it; and whether stays among them can begin it. */
  readonly looksAtRecords: boolean;
  readonly looksAtStays: boolean;
  /** Whether nothing but stays can begin or end it: such a state refuses also since the notice of 29 July 2022. */
  readonly turnsOnStaysAlone: boolean;
}

/** The older version that keeps judging, and whose results. */
export interface Transition {
  readonly rule: Rule;
  readonly reportsIssued: readonly { readonly fromMs: number; readonly untilMs: number }[];
}

export interface Rule extends ScopesNamed {
  readonly id: string;
  readonly version: number;
  readonly owner: RuleOwner;
  readonly national: boolean;
  readonly confirmed: boolean;
  readonly title: Words;
  readonly purposes: readonly Scope[];
  readonly except: readonly Scope[];
  /** Codes of the part of the province in which it holds; null: the whole. */
  readonly place: readonly string[] | null;
  /** From its first instant on the rules of provinces give way to it. */
  readonly takesPlaceOfProvinces: boolean;
  /** It recognises its classes beside what judges, and never judges alone. */
  readonly alongsideProvinces: boolean;
  readonly inForceFromMs: number;
  /** Infinity: no end is known. */
  readonly inForceUntilMs: number;
  /**
   * From then on it may turn people away. Until then the rule before it decides, and this one is announced; where there
   * was none before it, it reminds.
   */
  readonly enforcedFromMs: number;
  /** Empty: any. */
  readonly comparedWith: readonly Instant[];
  readonly delayMs: number;
  readonly sources: readonly SourceText[];
  readonly freshnessBoundMs: number;
  readonly askAgainMs: number;
  /** As it stands in its file. */
  readonly text: RuleText;
  readonly positiveRefuses: boolean;
  readonly indeterminateRefuses: boolean;
  readonly recoveryLifts: boolean;
  readonly singlesLift: boolean;
  readonly judge: Judge;
  /** Whether it recognises everybody, whatever is on record. */
  readonly asksNothing: boolean;
  /** All parts that take results, wherever they stand. */
  readonly results: readonly ResultTaker[];
  readonly samplings: readonly SamplingTaker[];
  /** Whether any part asks for several tests. */
  readonly asksForTests: boolean;
  readonly asksForDoses: boolean;
  /** Stays that a clause grants something for. */
  readonly visited: readonly Stays[];
  /** Whether a clause is denied for stays. */
  readonly asksForNoStay: boolean;
  /** Of all result clauses: a result by another method is not looked at. */
  readonly methods: ReadonlySet<string>;
  /** Whose records any clause takes; null: everybody's. */
  readonly provinces: ReadonlySet<string> | null;
  readonly states: readonly State[];
  /** Whether any of its states bars from anywhere. */
  readonly hasBars: boolean;
  readonly duties: readonly Duty[];
  /** Where its dates were moved. The national notice is held against the original ones. */
  readonly redated: Redated | null;
  readonly transition: Transition | null;
  readonly showsVaccination: boolean;
  /** What the days since the test are counted from, and of whose tests. */
  readonly testDayMs: (result: ResultTimes) => number | null;
  readonly testDayProvinces: ReadonlySet<string> | null;
  /** Its clauses in words, joined by "or". */
  readonly words: Words;
  /** Those that take results alone; null without any. */
  readonly resultWords: Words | null;
}

/**
 * @param older the other versions of the same rule, for its transition
 * @throws RangeError when an instant of the text is none; the loader has checked that before.
 */
export function compileRule(text: RuleText, older: readonly RuleText[] = [], redated: Redated | null = null): Rule {
  const placed = text.clauses.flatMap((clause) => [...clausesIn(clause)]);
  const parts = placed.map((one) => one.clause);
  const looks = placed.flatMap(({ clause, within }) =>
    isGroup(clause)
      ? []
      : [
          kindOf(clause).looksAt(
            clause,
            within.some((outer) => outer.for !== undefined),
          ),
        ],
  );
  const results = looks.flatMap(({ result }) => (result === undefined ? [] : [result]));
  const samplings = looks.flatMap(({ sampling }) => (sampling === undefined ? [] : [sampling]));
  const asksForDoses = looks.some(({ doses }) => doses === true);
  const carriers = results.filter(({ several }) => !several);
  const compile = (clause: ClauseText, clears = false): Judge =>
    compileClause(clause, { carriers, duties: [], clears });
  const duties = compileDuties(text.duties ?? [], compile);
  const ofState = (clause: ClauseText | undefined, clears: boolean): Judge | null =>
    clause === undefined ? null : compileClause(clause, { carriers, duties, clears });
  const { from, until, enforcedFrom } = text.inForce;
  return {
    id: text.id,
    version: text.version,
    owner: text.province,
    national: text.province === NATIONAL,
    confirmed: text.confirmed,
    title: text.title,
    purposes: text.purposes,
    except: text.except ?? [],
    place: text.place ?? null,
    takesPlaceOfProvinces: text.takesPlaceOf === 'provinces',
    alongsideProvinces: text.standsAlongside === 'provinces',
    inForceFromMs: instantMs(from),
    inForceUntilMs: until === null ? Number.POSITIVE_INFINITY : instantMs(until),
    enforcedFromMs: enforcedFrom === undefined ? Number.NEGATIVE_INFINITY : instantMs(enforcedFrom),
    comparedWith: text.comparedWith ?? [],
    delayMs: (text.delay?.atMostHours ?? 0) * HOUR_MS,
    sources: text.sources,
    freshnessBoundMs: text.freshnessBoundSeconds * SECOND_MS,
    askAgainMs: text.askAgainSeconds * SECOND_MS,
    text,
    positiveRefuses: text.positive === 'refuses_until_later_negative',
    indeterminateRefuses: text.indeterminate === 'refuses_until_later_negative',
    recoveryLifts: text.recovery === 'lifts_earlier_positives',
    singlesLift: text.pooled === 'refuses_until_single_negative',
    asksNothing: text.clauses.some(({ kind, for: who }) => kind === 'exempt' && who === undefined),
    judge: anyOf(text.clauses.map((clause) => compile(clause))),
    results,
    samplings,
    asksForTests: results.some(({ several }) => several),
    asksForDoses,
    visited: parts.flatMap(({ for: who }) => (who?.visited === undefined ? [] : [compileStays(who.visited)])),
    asksForNoStay:
      looks.some(({ noStay }) => noStay === true) || parts.some((part) => part.for?.notVisited !== undefined),
    methods: new Set(results.length === 0 ? ['nucleic_acid'] : results.flatMap(({ methods }) => [...methods])),
    provinces: asksForDoses ? null : unionOf([...results, ...samplings].map(({ provinces }) => provinces)),
    hasBars: (text.states ?? []).some(({ bars = [] }) => bars.length > 0),
    states: (text.states ?? []).map(({ state, title, admits = [], bars = [], when, unless }) => ({
      rule: { id: text.id, version: text.version },
      state,
      title,
      admits,
      bars,
      when: ofState(when, false),
      unless: ofState(unless, true),
      looksAtRecords: looksAt([when, unless], (clause) => clause.kind !== 'exempt' || looksAtStays(clause)),
      looksAtStays: looksAt([when], looksAtStays),
      turnsOnStaysAlone: when !== undefined && turnsOnStaysAlone([when, unless]),
    })),
    duties,
    redated,
    transition: text.transition === undefined ? null : compileTransition(text.transition, text, older, redated),
    showsVaccination: text.showsVaccination ?? false,
    testDayMs: compileAnchors(text.daysSinceTest?.countFrom ?? ['sampled']),
    testDayProvinces:
      text.daysSinceTest?.from === undefined || text.daysSinceTest.from === 'all'
        ? null
        : new Set(text.daysSinceTest.from),
    words: wordsOfClauses(text.clauses, text.classes),
    resultWords: wordsOfResults(text.clauses, text.classes),
  };
}

/** Whether a clause that stands for itself, or one within it, is such. */
function looksAt(clauses: readonly (ClauseText | undefined)[], is: (clause: ClauseText) => boolean): boolean {
  return clauses.some(
    (outer) =>
      outer !== undefined &&
      [...clausesIn(outer)].some(({ clause }) => (!isGroup(clause) ? is(clause) : looksAtStays(clause))),
  );
}

/** Whether each part that stands for itself looks at stays, or stands within one that does, and at no record. */
export function turnsOnStaysAlone(clauses: readonly (ClauseText | undefined)[]): boolean {
  return clauses.every(
    (outer) =>
      outer === undefined ||
      [...clausesIn(outer)].every(
        ({ clause, within }) =>
          isGroup(clause) ||
          ((clause.kind === 'exempt' || clause.kind === 'no_visit') && [...within, clause].some(looksAtStays)),
      ),
  );
}

function looksAtStays(clause: ClauseText): boolean {
  return clause.kind === 'no_visit' || clause.for?.visited !== undefined || clause.for?.notVisited !== undefined;
}

function compileTransition(
  { version, keeps, reportsIssued }: TransitionText,
  newer: RuleText,
  older: readonly RuleText[],
  redated: Redated | null,
): Transition {
  const text = older.find((one) => one.id === newer.id && one.version === version);
  if (text === undefined) throw new RangeError(`${newer.id} has no version ${version} to keep`);
  const { transition: _, ...alone } = text;
  return {
    rule: compileRule(keeps === 'count' ? withCountOf(newer, text) : alone, [], redated),
    reportsIssued: reportsIssued.map(({ from, until }) => ({ fromMs: instantMs(from), untilMs: instantMs(until) })),
  };
}

/** The instant by the rule's own calendar, before its dates were moved. */
export function originallyMs({ redated }: Rule, atMs: number): number {
  return redated === null ? atMs : atMs - redated.shiftedByDays * DAY_MS;
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
