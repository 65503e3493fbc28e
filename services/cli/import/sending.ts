/**
 * What an import does with each item of a file: sends it, keeps it in quarantine, passes over what was accepted before,
 * or takes it back; and what it does with the door's answer. It must never send what can't be as it says.
 */

import type { Outgoing } from '#exchange/formats/location.ts';
import type { Item } from '#exchange/formats/reader.ts';
import { isImplausible } from '#exchange/intake/implausible.ts';
import type { Input } from '#services/cli/shared/input.ts';
import { WHOLE } from '#services/cli/shared/items.ts';
import type { Quarantine } from '#services/cli/shared/quarantine.ts';
import type { FinalResult, Sender } from '#services/cli/shared/sender.ts';
import type { Said } from './account.ts';
import type { LocalJudge } from './judged.ts';
import type { Entry, Ledger } from './ledger.ts';
import { Mark, type Ticket } from './mark.ts';
import { type HowRead, sheetFor } from './opening.ts';
import { type ImportReport, saidBy } from './report.ts';
import { retractionOf } from './retraction.ts';

/** Of what can't be as it says. */
export interface Keeping {
  readonly judge: LocalJudge;
  readonly quarantine: Quarantine;
  readonly keepMs: number;
}

export interface FileUnderWay {
  readonly path: string;
  /** Null where nothing is remembered. */
  readonly entry: Entry | null;
  readonly entryWith: (other: string | null) => Promise<Entry | null>;
  /** By the path of the other file. */
  readonly joined: Map<string, Entry | null>;
  /** Of a stream, which can't be read again. */
  readonly mark: Mark | null;
  lastAt: string;
  isWhole: boolean;
}

export interface UnderWay extends Outgoing {
  readonly of: FileUnderWay;
  readonly entry: Entry | null;
  /** Of the result in its file; 0 where nothing is remembered. */
  readonly number: number;
  readonly ticket: Ticket | null;
}

export interface Remembering extends HowRead {
  /** What was sent before; without it nothing is remembered. */
  readonly ledger?: Ledger;
}

interface Plan {
  readonly mode: 'send' | 'again' | 'undo';
  readonly keeping: Keeping | null;
}

export class Sending {
  readonly #sender: Sender<UnderWay>;
  readonly #report: ImportReport;
  readonly #plan: Plan;
  readonly #files = new Map<string, FileUnderWay>();

  constructor(sender: Sender<UnderWay>, report: ImportReport, plan: Plan) {
    this.#sender = sender;
    this.#report = report;
    this.#plan = plan;
  }

  async begin(input: Input, settings: Remembering, now: string): Promise<void> {
    const { path, sizeBytes } = input;
    const { ledger } = settings;
    const sheet = sheetFor(input, settings);
    const recordIsLine = sheet !== undefined || (settings.format ?? input.format) === 'ndjson';
    const entryWith = async (other: string | null): Promise<Entry | null> => {
      if (sizeBytes === null || ledger === undefined) return null;
      const entry = await ledger.open(path, now, recordIsLine, other);
      // Of a file that is joined all is remembered with the other one's.
      if (other !== null || sheet?.tubes === undefined) this.#tellOfBefore(path, entry);
      entry.begin();
      return entry;
    };
    const entry = await entryWith(null);
    const mark = sizeBytes === null ? new Mark() : null;
    this.#files.set(path, { path, entry, entryWith, joined: new Map(), mark, lastAt: '', isWhole: false });
  }

