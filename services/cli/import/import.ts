/**
 * An import from beginning to end: reads the files one after the other, turns their lines and messages into events,
 * sends them, and reports on all. Memory is bounded whatever the files hold. Reads no environment.
 */

import type { Item, MappingSettings } from '#exchange/formats/reader.ts';
import type { SheetMapping } from '#exchange/formats/sheet/mapping.ts';
import { type Format, READERS } from '#exchange/readers/readers.ts';
import type { Input } from '#services/cli/shared/input.ts';
import { itemsOf, itemsOfSheet, lacksProvince, type Opened, tryOpen, WHOLE } from '#services/cli/shared/items.ts';
import { Sender, type SenderSettings } from '#services/cli/shared/sender.ts';
import { wordsIn } from './language.ts';
import { startProgress } from './progress.ts';
import { AS_TABLE, ImportReport, type Reporting } from './report.ts';

export interface ImportSettings {
  readonly sender: Omit<SenderSettings, 'token'>;
  /** Of who sends; null when nobody was named. */
  readonly token: SenderSettings['token'] | null;
  /** Null to go by each file's content. */
  readonly format: Format | null;
  /** Null when no province was given: enough where the events name it. */
  readonly mapping: MappingSettings | null;
  /** Of who sends spreadsheets: all files are then of this sender's. */
  readonly sheet?: SheetMapping | undefined;
  readonly reporting?: Reporting;
}

/** A mistake in how the command was called; nothing has been sent. */
export class UsageError extends Error {}

/** @returns the exit status. @throws UsageError */
export async function importFiles(
  paths: readonly string[],
  settings: ImportSettings,
  print?: (line: string) => void,
): Promise<number> {
  const opened = await openAll(paths, settings);
  const { token } = settings;
  if (token === null)
    throw new UsageError('say as whom to send: --as with a client, such as province-43, or --province');

  const progress = startProgress(
    opened.reduce((sum, { input }) => sum + (input?.sizeBytes ?? 0), 0),
    () => report.account,
  );
  const reporting = settings.reporting ?? AS_TABLE;
  const report = new ImportReport(paths, print ?? progress.print, reporting);
  const sender = new Sender({ ...settings.sender, token }, (event, result) => report.result(event, result));
  try {
    for (const one of opened) {
      if (one.input === null) report.fileFault({ file: one.path, at: WHOLE, within: '' }, one.fault);
      else
        for await (const item of readAs(one.input, settings, progress.read)) await take(item, one.path, report, sender);
    }
    await sender.finish();
  } finally {
    progress.stop();
  }
  report.printSummary();
  if (sender.away !== null && reporting.form === 'table')
    (print ?? progress.print)(wordsIn(reporting.language).doorAway(settings.sender.url, sender.away));
  return report.exitStatus(sender.away);
}

export type HowRead = Pick<ImportSettings, 'format' | 'mapping' | 'sheet'>;

/** @throws UsageError where a file's province can't be known */
export async function openAll(paths: readonly string[], how: HowRead): Promise<readonly Opened[]> {
  const opened = await Promise.all(paths.map(tryOpen));
  for (const { path, input } of how.mapping === null && how.sheet === undefined ? opened : []) {
    const format = input === null ? null : lacksProvince(input, how.format);
    if (format !== null)
      throw new UsageError(
        `${path} is ${READERS[format].title}, which doesn’t name the publishing province: give --province with its ` +
          'two-digit code',
      );
  }
  return opened;
}

export function readAs(
  input: Input,
  { format, mapping, sheet }: HowRead,
  onRead?: (bytes: number) => void,
): AsyncGenerator<Item> {
  return sheet === undefined ? itemsOf(input, format, mapping, onRead) : itemsOfSheet(input, sheet, onRead);
}

async function take(item: Item, file: string, report: ImportReport, sender: Sender): Promise<void> {
  if (item.kind === 'file_fault') return report.fileFault({ file, at: item.at, within: '' }, item.fault);
  const location = { file, at: item.at, within: item.within };
  report.account.read(file, item.at);
  if (item.kind === 'event') return sender.add({ json: item.json, location, origins: item.origins });
  if (item.kind === 'note') report.note(location, item.faults);
  else report.aside(location, item.kind, item.faults);
}
