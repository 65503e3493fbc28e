/**
 * What a person must still do after arriving: whose duty it is, how much of it is on record, and until when the rest is
 * due. Duties stand beside an answer and never change it; states may be shown by how a person stands to them.
 */

import { shanghaiDayOf } from '#core/field/time.ts';
import type { ResultEvidence, SamplingEvidence } from '#core/question/evidence.ts';
import type { DutyTestsText } from '#core/terms/duty-tests.ts';
import { wordsOfDutyTests } from '#core/terms/duty-words.ts';
import type { ForText } from '#core/terms/for-text.ts';
import { compileSpan, type Slot } from '#core/terms/spans.ts';
import type { Words } from '#core/terms/words.ts';
import type { PersonView } from '#core/view/view.ts';
import { compileCondition, type Condition, DOES_NOT_HOLD, NOT_STATED } from './condition.ts';
import { type Apart, compileApart, takenAtMs } from './tests-chain.ts';
import { type DutyStanding, endsAt, type Judge, type Known, type Notes, type Progress, TRUTH } from './trial.ts';
import { endsAfter } from './window.ts';

export interface Duty {
  readonly id: string;
  readonly title: Words;
  readonly who: Condition | null;
  readonly when: Judge | null;
  readonly unless: Judge | null;
  /** Stricter ones, which take its place. */
  readonly supersededBy: readonly Duty[];
  readonly progress: ((known: Known, notes: Notes) => Progress) | null;
  /** What tests it asks for, and when. */
  readonly words: Words | null;
}

export interface DutyOwed extends Pick<Progress, 'done' | 'required' | 'dueByMs'> {
  readonly id: string;
  readonly title: Words;
  /** Null: it depends on what wasn't stated. */
  readonly applies: true | null;
}

/** A duty as it is written. Its conditions are clauses, which aren't known here. */
interface DutyWritten<Clause> {
  readonly id: string;
  readonly title: Words;
  readonly for?: ForText;
  readonly when?: Clause;
  readonly unless?: Clause;
  readonly tests?: DutyTestsText;
  readonly supersedes?: readonly string[];
}

/** In the order of their texts; a stricter one stands below those that it supersedes. */
export function compileDuties<Clause>(
  texts: readonly DutyWritten<Clause>[],
  compile: (clause: Clause) => Judge,
): readonly Duty[] {
  const duties: Duty[] = [];
  for (const { id, title, for: forText, when, unless, tests } of [...texts].reverse()) {
    duties.push({
      id,
      title,
      who: forText === undefined ? null : compileCondition(forText),
      when: when === undefined ? null : compile(when),
      unless: unless === undefined ? null : compile(unless),
      supersededBy: duties.filter((stricter) =>
        texts.some((text) => text.id === stricter.id && text.supersedes?.includes(id) === true),
      ),
      progress: tests === undefined ? null : compileProgress(tests),
      words: tests === undefined ? null : wordsOfDutyTests(tests),
    });
  }
  return duties.reverse();
}

/** How the person stands to each of a rule's duties. */
export function standingsOf(duties: readonly Duty[], known: Known, notes: Notes): readonly DutyStanding[] {
  return duties.map((duty) => {
    const owed = isOwed(duty, known, notes);
    return { isOwed: owed, ...(owed === false || duty.progress === null ? NO_TESTS : duty.progress(known, notes)) };
  });
}

/** Those that are, or may be, the person's. */
export function dutiesOwed(duties: readonly Duty[], standings: readonly DutyStanding[]): readonly DutyOwed[] {
  if (duties.length === 0) return NONE;
  const owed: DutyOwed[] = [];
  for (const [index, { isOwed: applies, done, required, dueByMs }] of standings.entries()) {
    const { id, title } = duties[index] as Duty;
    if (applies !== false) owed.push({ id, title, applies, done, required, dueByMs });
  }
  return owed;
}

const NONE: readonly DutyOwed[] = [];
const NO_TESTS: Progress = { done: null, required: 0, dueByMs: null, missed: false };

/** Whether it is the person's; null: it depends on what wasn't stated. */
function isOwed(duty: Duty, known: Known, notes: Notes): boolean | null {
  let applies = isFor(duty, known, notes);
  for (const stricter of duty.supersededBy) {
    if (applies === false) return false;
    const other = isFor(stricter, known, notes);
    if (other === true) return false;
    if (other === null) applies = null;
  }
  return applies;
}

function isFor({ who, when, unless }: Duty, known: Known, notes: Notes): boolean | null {
  let applies: true | null = true;
  const heldUntil = who === null ? Number.POSITIVE_INFINITY : who(known, notes);
  if (heldUntil === DOES_NOT_HOLD) return false;
  if (heldUntil === NOT_STATED) applies = null;
  const asked = when === null ? TRUTH.yes : when(known, notes).truth;
  if (asked === TRUTH.no) return false;
  const spared = unless === null ? TRUTH.no : unless(known, notes).truth;
  if (spared === TRUTH.yes) return false;
  return asked === TRUTH.yes && spared === TRUTH.no ? applies : null;
}

