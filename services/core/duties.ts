/**
 * What a person must still do after arriving: how much of it is on record, and until when the rest is due. Duties stand
 * beside an answer and never change it.
 */
import { compileCondition, type Condition, DOES_NOT_HOLD, NOT_STATED } from './condition.ts';
import type { ResultEvidence } from './evidence.ts';
import type { DutyText, Words } from './policy.ts';
import { shanghaiDayOf } from './time.ts';
import { chooseTests, compileApart, takenAtMs } from './tests-chain.ts';
import type { Trial } from './trial.ts';
import { compileWindow, endsAfter } from './window.ts';

export interface Duty {
  readonly id: string;
  readonly title: Words;
  readonly applies: Condition | null;
  readonly progress: ((trial: Trial) => Progress) | null;
}

interface Progress {
  /** Null without a stated arrival. */
  readonly done: number | null;
  readonly required: number;
  readonly dueByMs: number | null;
}

export interface DutyOwed extends Progress {
  readonly id: string;
  readonly title: Words;
  /** Null: it depends on what wasn't stated. */
  readonly applies: true | null;
}

export function compileDuty({ id, title, for: forText, tests }: DutyText): Duty {
  return { id, title, applies: forText === undefined ? null : compileCondition(forText), progress: tests === undefined ? null : compileProgress(tests) };
}

/** Those that are, or may be, the person's. */
export function dutiesOwed(duties: readonly Duty[], trial: Trial): readonly DutyOwed[] {
  if (duties.length === 0) return NONE;
  const owed: DutyOwed[] = [];
  for (const { id, title, applies, progress } of duties) {
    const standing = applies === null ? Number.POSITIVE_INFINITY : applies(trial);
    if (standing === DOES_NOT_HOLD) continue;
    const { done, required, dueByMs } = progress === null ? NO_TESTS : progress(trial);
    owed.push({ id, title, applies: standing === NOT_STATED ? null : true, done, required, dueByMs });
  }
  return owed;
}

const NONE: readonly DutyOwed[] = [];
const NO_TESTS: Progress = { done: null, required: 0, dueByMs: null };

function compileProgress({ count, window: windowText, apart: apartText, landing, onDays }: NonNullable<DutyText['tests']>): (trial: Trial) => Progress {
  const window = compileWindow(windowText);
  const apart = compileApart(apartText);
  return ({ occasion: { arrivedAtMs }, sifted, atMs }) => {
    if (arrivedAtMs === null) return { done: null, required: count, dueByMs: null };
    const dueByMs = window.endMs(arrivedAtMs);
    const taken = sifted.tests
      .filter((test) => takenAtMs(test) >= arrivedAtMs && takenAtMs(test) <= atMs && endsAfter(dueByMs, window.endInclusive, takenAtMs(test)))
      .sort((a, b) => takenAtMs(a) - takenAtMs(b));
    const counting = landing === 'excluded' ? taken.slice(1) : taken;
    const done = onDays === undefined ? longest(counting, count, apart) : onDays.filter((day) => counting.some((test) => dayOfStay(test, arrivedAtMs) === day)).length;
    return { done: Math.min(done, count), required: count, dueByMs };
  };
}

/** The day of arrival is day 1. */
function dayOfStay(test: ResultEvidence, arrivedAtMs: number): number {
  return shanghaiDayOf(takenAtMs(test)) - shanghaiDayOf(arrivedAtMs) + 1;
}

function longest(tests: readonly ResultEvidence[], count: number, apart: ReturnType<typeof compileApart>): number {
  const counting = tests.map((evidence) => ({ evidence, endMs: Number.POSITIVE_INFINITY }));
  for (let length = count; length > 0; length -= 1) if (chooseTests(counting, length, apart) !== null) return length;
  return 0;
}
