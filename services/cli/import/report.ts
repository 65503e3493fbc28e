/**
 * What an import tells its operator: each thing that wasn't accepted, with where it stands, reason and remedy, and at
 * the end the account of all files. Counts only what the door has answered; prints no name and no number of a person.
 */

import {
  describeLocation,
  describePlace,
  describePointer,
  type Location,
  type Outgoing,
} from '#exchange/formats/location.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { FinalResult } from '#services/cli/shared/sender.ts';
import { Account, type Said, type Told } from './account.ts';
import { sentenceIn, wordsIn } from './language.ts';
import type { Language, ReportForm } from './options.ts';
import { printed } from './printed.ts';

/**
 * Of events that were not sent so many are listed by file; the rest are counted, for a door that is away leaves
 * millions.
 */
const NOT_SENT_LISTED_MAX = 100;

export interface Reporting {
  readonly form: ReportForm;
  readonly language: Language;
}

export const AS_TABLE: Reporting = { form: 'table', language: 'en' };

export class ImportReport {
  readonly account: Account;
  readonly #print: (line: string) => void;
  readonly #how: Reporting;
  readonly #notSent = new Map<string, number>();

  constructor(files: readonly string[], print: (line: string) => void, how: Reporting = AS_TABLE) {
    this.account = new Account(files);
    this.#print = print;
    this.#how = how;
  }

  /** Of what can't become an event, or is none of this exchange: once for each result, with all that is wrong. */
  aside(location: Location, fate: 'refused' | 'quarantined' | 'ignored', faults: readonly Said[]): void {
    this.account.count(location.file, fate);
    for (const fault of faults) this.#tell(location, fate, fault);
  }

  /** Something about the file that is no single event's. */
  fileFault(location: Location, fault: Said): void {
    this.#tell(location, 'fault', fault);
  }

  /** Worth knowing, and no fault of an event that isn't accepted. */
  note(location: Location, faults: readonly Said[]): void {
    for (const fault of faults) this.#tell(location, 'note', fault);
  }

  result({ location, origins }: Outgoing, result: FinalResult): void {
    const { file } = location;
    if (result.kind === 'accepted' || result.kind === 'duplicate') return this.account.count(file, result.kind);
    if (result.kind === 'refused') return this.aside(location, 'refused', [saidBy(result, origins)]);
    // To report was asked for: a door that has only checked has taken nothing.
    const why = result.kind === 'not_sent' ? result.why : 'the door has only checked it';
    this.account.count(file, 'not_sent');
    const before = this.#notSent.get(file) ?? 0;
    this.#notSent.set(file, before + 1);
    if (before < NOT_SENT_LISTED_MAX) this.#tell(location, 'not_sent', { field: '', reason: why, hint: AGAIN_HINT });
  }

  /** @param through null: nothing has its answer */
  cameTo(file: string, through: string | null): void {
    const words = wordsIn(this.#how.language);
    if (this.#how.form === 'table') this.#print(words.cameTo(file, through === null ? null : words.place(through)));
  }

  /** @param away why the door counts as away, or null */
  exitStatus(away: string | null): number {
    const { account } = this;
    if (away !== null || account.total('not_sent') > 0) return EXIT.doorAway;
    const bad = account.total('refused') + account.total('quarantined') + account.total('faults');
    return bad > 0 ? EXIT.failed : EXIT.ok;
  }

  printSummary(): void {
    const { form, language } = this.#how;
    if (form === 'table')
      for (const [file, count] of this.#notSent)
        if (count > NOT_SENT_LISTED_MAX)
          this.#print(wordsIn(language).furtherNotSent(file, count - NOT_SENT_LISTED_MAX));
    this.#print(printed(this.account.files, form, language));
  }

  #tell(location: Location, told: Told, fault: Said): void {
    const { form, language } = this.#how;
    this.account.tell(location.file, told, describePlace(location), fault);
    if (form !== 'table') return;
    const place = wordsIn(language).place(describeLocation(location));
    this.#print(`${wordsIn(language).fates[told]}: ${place}: ${sentenceIn(fault, language)}`);
  }
}

const AGAIN_HINT = 'import it again once the door answers; what it has taken becomes a duplicate';

/** What a door, or who judges as it does, says of an event, with the field as the file has it. */
export function saidBy(
  { pointer, code, detail, hint }: { pointer: string; code: string; detail: string; hint: string },
  origins: Outgoing['origins'],
): Said {
  return { field: describePointer(pointer, origins), code, reason: detail || 'the door gave no reason', hint };
}
