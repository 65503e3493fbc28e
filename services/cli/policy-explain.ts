/**
 * `hutong policy explain`: the rule in force in Chinese and English, and the timeline of its outcomes for an example
 * history or for a person as the exchange knows them.
 */
import { Ajv } from 'ajv';
import { NOTHING_STATED, type Occasion } from '#core/occasion.ts';
import type { Purpose } from '#core/policy.ts';
import type { ProvinceCode } from '#core/regions.ts';
import type { Rule } from '#core/rule.ts';
import { DAY_MS, formatClock, formatTime, startOfShanghaiDayMs, shanghaiDayOf } from '#core/time.ts';
import { freshSnapshot } from '#policy/cases.ts';
import { readChecked } from '#policy/checked.ts';
import { loadPolicies } from '#policy/files.ts';
import { type HistoryJson, HistorySchema, historyFaults, readHistory, timesOf } from '#policy/history.ts';
import { type OccasionJson, occasionFaults, OccasionSchema, readOccasion } from '#policy/occasion.ts';
import { type LivePerson, printPerson, startOfRecordsMs } from './policy-person.ts';
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
  // All is read before anything is printed: what is wrong with a file would stand below the rule, and be overlooked.
  if (!('person' in subject)) {
    const course: Course = { destination, purpose, ...(await readExample(subject.historyFile, atMs)) };
    printRule(policy.rule, print);
    print('');
    print(timeline(book, course));
    return 0;
  }
  const { person, occasionFile } = subject;
  const course: Course = { destination, purpose, snapshot: person.snapshot, presented: [], occasion: await readStated(occasionFile), startMs: startOfRecordsMs(person, atMs), lastMs: atMs + AFTER_MS, nowMs: person.nowMs };
  printRule(policy.rule, print);
  print('');
  printPerson(person, answerAt(book, course, atMs), print);
  print('');
  print('What a gate would be told about each instant, by the rules of the folder and the data read above:');
  print(timeline(book, course));
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
  readonly history: HistoryJson;
  readonly occasion?: OccasionJson;
}

const ajv = new Ajv({ allErrors: true, strict: false, formats: { date: true } });
const isExample = ajv.compile<Example>({ type: 'object', required: ['history'], additionalProperties: false, properties: { history: HistorySchema, occasion: OccasionSchema } });
const isOccasion = ajv.compile<OccasionJson>(OccasionSchema);

async function readExample(file: string | null, atMs: number): Promise<Omit<Course, 'destination' | 'purpose'>> {
  const result = { sampledAt: formatTime(atMs - DAY_MS / 4), reportIssuedAt: formatTime(atMs) };
  const json: Example = file === null ? { history: { tests: [result] } } : await readChecked(file, isExample, ({ history, occasion }) => [...historyFaults(history, '/history'), ...occasionFaults(occasion, '/occasion')]);
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
  return occasionOf(await readChecked(file, isOccasion, (value) => occasionFaults(value, '')));
}

function occasionOf(json: OccasionJson | undefined): Occasion {
  const read = readOccasion(json);
  if ('unreadable' in read) throw new RangeError(`occasion${read.unreadable} is no time`);
  return read.occasion;
}
