/**
 * The timeline of a rule's outcomes as a table, found by asking again at each instant that an answer names as its next
 * change. It decides nothing itself.
 */

import Table from 'cli-table3';
import { type Answer, recognise } from '#core/answer/recognise.ts';
import type { PolicyBook } from '#core/book/policy-book.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { formatTime, parseTime, startOfShanghaiDayMs, shanghaiDayOf } from '#core/field/time.ts';
import type { Presented } from '#core/question/evidence.ts';
import type { Occasion } from '#core/question/occasion.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { Snapshot } from '#core/view/snapshot.ts';

export interface Course {
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  readonly snapshot: Snapshot;
  readonly presented: readonly Presented[];
  readonly occasion: Occasion;
  readonly startMs: number;
  readonly lastMs: number;
  /** The clock that freshness is held against. */
  readonly nowMs: number;
}

const ROWS_MAX = 200;
const DAY_COLUMN = 5;

/** One line for each change of the outcome, of going in, of clause or version, until nothing more changes. */
export function timeline(book: PolicyBook, course: Course): string {
  const table = new Table({
    style: { head: [], border: [] },
    head: ['from', 'outcome', 'may go in', 'why', 'rule', 'clause', 'day', 'states'],
  });
  let shown = '';
  for (let [atMs, rows] = [course.startMs, 0]; atMs <= course.lastMs && rows < ROWS_MAX;) {
    const answer = answerAt(book, course, atMs);
    const row = rowOf(answer);
    const telling = tellingOf(row);
    if (telling !== shown) {
      table.push([clockOf(atMs), ...row]);
      rows += 1;
    }
    shown = telling;
    // The days are shown by the calendar: each midnight is looked at too.
    const midnightMs = startOfShanghaiDayMs(shanghaiDayOf(atMs) + 1);
    const changeMs = parseTime(answer.nextChangeAt ?? '')?.atMs ?? midnightMs;
    atMs = Math.min(changeMs, midnightMs);
  }
  return table.toString();
}

export function answerAt(
  book: PolicyBook,
  { destination, purpose, snapshot, presented, occasion, nowMs }: Course,
  atMs: number,
): Answer {
  const { kind, place, classes } = occasion;
  const policy = book.select({ destination, purpose, kind, place, classes }, atMs);
  return recognise({
    destination,
    purpose,
    codeBook: book.codeBook,
    searched: book.searched,
    policy,
    snapshot,
    presented,
    occasion,
    atMs,
    nowMs,
  });
}

function rowOf({ outcome, mayGoIn, reason, rule, daysSinceTest, states }: Answer): string[] {
  return [
    outcome,
    mayGoIn === null ? '?' : mayGoIn ? 'yes' : 'no',
    reason.replaceAll('_', ' '),
    rule === null ? '' : `${rule.id} v${rule.version}`,
    rule?.clause ?? '',
    daysSinceTest === null ? '' : String(daysSinceTest),
    states.map(({ state }) => state).join(', '),
  ];
}

/** What makes a line worth printing: the days go on counting after a test has run out, and tell nothing more. */
function tellingOf(row: readonly string[]): string {
  return row.filter((_, index) => index !== DAY_COLUMN || row[0] === 'recognised').join('\n');
}

function clockOf(atMs: number): string {
  return formatTime(atMs).replace('T', ' ').replace('+08:00', '');
}
