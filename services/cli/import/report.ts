/**
 * What an import tells its operator: each thing that wasn't accepted, with where it stands, reason and remedy, and at
 * the end a table by file. Counts only what the door has answered; prints no name and no number of a person.
 */

import Table from 'cli-table3';
import type { FormatFault } from '#exchange/formats/format-fault.ts';
import { describeLocation, describePointer, type Location, type Outgoing } from '#exchange/formats/location.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { FinalResult } from '#services/cli/shared/sender.ts';

export interface Tally {
  accepted: number;
  duplicate: number;
  refused: number;
  notSent: number;
  /** Of the file itself: unreadable, a wrong count, text outside messages. */
  fileFaults: number;
  /** By design: another disease's, a sum under a table. */
  ignored: number;
}

/**
 * Of events that were not sent so many are listed by file; the rest are counted, for a door that is away leaves
 * millions.
 */
const NOT_SENT_LISTED_MAX = 100;

export class ImportReport {
  readonly #tallies = new Map<string, Tally>();
  readonly #print: (line: string) => void;

  constructor(files: readonly string[], print: (line: string) => void) {
    for (const file of files) this.#of(file);
    this.#print = print;
  }

  /** A line, a message or a result that can't become an event. */
  refused(location: Location, faults: readonly FormatFault[]): void {
    this.#of(location.file).refused++;
    for (const fault of faults) this.#list(location, 'refused', sentence(fault));
  }

  /** Something about the file that is no single event's. */
  fileFault(location: Location, fault: FormatFault): void {
    this.#of(location.file).fileFaults++;
    this.#list(location, 'fault', sentence(fault));
  }

  /** Worth knowing, and no fault of an event that isn't accepted. */
  note(location: Location, faults: readonly FormatFault[]): void {
    for (const fault of faults) this.#list(location, 'note', sentence(fault));
  }

  /** Nothing of this exchange, and named all the same. */
  ignored(location: Location, faults: readonly FormatFault[]): void {
    this.#of(location.file).ignored++;
    for (const fault of faults) this.#list(location, 'ignored', sentence(fault));
  }

  result({ location, origins }: Outgoing, said: FinalResult): void {
    // To report was asked for: a door that has only checked has taken nothing.
    const result =
      said.kind === 'acceptable' ? ({ kind: 'not_sent', why: 'the door has only checked it' } as const) : said;
    const tally = this.#of(location.file);
    if (result.kind === 'accepted' || result.kind === 'duplicate') tally[result.kind]++;
    if (result.kind === 'refused') {
      tally.refused++;
      const field = describePointer(result.pointer, origins);
      const of = field === '' ? '' : `${field}: `;
      const code = result.code === '' ? '' : ` [${result.code}]`;
      const hint = result.hint === '' ? '' : `. To mend: ${result.hint}`;
      this.#list(location, 'refused', `${of}${result.detail || 'the door gave no reason'}${code}${hint}`);
    }
    if (result.kind === 'not_sent') {
      tally.notSent++;
      if (tally.notSent <= NOT_SENT_LISTED_MAX)
        this.#list(
          location,
          'not sent',
          `${result.why}. To mend: import it again once the door answers; what it has taken becomes a duplicate`,
        );
    }
  }

  get total(): Tally {
    const total = emptyTally();
    for (const tally of this.#tallies.values())
      for (const key of Object.keys(total) as (keyof Tally)[]) total[key] += tally[key];
    return total;
  }

  /** @param away why the door counts as away, or null */
  exitStatus(away: string | null): number {
    const { refused, notSent, fileFaults } = this.total;
    if (away !== null || notSent > 0) return EXIT.doorAway;
    return refused > 0 || fileFaults > 0 ? EXIT.failed : EXIT.ok;
  }

  printSummary(): void {
    for (const [file, { notSent }] of this.#tallies) {
      if (notSent > NOT_SENT_LISTED_MAX)
        this.#print(`${file}: ${notSent - NOT_SENT_LISTED_MAX} further events not sent, all after those listed`);
    }
    const more = this.total.ignored > 0 ? ['ignored'] : [];
    const table = new Table({
      head: ['file', 'accepted', 'duplicate', 'refused', 'not sent', 'faults of the file', ...more],
      style: { head: [], border: [] },
      chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
      colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    });
    for (const [file, tally] of this.#tallies) table.push(row(file, tally, more.length > 0));
    if (this.#tallies.size > 1) table.push(row('all', this.total, more.length > 0));
    this.#print(table.toString());
  }

  #list(location: Location, kind: string, text: string): void {
    this.#print(`${kind}: ${describeLocation(location)}: ${text}`);
  }

  #of(file: string): Tally {
    const tally = this.#tallies.get(file) ?? emptyTally();
    this.#tallies.set(file, tally);
    return tally;
  }
}

function emptyTally(): Tally {
  return { accepted: 0, duplicate: 0, refused: 0, notSent: 0, fileFaults: 0, ignored: 0 };
}

function row(file: string, tally: Tally, withIgnored: boolean): (string | number)[] {
  const { accepted, duplicate, refused, notSent, fileFaults, ignored } = tally;
  return [file, accepted, duplicate, refused, notSent, fileFaults, ...(withIgnored ? [ignored] : [])];
}

export function sentence({ field, reason, hint }: FormatFault): string {
  return `${field === '' ? '' : `${field} `}${reason}. To mend: ${hint}`;
}
