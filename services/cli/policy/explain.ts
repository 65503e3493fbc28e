/**
 * `hutong policy explain`: the rule in force in Chinese and English, and the timeline of its outcomes for an example
 * history or for a person as the exchange knows them.
 */

import { Ajv } from 'ajv';
import { searchedWords } from '#core/answer/place-words.ts';
import { announcedWords } from '#core/answer/wording.ts';
import type { PolicyBook } from '#core/book/policy-book.ts';
import type { NoneFound } from '#core/book/searched.ts';
import { rulesIn, type Several } from '#core/book/selected.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS, formatTime, startOfShanghaiDayMs, shanghaiDayOf } from '#core/field/time.ts';
import { NOTHING_STATED, type Occasion } from '#core/question/occasion.ts';
import { type Purpose, purposeOf } from '#core/rules/purpose.ts';
import { freshSnapshot } from '#exchange/policy/cases.ts';
import { readChecked } from '#exchange/policy/checked.ts';
import { type HistoryJson, HistorySchema, historyFaults, readHistory, timesOf } from '#exchange/policy/example.ts';
import { loadPolicies } from '#exchange/policy/files.ts';
import { type OccasionJson, occasionFaults, OccasionSchema, readOccasion } from '#exchange/policy/schema/occasion.ts';
import { lazily } from '#platform/lazily.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { type LivePerson, printPerson, startOfRecordsMs } from './person.ts';
import { printRule, printUnconfirmed } from './rule.ts';
import { answerAt, type Course, timeline } from './timeline.ts';

export interface Explained {
  readonly folder: string;
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  readonly atMs: number;
  readonly subject:
    | { readonly historyFile: string | null }
    | { readonly person: LivePerson; readonly occasionFile: string | null };
}

/** How far past the last event, or past the instant for a person, the timeline goes. */
const AFTER_MS = 16 * DAY_MS;

/** @throws HutongError POLICY_INVALID; RangeError when no rule applies or the history has another form */
export async function explainRule(explained: Explained, print: Print): Promise<number> {
  const { folder, destination, purpose, atMs, subject } = explained;
  const book = await loadPolicies(folder);
  // All is read before anything is printed: what is wrong with a file would stand below the rule, and be overlooked.
  if (!('person' in subject)) {
    const course: Course = { destination, purpose, ...(await readExample(subject.historyFile, atMs)) };
    printRules(book, course.occasion, explained, print);
    print('');
    print(timeline(book, course));
    return EXIT.ok;
  }
  const { person, occasionFile } = subject;
  const course: Course = {
    destination,
    purpose,
    snapshot: person.snapshot,
    presented: [],
    occasion: await readStated(occasionFile),
    startMs: startOfRecordsMs(person, atMs),
    lastMs: atMs + AFTER_MS,
    nowMs: person.nowMs,
  };
  printRules(book, course.occasion, explained, print);
  print('');
  printPerson(person, answerAt(book, course, atMs), print);
  print('');
  print('What a gate would be told about each instant, by the rules of the folder and the data read above:');
  print(timeline(book, course));
  return EXIT.ok;
}

/** The rule in force, with what is known of the same purpose beside it. */
function printRules(
  book: PolicyBook,
  { kind, place, classes }: Occasion,
  { destination, purpose, atMs }: Explained,
  print: Print,
): void {
  const selected = book.select({ destination, purpose, kind, place, classes }, atMs);
  if (rulesIn(selected).length === 0) {
    print(`没有已知的规定 / No rule for ${destination} and ${purpose} is known at ${formatTime(atMs)}`);
    printSearched(book.searched.at(destination, purpose, kind, atMs, place), print);
  }
  if (selected.kinds !== undefined) printKinds(selected, print);
  for (const { rule, announced } of rulesIn(selected)) {
    printRule(rule, print);
    if (announced !== undefined && atMs >= announced.inForceFromMs)
      print(`${announcedWords(announced).zh} / ${announcedWords(announced).en} (version ${announced.version})`);
  }
  for (const rule of selected.alongside?.rules ?? []) {
    print('也可凭 / Recognised too, whatever the rule above says:');
    printRule(rule, print);
  }
  printUnconfirmed(
    book.rules.filter(
      (one) =>
        !one.confirmed &&
        one.owner === destination &&
        one.purposes.some((scope) => purposeOf(scope) === purpose) &&
        one.inForceFromMs <= atMs &&
        atMs < one.inForceUntilMs,
    ),
    print,
  );
}

/** What was searched for one, as answers tell it. */
function printSearched(found: NoneFound | null, print: Print): void {
  const { zh, en } = searchedWords(found);
  print(`${zh} / ${en}`);
  for (const { where, when, about, words } of found?.searches ?? []) {
    const days = about === null ? '' : `; ${about.from} – ${about.to}`;
    print(`  ${when}: ${where.zh} / ${where.en}${days}${words.map((one) => `; “${one}”`).join('')}`);
  }
  if (found?.seen) print(`  ${found.seen.zh} / ${found.seen.en}`);
}

function printKinds({ kinds }: Several, print: Print): void {
  print('按场所类别而不同 / By kind of place:');
  for (const { title, policy } of kinds) {
    const { zh, en } = title ?? { zh: '其他', en: 'any other' };
    const rule = policy.rule === null ? '没有已知的规定 / no rule known' : `${policy.rule.id} v${policy.rule.version}`;
    print(`  ${zh} / ${en}: ${rule}`);
  }
}

interface Example {
  readonly history: HistoryJson;
  readonly occasion?: OccasionJson;
}

const ajv = new Ajv({ allErrors: true, strict: false, formats: { date: true } });
const isExample = lazily(() =>
  ajv.compile<Example>({
    type: 'object',
    required: ['history'],
    additionalProperties: false,
    properties: { history: HistorySchema, occasion: OccasionSchema },
  }),
);
const isOccasion = lazily(() => ajv.compile<OccasionJson>(OccasionSchema));

/** Exported for its test. */
export async function readExample(file: string | null, atMs: number): Promise<Omit<Course, 'destination' | 'purpose'>> {
  const result = { sampledAt: formatTime(atMs - DAY_MS / 4), reportIssuedAt: formatTime(atMs) };
  const json: Example =
    file === null
      ? { history: { tests: [result] } }
      : await readChecked(file, isExample(), ({ history, occasion }) => [
          ...historyFaults(history, '/history'),
          ...occasionFaults(occasion, '/occasion'),
        ]);
  const { view, presented } = readHistory(json.history);
  // Doses may be years older, and would make the timeline no better.
  const { doses: _doses, ...recent } = json.history;
  const startMs = startOfShanghaiDayMs(shanghaiDayOf(Math.min(atMs, ...timesOf(recent))));
  const lastMs = startMs + AFTER_MS;
  // Looked at from after its end, with data as fresh as that: or every answer would end within the minute.
  const nowMs = lastMs + DAY_MS;
  return {
    snapshot: freshSnapshot(view, nowMs),
    presented,
    occasion: occasionOf(json.occasion),
    startMs,
    lastMs,
    nowMs,
  };
}

async function readStated(file: string | null): Promise<Occasion> {
  if (file === null) return NOTHING_STATED;
  return occasionOf(await readChecked(file, isOccasion(), (value) => occasionFaults(value, '')));
}

function occasionOf(json: OccasionJson | undefined): Occasion {
  const read = readOccasion(json);
  if ('unreadable' in read) throw new RangeError(`occasion${read.unreadable} is no time`);
  return read.occasion;
}