function compileProgress({
  takes,
  spans,
  apart: apartText,
  landing,
}: DutyTestsText): (known: Known, notes: Notes) => Progress {
  const slots = spans.flatMap(compileSpan);
  const required = slots.length;
  const apart = compileApart(apartText);
  return (known, notes) => {
    const { arrivedAtMs } = known.occasion;
    if (arrivedAtMs === null) return { done: null, required, dueByMs: null, missed: false };
    const taken = takenSince(arrivedAtMs, takes, known);
    const valid = landing === 'excluded' ? taken.slice(1) : taken;
    let over = 0;
    for (const slot of slots) if (isOver(slot, known, notes, arrivedAtMs)) over += 1;
    // Slots close in their order: those that are over are the first.
    const { ofFirst, ofAll: done } = mostFilled(slots, over, valid, apart, arrivedAtMs);
    return {
      done: done < required && mayBeCut(takes, known.view, arrivedAtMs) ? null : done,
      required,
      dueByMs: slots.at(-1)?.closesMs(arrivedAtMs) ?? null,
      missed: ofFirst < over,
    };
  };
}

function isOver({ closesMs, closesInclusive }: Slot, known: Known, notes: Notes, arrivedAtMs: number): boolean {
  const endMs = closesMs(arrivedAtMs);
  endsAt(known, notes, endMs, closesInclusive);
  return !endsAfter(endMs, closesInclusive, known.atMs);
}

/**
 * When tests were taken since the arrival, in their order; those of one instant, as one shown that is on record too,
 * are one.
 */
function takenSince(arrivedAtMs: number, takes: DutyTestsText['takes'], { sifted }: Known): readonly number[] {
  const results = takes === 'negatives' ? sifted.negatives : sifted.tests;
  const taken: number[] = [];
  const add = (ms: number): void => {
    if (ms >= arrivedAtMs && !taken.includes(ms)) taken.push(ms);
  };
  for (const result of results) add(takenAtMs(result));
  if (takes === 'samplings')
    for (const sampling of sifted.samplings)
      if (!results.some((result) => isOfSameSample(result, sampling))) add(sampling.sampledAtMs);
  return taken.length < 2 ? taken : taken.sort((a, b) => a - b);
}

/** A sample is on record twice, when it was taken and when its result is there. */
function isOfSameSample(result: ResultEvidence, sampling: SamplingEvidence): boolean {
  if (takenAtMs(result) === sampling.sampledAtMs) return true;
  return (
    'sampleId' in result &&
    'sampleId' in sampling &&
    result.sampleId === sampling.sampleId &&
    result.province === sampling.province
  );
}

function mayBeCut(takes: DutyTestsText['takes'], view: PersonView | null, arrivedAtMs: number): boolean {
  if (view === null) return false;
  const day = shanghaiDayOf(arrivedAtMs);
  const { datedTestsCut, undatedTestsCut, samplingsCut } = view;
  if (
    (datedTestsCut?.newestDay ?? Number.NEGATIVE_INFINITY) >= day ||
    (undatedTestsCut?.issuedAtMaxMs ?? Number.NEGATIVE_INFINITY) >= arrivedAtMs
  )
    return true;
  return takes === 'samplings' && samplingsCut !== null && samplingsCut.newestDay >= day;
}

/**
 * How many of the slots, and of the first so many, can be filled at most: in their order, each by a test of its own and
 * each as far from the one before as asked.
 */
function mostFilled(
  slots: readonly Slot[],
  first: number,
  taken: readonly number[],
  { atLeastMs, atMostMs }: Apart,
  arrivedAtMs: number,
): { readonly ofFirst: number; readonly ofAll: number } {
  if (taken.length === 0) return NOTHING_FILLED;
  // For each test, how many slots a choice can fill that ends with it.
  const filled = taken.map(() => 0);
  let [ofFirst, ofAll, seen] = [0, 0, 0];
  for (const { opensMs, closesMs, closesInclusive } of slots) {
    const openMs = opensMs(arrivedAtMs);
    const closeMs = closesMs(arrivedAtMs);
    // The latest first: what an earlier test fills is then still that of the slots before.
    for (let last = taken.length - 1; last >= 0; last -= 1) {
      const lastMs = taken[last] as number;
      if (lastMs < openMs || !endsAfter(closeMs, closesInclusive, lastMs)) continue;
      let before = 0;
      for (let other = 0; other < last; other += 1) {
        const gapMs = lastMs - (taken[other] as number);
        if (gapMs >= atLeastMs && gapMs <= atMostMs) before = Math.max(before, filled[other] as number);
      }
      filled[last] = Math.max(filled[last] as number, before + 1);
      ofAll = Math.max(ofAll, before + 1);
    }
    seen += 1;
    if (seen === first) ofFirst = ofAll;
  }
  return { ofFirst, ofAll };
}

const NOTHING_FILLED = { ofFirst: 0, ofAll: 0 };
