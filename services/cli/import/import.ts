/**
 * An import from beginning to end: reads the files one after the other, turns their lines and messages into events,
 * sends them, and reports on all. Memory is bounded whatever the files hold. Reads no environment.
 */

import type { Item, MappingSettings } from '#exchange/formats/reader.ts';
import { type Format, FORMATS, READERS } from '#exchange/readers/readers.ts';
import { type Input, openInput } from './input.ts';
import { startProgress } from './progress.ts';
import { ImportReport } from './report.ts';
import { Sender, type SenderSettings } from './sender.ts';

export interface ImportSettings {
  readonly sender: Omit<SenderSettings, 'token'>;
  /** Of who sends; null when nobody was named. */
  readonly token: SenderSettings['token'] | null;
  /** Null to go by each file's content. */
  readonly format: Format | null;
  /** Null when no province was given: enough where the events name it. */
  readonly mapping: MappingSettings | null;
}

/** A mistake in how the command was called; nothing has been sent. */
export class UsageError extends Error {}

/** @returns the exit status. @throws UsageError */
export async function importFiles(
  paths: readonly string[],
  settings: ImportSettings,
  print?: (line: string) => void,
): Promise<number> {
  const opened = await Promise.all(paths.map(async (path) => ({ path, ...(await tryOpen(path)) })));
  const formatOf = (input: Input): Format | null => settings.format ?? input.format;
  for (const { path, input } of settings.mapping === null ? opened : []) {
    const format = input === undefined ? null : formatOf(input);
    if (format !== null && READERS[format].needsMapping)
      throw new UsageError(
        `${path} is ${READERS[format].title}, which doesn’t name the publishing province: give --province with its ` +
          'two-digit code',
      );
  }

  const { token } = settings;
  if (token === null)
    throw new UsageError('say as whom to send: --as with a client, such as province-43, or --province');

  const progress = startProgress(
    opened.reduce((sum, { input }) => sum + (input?.sizeBytes ?? 0), 0),
    () => report.total,
  );
  const report = new ImportReport(paths, print ?? progress.print);
  const sender = new Sender({ ...settings.sender, token }, (event, result) => report.result(event, result));
  try {
    for (const { path, input, why } of opened) {
      if (input === undefined)
        report.fileFault(
          { file: path, at: 'the file', within: '' },
          { field: '', reason: `can’t be opened (${why})`, hint: 'check its name and its permissions' },
        );
      else await readInput(input, formatOf(input), settings.mapping, report, sender, progress.read);
    }
    await sender.finish();
  } finally {
    progress.stop();
  }
  report.printSummary();
  if (sender.away !== null)
    (print ?? progress.print)(`The door at ${settings.sender.url} is not available: ${sender.away}.`);
  return report.exitStatus(sender.away);
}

async function tryOpen(path: string): Promise<{ readonly input?: Input; readonly why?: string }> {
  try {
    return { input: await openInput(path) };
  } catch (error) {
    return { why: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  }
}

const NO_FORMAT = {
  field: '',
  reason: `looks neither like ${FORMATS.map((name) => READERS[name].title).join(' nor like ')}`,
  hint: 'if it is one of them, say so with --format',
};

function itemsOf(
  format: Format,
  chunks: AsyncIterable<Uint8Array>,
  mapping: MappingSettings | null,
): AsyncGenerator<Item> {
  const reader = READERS[format];
  if (!reader.needsMapping) return reader.read(chunks);
  if (mapping === null) throw new UsageError(`${reader.title} needs a province`);
  return reader.read(chunks, mapping);
}

async function readInput(
  input: Input,
  format: Format | null,
  mapping: MappingSettings | null,
  report: ImportReport,
  sender: Sender,
  onRead: (bytes: number) => void,
): Promise<void> {
  const whole = { file: input.path, at: 'the file', within: '' };
  try {
    if (format === null) return report.fileFault(whole, NO_FORMAT);
    for await (const item of itemsOf(format, input.chunks(onRead), mapping))
      await take(item, input.path, report, sender);
  } catch (error) {
    // The file system or the unpacking: what came before has been taken, so the file's remainder is the fault.
    report.fileFault(whole, {
      field: '',
      reason: `can’t be read to its end (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      hint: 'fetch it again and import it once more; what was accepted becomes a duplicate',
    });
  }
}

async function take(item: Item, file: string, report: ImportReport, sender: Sender): Promise<void> {
  if (item.kind === 'file_fault') return report.fileFault({ file, at: item.at, within: '' }, item.fault);
  const location = { file, at: item.at, within: item.within };
  if (item.kind === 'event') return sender.add({ json: item.json, location, origins: item.origins });
  if (item.kind === 'note') report.note(location, item.faults);
  else report.refused(location, item.faults);
}
