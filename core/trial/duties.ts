/**
 * What a person must still do after arriving: whose duty it is, and how the person stands to it. How much of it is on
 * record, duty-progress.ts counts. Duties stand beside an answer and never change it; states may be shown by how a
 * person stands to them.
 */

import type { DutyTestsText } from '#core/terms/duty-tests.ts';
import { wordsOfDutyTests } from '#core/terms/duty-words.ts';
import type { ForText } from '#core/terms/for-text.ts';
import type { Words } from '#core/terms/words.ts';
import { compileCondition, type Condition, DOES_NOT_HOLD, NOT_STATED } from './condition.ts';
import { compileProgress } from './duty-progress.ts';
import { type DutyStanding, type Judge, type Known, type Notes, type Progress, TRUTH } from './trial.ts';

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
  compile: (clause: Clause, clears: boolean) => Judge,
): readonly Duty[] {
  const duties: Duty[] = [];
  for (const { id, title, for: forText, when, unless, tests } of [...texts].reverse()) {
    duties.push({
      id,
      title,
      who: forText === undefined ? null : compileCondition(forText),
      when: when === undefined ? null : compile(when, false),
      unless: unless === undefined ? null : compile(unless, true),
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
    const { done, required, dueByMs, missed } =
      owed === false || duty.progress === null ? NO_TESTS : duty.progress(known, notes);
    return { isOwed: owed, done, required, dueByMs, missed };
  });
}

/** Those that are, or may be, the person's. */
export function dutiesOwed(duties: readonly Duty[], standings: readonly DutyStanding[]): readonly DutyOwed[] {
  if (duties.length === 0) return NONE;
  let owed = NONE;
  for (const [at, { isOwed: applies, done, required, dueByMs }] of standings.entries()) {
    const { id, title } = duties[at] as Duty;
    if (applies !== false) owed = [...owed, { id, title, applies, done, required, dueByMs }];
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
