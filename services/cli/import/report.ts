/**
 * What an import tells its operator: each thing that wasn't accepted with place, reason and remedy, and at the end a
 * table by file. Counts only what the door has answered; prints no name and no number of a person.
 */

import Table from 'cli-table3';
import type { Fault } from '#exchange/formats/fault.ts';
import { describePlace, describePointer, type Outgoing, type Place } from '#exchange/formats/place.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { FinalOutcome } from './sender.ts';

export interface Tally {
  accepted: number;
  duplicate: number;
  refused: number;
  notSent: number;
  /** Of the file itself: unreadable, a wrong count, text outside messages. */
  fileFaults: number;
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
  refused(place: Place, faults: readonly Fault[]): void {
    this.#of(place.file).refused++;
    for (const fault of faults) this.#list(place, 'refused', sentence(fault));
  }

  /** Something about the file that is no single event's. */
  fileFault(place: Place, fault: Fault): void {
    this.#of(place.file).fileFaults++;
    this.#list(place, 'fault', sentence(fault));
  }

  /** Worth knowing, and no fault of an event that isn't accepted. */
  note(place: Place, faults: readonly Fault[]): void {
    for (const fault of faults) this.#list(place, 'note', sentence(fault));
  }

  outcome({ place, origins }: Outgoing, outcome: FinalOutcome): void {
    const tally = this.#of(place.file);
    if (outcome.kind === 'accepted' || outcome.kind === 'duplicate') tally[outcome.kind]++;
    if (outcome.kind === 'refused') {
      tally.refused++;
      const field = describePointer(outcome.pointer, origins);
      const of = field === '' ? '' : `${field}: `;
      const code = outcome.code === '' ? '' : ` [${outcome.code}]`;
      const hint = outcome.hint === '' ? '' : `. To mend: ${outcome.hint}`;
      this.#list(place, 'refused', `${of}${outcome.detail || 'the door gave no reason'}${code}${hint}`);
    }
    if (outcome.kind === 'not_sent') {
      tally.notSent++;
      if (tally.notSent <= NOT_SENT_LISTED_MAX)
        this.#list(
          place,
          'not sent',
          `${outcome.why}. To mend: import it again once the door answers; what it has taken becomes a duplicate`,
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
    const table = new Table({
      head: ['file', 'accepted', 'duplicate', 'refused', 'not sent', 'faults of the file'],
      style: { head: [], border: [] },
      chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
      colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    });
    for (const [file, tally] of this.#tallies) table.push(row(file, tally));
    if (this.#tallies.size > 1) table.push(row('all', this.total));
    this.#print(table.toString());
  }

  #list(place: Place, kind: string, text: string): void {
    this.#print(`${kind}: ${describePlace(place)}: ${text}`);
  }

  #of(file: string): Tally {
    const tally = this.#tallies.get(file) ?? emptyTally();
    this.#tallies.set(file, tally);
    return tally;
  }
}

function emptyTally(): Tally {
  return { accepted: 0, duplicate: 0, refused: 0, notSent: 0, fileFaults: 0 };
}

function row(file: string, tally: Tally): (string | number)[] {
  return [file, tally.accepted, tally.duplicate, tally.refused, tally.notSent, tally.fileFaults];
}

function sentence({ field, reason, hint }: Fault): string {
  return `${field === '' ? '' : `${field} `}${reason}. To mend: ${hint}`;
}