  /** @param tubesPath of an event whose result comes from another file: what is remembered is then of both */
  async take(item: Item, path: string, tubesPath: string | null): Promise<void> {
    const report = this.#report;
    const file = this.#files.get(path) as FileUnderWay;
    if (item.kind === 'file_fault') return report.fileFault({ file: file.path, at: item.at, within: '' }, item.fault);
    const location = { file: file.path, at: item.at, within: item.within };
    report.account.read(file.path, item.at);
    if (item.kind === 'note') return report.note(location, item.faults);
    const number = file.entry?.readOne(item.at !== file.lastAt) ?? 0;
    file.lastAt = item.at;
    const ticket = file.mark?.open(item.at) ?? null;
    if (item.kind === 'event') {
      const { json, origins } = item;
      const entry = tubesPath === null ? file.entry : await joinedEntryOf(file, tubesPath);
      const event: UnderWay = { json, origins, location, of: file, entry, number, ticket };
      return this.#plan.mode === 'undo' ? this.#takeBack(event) : this.#send(event);
    }
    if (ticket !== null) file.mark?.close(ticket, true);
    if (this.#plan.mode === 'undo') return report.aside(location, 'ignored', [NOT_ACCEPTED]);
    report.aside(location, item.kind, item.faults);
  }

  /** Its end was reached. */
  wasRead(path: string): void {
    (this.#files.get(path) as FileUnderWay).isWhole = true;
  }

  answered(event: UnderWay, result: FinalResult): void {
    const { of, entry, number, ticket } = event;
    if (ticket !== null) of.mark?.close(ticket, result.kind !== 'not_sent');
    if (result.kind === 'accepted' || result.kind === 'duplicate')
      if (this.#plan.mode === 'undo') entry?.takeBack(number);
      else entry?.accept(number);
    // The clock of the door decides, where it differs from this machine's.
    const said = result.kind === 'refused' && isImplausible(result.code) ? saidBy(result, event.origins) : null;
    if (said !== null && this.#plan.mode !== 'undo') this.#keep(event, said);
    else this.#report.result(event, result);
  }

  /** Once every event has its answer. */
  end(now: string): void {
    for (const { path, entry, joined, mark, isWhole } of this.#files.values()) {
      for (const one of [entry, ...joined.values()]) {
        one?.flush();
        if (isWhole && this.#plan.mode !== 'undo' && this.#sender.away === null) one?.end(now);
      }
      if (mark !== null) this.#report.cameTo(path, mark.through);
    }
  }

  async #send(event: UnderWay): Promise<void> {
    const { of, entry, number } = event;
    if (this.#plan.mode !== 'again' && entry?.accepted.has(number) === true)
      return this.#report.result(event, { kind: 'duplicate' });
    const verdict = this.#plan.keeping?.judge(event.json, event.origins);
    if (verdict?.kind !== 'quarantined') return this.#sender.add(event);
    if (event.ticket !== null) of.mark?.close(event.ticket, true);
    this.#keep(event, verdict.said);
  }

  #keep(event: UnderWay, said: Said): void {
    const { keeping } = this.#plan;
    if (keeping === null) return this.#report.aside(event.location, 'refused', [said]);
    const isKept = keeping.quarantine.keep(event, said, keeping.keepMs);
    const why = isKept ? said : { ...said, reason: `${said.reason}; it isn’t kept, as the quarantine is full` };
    this.#report.aside(event.location, isKept ? 'quarantined' : 'refused', [why]);
  }

  async #takeBack(event: UnderWay): Promise<void> {
    if (event.entry?.accepted.has(event.number) !== true)
      return this.#report.aside(event.location, 'ignored', [NOT_ACCEPTED]);
    const retraction = retractionOf(event.json);
    if (retraction.ok) return this.#sender.add({ ...event, json: retraction.json });
    this.#report.aside(event.location, 'refused', [retraction.fault]);
  }

  #tellOfBefore(path: string, { header, endedAt, accepted, takenBack }: Entry): void {
    const tell = (reason: string, hint: string) =>
      this.#report.note({ file: path, at: WHOLE, within: '' }, [{ field: '', reason, hint }]);
    const { mode } = this.#plan;
    if (mode === 'undo') {
      if (accepted.count === 0)
        tell(
          'is not known to have been imported in this way',
          'give the mapping and options that it was imported with',
        );
      return;
    }
    const when = endedAt ?? header.startedAt;
    if (accepted.count > 0 && mode === 'again')
      tell(`was imported before (${when})`, 'nothing to mend: all of it is sent again, as was asked for');
    else if (accepted.count > 0)
      tell(
        `was imported before (${when}): ${accepted.count} results that were accepted then aren’t sent again`,
        'nothing to mend; to send all of it once more give --again',
      );
    if (takenBack.count > 0)
      tell(
        `was taken back: ${takenBack.count} results`,
        'they count again only with a report that was issued later than before',
      );
  }
}

async function joinedEntryOf({ joined, entryWith }: FileUnderWay, tubesPath: string): Promise<Entry | null> {
  const known = joined.get(tubesPath);
  if (known !== undefined) return known;
  const entry = await entryWith(tubesPath);
  joined.set(tubesPath, entry);
  return entry;
}

const NOT_ACCEPTED: Said = {
  field: '',
  reason: 'was not accepted, so that there is nothing to take back',
  hint: 'nothing to mend',
};
