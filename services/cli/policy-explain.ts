/**
 * `hutong policy explain`: the rule in force in Chinese and English, and the timeline of its outcomes for an example
 * history or for a person as the exchange knows them.
 */
import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { NOTHING_STATED, type Occasion } from '#core/occasion.ts';
import type { Purpose } from '#core/policy.ts';
import type { ProvinceCode } from '#core/regions.ts';
import { announcedWords } from '#core/wording.ts';
import { DAY_MS, formatTime, startOfShanghaiDayMs, shanghaiDayOf } from '#core/time.ts';
import { freshSnapshot } from '#policy/cases.ts';
import { loadPolicies } from '#policy/files.ts';
import { type HistoryJson, HistorySchema, readHistory, timesOf } from '#policy/history.ts';
import { type OccasionJson, OccasionSchema, readOccasion } from '#policy/occasion.ts';
import { type LivePerson, printPerson, startOfRecordsMs } from './policy-person.ts';
import { printRule, printUnconfirmed } from './policy-rule.ts';
import { answerAt, type Course, timeline } from './policy-timeline.ts';

export interface Explained {
  readonly folder: string;
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  readonly atMs: number;
  readonly subject: { readonly historyFile: string | null } | { readonly person: LivePerson; readonly occasionFile: string | null };
}

/** How far past the last event, or past the instant for a person, the timeline goes. */
const AFTER_MS = 16 * DAY_MS;

/** @throws HutongError POLICY_INVALID; RangeError when no rule applies or the history has another form */
export async function explainRule({ folder, destination, purpose, atMs, subject }: Explained, print: (text: string) => void): Promise<number> {
  const book = await loadPolicies(folder);
  const policy = book.select(destination, purpose, atMs);
  if (policy === null) throw new RangeError(`no rule for ${destination} and ${purpose} is known at ${formatTime(atMs)}`);
  printRule(policy.rule, print);
  printUnconfirmed(book.rules.filter((rule) => !rule.confirmed && rule.owner === destination && rule.purposes.includes(purpose) && rule.inForceFromMs <= atMs && atMs < rule.inForceUntilMs), print);
  const { announced } = policy;
  if (announced !== undefined && atMs >= announced.inForceFromMs) print(`${announcedWords(announced).zh} / ${announcedWords(announced).en} (version ${announced.version})`);
  print('');
  if (!('person' in subject)) {
    print(timeline(book, { destination, purpose, ...(await readExample(subject.historyFile, atMs)) }));
    return 0;
  }
  const { person, occasionFile } = subject;
  const course: Course = { destination, purpose, snapshot: person.snapshot, presented: [], occasion: await readStated(occasionFile), startMs: startOfRecordsMs(person, atMs), lastMs: atMs + AFTER_MS, nowMs: person.nowMs };
  printPerson(person, answerAt(book, course, atMs), print);
  print('');
  print('What a gate would be told about each instant, by the rules of the folder and the data read above:');
  print(timeline(book, course));
  return 0;
}

const ajv = new Ajv({ strict: false, formats: { date: true } });
const isExample = ajv.compile<{ readonly history: HistoryJson; readonly occasion?: OccasionJson }>({ type: 'object', required: ['history'], properties: { history: HistorySchema, occasion: OccasionSchema } });
const isOccasion = ajv.compile<OccasionJson>(OccasionSchema);

async function readExample(file: string | null, atMs: number): Promise<Omit<Course, 'destination' | 'purpose'>> {
  const json: unknown = file === null ? { history: { tests: [{ sampledAt: formatTime(atMs - DAY_MS / 4), reportIssuedAt: formatTime(atMs) }] } } : await readJson(file);
  if (!isExample(json)) throw new RangeError(`${file ?? 'the history'}: ${ajv.errorsText(isExample.errors)}`);
  const { view, presented } = readHistory(json.history);
  // Doses may be years older, and would make the timeline no better.
  const { doses: _doses, ...recent } = json.history;
  const startMs = startOfShanghaiDayMs(shanghaiDayOf(Math.min(atMs, ...timesOf(recent))));
  const lastMs = startMs + AFTER_MS;
  // Its data stays fresh: or every answer would end within the minute.
  return { snapshot: freshSnapshot(view, lastMs + DAY_MS), presented, occasion: occasionOf(json.occasion), startMs, lastMs, nowMs: null };
}

async function readStated(file: string | null): Promise<Occasion> {
  if (file === null) return NOTHING_STATED;
  const json = await readJson(file);
  if (!isOccasion(json)) throw new RangeError(`${file}: ${ajv.errorsText(isOccasion.errors)}`);
  return occasionOf(json);
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8')) as unknown;
}

function occasionOf(json: OccasionJson | undefined): Occasion {
  const read = readOccasion(json);
  if ('unreadable' in read) throw new RangeError(`occasion${read.unreadable} is no time`);
  return read.occasion;
}
