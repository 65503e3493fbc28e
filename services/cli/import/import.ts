/**
 * An import from beginning to end: reads the files one after the other, turns their lines and messages into events,
 * sends them, and reports on all. Memory is bounded whatever the files hold. Reads no environment.
 */

import { type MappedMessage, mapMessage } from '#exchange/formats/hl7/map-message.ts';
import type { MappingSettings } from '#exchange/formats/hl7/map-result.ts';
import { HL7_MESSAGE_BYTES_MAX, isHl7LineBreak, splitMessages } from '#exchange/formats/hl7/split.ts';
import { splitLines } from '#exchange/formats/lines.ts';
import { isNdjsonLineBreak, NDJSON_LINE_BYTES_MAX, readNdjsonLine } from '#exchange/formats/ndjson.ts';
import { type Format, type Input, openInput } from './input.ts';
import { startProgress } from './progress.ts';
import { ImportReport } from './report.ts';
import { Sender, type SenderSettings } from './sender.ts';

export interface ImportSettings {
  readonly sender: SenderSettings;
  /** Null to go by each file's content. */
  readonly format: Format | null;
  /** Null when no province was given: enough for NDJSON. */
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
  const hl7 = opened.find(({ input }) => input !== undefined && formatOf(input) === 'hl7');
  if (hl7 !== undefined && settings.mapping === null) {
    throw new UsageError(
      `${hl7.path} is HL7, which doesn’t name the publishing province: give --province with its two-digit code`,
    );
  }

  const progress = startProgress(
    opened.reduce((sum, { input }) => sum + (input?.sizeBytes ?? 0), 0),
    () => report.total,
  );
  const report = new ImportReport(paths, print ?? progress.print);
  const sender = new Sender(settings.sender, (event, result) => report.result(event, result));
  try {
    for (const { path, input, why } of opened) {
      if (input === undefined)
        report.fileFault(
          { file: path, at: 'the file', within: '' },
          { field: '', reason: `can’t be opened (${why})`, hint: 'check its name and its permissions' },
        );
      else await readInput(input, formatOf(input), settings, report, sender, progress.read);
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

async function readInput(
  input: Input,
  format: Format | null,
  settings: ImportSettings,
  report: ImportReport,
  sender: Sender,
  onRead: (bytes: number) => void,
): Promise<void> {
  const whole = { file: input.path, at: 'the file', within: '' };
  try {
    if (format === 'ndjson') await readNdjson(input, report, sender, onRead);
    else if (format === 'hl7' && settings.mapping !== null)
      await readHl7(input, settings.mapping, report, sender, onRead);
    else
      report.fileFault(whole, {
        field: '',
        reason: 'looks neither like NDJSON nor like HL7 v2',
        hint: 'if it is one of them, say so with --format',
      });
  } catch (error) {
    // The file system or the unpacking: what came before has been taken, so the file's remainder is the fault.
    report.fileFault(whole, {
      field: '',
      reason: `can’t be read to its end (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      hint: 'fetch it again and import it once more; what was accepted becomes a duplicate',
    });
  }
}

async function readNdjson(
  input: Input,
  report: ImportReport,
  sender: Sender,
  onRead: (bytes: number) => void,
): Promise<void> {
  for await (const line of splitLines(input.chunks(onRead), isNdjsonLineBreak, NDJSON_LINE_BYTES_MAX)) {
    const location = { file: input.path, at: `line ${line.number}`, within: '' };
    const read = readNdjsonLine(line);
    if (!read.ok) report.refused(location, [read.fault]);
    else if (read.value !== null) await sender.add({ json: read.value, location, origins: {} });
  }
}

async function readHl7(
  input: Input,
  mapping: MappingSettings,
  report: ImportReport,
  sender: Sender,
  onRead: (bytes: number) => void,
): Promise<void> {
  for await (const item of splitMessages(splitLines(input.chunks(onRead), isHl7LineBreak, HL7_MESSAGE_BYTES_MAX))) {
    if (item.kind === 'message')
      await sendMessage(input.path, item.number, mapMessage(item.bytes, mapping), report, sender);
    if (item.kind === 'file_fault') report.fileFault({ file: input.path, at: item.at, within: '' }, item.fault);
    if (item.kind === 'oversize') {
      report.refused({ file: input.path, at: `message ${item.number}`, within: '' }, [
        {
          field: '',
          reason: `is longer than ${HL7_MESSAGE_BYTES_MAX} bytes`,
          hint: 'send it without attached documents',
        },
      ]);
    }
  }
}

async function sendMessage(
  file: string,
  number: number,
  mapped: MappedMessage,
  report: ImportReport,
  sender: Sender,
): Promise<void> {
  const at = `message ${number} (${mapped.controlId === '' ? 'no MSH-10' : `MSH-10 ${mapped.controlId}`})`;
  for (const { within, faults } of mapped.notes) report.note({ file, at, within }, faults);
  for (const { within, faults } of mapped.refused) report.refused({ file, at, within }, faults);
  for (const { within, event, origins } of mapped.events)
    await sender.add({ json: JSON.stringify(event), location: { file, at, within }, origins });
}
