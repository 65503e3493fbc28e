/**
 * `hutong policy explain`: the rule in force in Chinese and English, and the timeline of its outcomes for an example
 * history, found by asking again at each instant that an answer names as its next change.
 */
import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import Table from 'cli-table3';
import type { Occasion } from '#core/occasion.ts';
import type { Purpose } from '#core/policy.ts';
import type { PolicyBook } from '#core/policy-book.ts';
import { type Answer, recognise } from '#core/recognise.ts';
import type { ProvinceCode } from '#core/regions.ts';
import type { Rule } from '#core/rule.ts';
import { DAY_MS, formatClock, formatTime, parseTime, startOfShanghaiDayMs, shanghaiDayOf } from '#core/time.ts';
import { freshSnapshot } from '#policy/cases.ts';
import { loadPolicies } from '#policy/files.ts';
import { type History, type HistoryJson, HistorySchema, readHistory } from '#policy/history.ts';
import { type OccasionJson, OccasionSchema, readOccasion } from '#policy/occasion.ts';

export interface Explained {
  readonly folder: string;
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  readonly atMs: number;
  readonly historyFile: string | null;
}

const ROWS_MAX = 200;
/** How far past the last event the timeline goes. */
const AFTER_MS = 16 * DAY_MS;

/** @throws HutongError POLICY_INVALID; RangeError when no rule applies or the history has another form */
export async function explainRule({ folder, destination, purpose, atMs, historyFile }: Explained, print: (text: string) => void): Promise<number> {
  const book = await loadPolicies(folder);
  const policy = book.select(destination, purpose, atMs);
  if (policy === null) throw new RangeError(`no rule for ${destination} and ${purpose} is known at ${formatTime(atMs)}`);
  printRule(policy.rule, print);
  const { history, occasion, startMs } = await readExample(historyFile, atMs);
  print('');
  print(timeline(book, { destination, purpose, history, occasion, startMs }));
  return 0;
}

function printRule(rule: Rule, print: (text: string) => void): void {
  const until = Number.isFinite(rule.inForceUntilMs) ? formatClock(rule.inForceUntilMs) : '…';
  print(`${rule.id} version ${rule.version}, ${formatClock(rule.inForceFromMs)} – ${until} (Beijing time)`);
  print(`${rule.title.zh} / ${rule.title.en}`);
  print(`认可: ${rule.words.zh}。`);
  print(`Recognises: ${rule.words.en}.`);
  if (rule.comparedWith.length > 0) print(`Compared with: ${rule.comparedWith.join(', ').replaceAll('_', ' ')}.`);
  for (const { title } of rule.duties) print(`此后 / Duty: ${title.zh} / ${title.en}`);
  for (const { state, title } of rule.states) print(`状态 / State ${state}: ${title.zh} / ${title.en}`);
  for (const { title, url, reliability } of rule.sources) print(`[${reliability}] ${title} ${url ?? ''}`);
}

interface Example {
  readonly history: History;
  readonly occasion: Occasion;
  /** Before anything of it. */
  readonly startMs: number;
}

const ajv = new Ajv({ strict: false, formats: { date: true } });
const isExample = ajv.compile<{ readonly history: HistoryJson; readonly occasion?: OccasionJson }>({ type: 'object', required: ['history'], properties: { history: HistorySchema, occasion: OccasionSchema } });

async function readExample(file: string | null, atMs: number): Promise<Example> {
  const json: unknown = file === null ? { history: { tests: [{ sampledAt: formatTime(atMs - DAY_MS / 4), reportIssuedAt: formatTime(atMs) }] } } : JSON.parse(await readFile(file, 'utf8'));
  if (!isExample(json)) throw new RangeError(`${file ?? 'the history'}: ${ajv.errorsText(isExample.errors)}`);
  const read = readOccasion(json.occasion);
  if ('unreadable' in read) throw new RangeError(`occasion${read.unreadable} is no time`);
  const { tests = [], samplings = [] } = json.history;
  const times = [...tests.flatMap(({ reportIssuedAt, sampledAt }) => [reportIssuedAt, sampledAt]), ...samplings.map(({ sampledAt }) => sampledAt)].flatMap((text) => (text === undefined ? [] : [parseTime(text)?.atMs ?? atMs]));
  return { history: readHistory(json.history), occasion: read.occasion, startMs: startOfShanghaiDayMs(shanghaiDayOf(Math.min(atMs, ...times))) };
}

interface Asked extends Example {
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
}

/** One line for each change of outcome, clause or version, from before the history until nothing more changes. */
function timeline(book: PolicyBook, { destination, purpose, history, occasion, startMs }: Asked): string {
  const table = new Table({ style: { head: [], border: [] }, head: ['from', 'outcome', 'why', 'rule', 'clause', 'day', 'states'] });
  const lastMs = startMs + AFTER_MS;
  // Its data stays fresh: or every answer would end within the minute.
  const snapshot = freshSnapshot(history.view, lastMs + DAY_MS);
  let shown = '';
  for (let [atMs, rows] = [startMs, 0]; atMs <= lastMs && rows < ROWS_MAX; ) {
    const policy = book.select(destination, purpose, atMs);
    const answer = policy === null ? null : recognise({ destination, purpose, codeBook: book.codeBook, policy, snapshot, presented: history.presented, occasion, atMs, nowMs: atMs });
    const row = answer === null ? ['no rule', '', '', '', '', ''] : rowOf(answer);
    const telling = tellingOf(row);
    if (telling !== shown) {
      table.push([formatClockWithMs(atMs), ...row]);
      rows += 1;
    }
    shown = telling;
    // The days are shown by the calendar: each midnight is looked at too.
    const midnightMs = startOfShanghaiDayMs(shanghaiDayOf(atMs) + 1);
    const changeMs = parseTime(answer?.nextChangeAt ?? '')?.atMs ?? midnightMs;
    atMs = Math.min(changeMs, midnightMs);
  }
  return table.toString();
}

function rowOf({ outcome, reason, rule, daysSinceTest, states }: Answer): string[] {
  return [outcome, reason.replaceAll('_', ' '), `${rule.id} v${rule.version}`, rule.clause ?? '', daysSinceTest === null ? '' : String(daysSinceTest), states.map(({ state }) => state).join(', ')];
}

/** What makes a line worth printing: the days go on counting after a test has run out, and tell nothing more. */
function tellingOf(row: readonly string[]): string {
  return row.filter((_, index) => index !== DAY_COLUMN || row[0] === 'recognised').join('\n');
}

const DAY_COLUMN = 4;

function formatClockWithMs(atMs: number): string {
  return formatTime(atMs).replace('T', ' ').replace('+08:00', '');
}
