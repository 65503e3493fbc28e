/**
 * An import from beginning to end: reads the files one after the other, turns their lines and messages into events,
 * sends them, and reports on all. Memory is bounded whatever the files hold. Reads no environment.
 */

import { WHOLE } from '#services/cli/shared/items.ts';
import { Sender, type SenderSettings } from '#services/cli/shared/sender.ts';
import { wordsIn } from './language.ts';
import { groupsOf, openAll, readGroup } from './opening.ts';
import { UsageError } from './options.ts';
import { startProgress } from './progress.ts';
import { AS_TABLE, ImportReport, type Reporting } from './report.ts';
import { type Keeping, type Remembering, Sending, type UnderWay } from './sending.ts';

export interface ImportSettings extends Remembering {
  readonly sender: Omit<SenderSettings, 'token'>;
  /** Of who sends; null when nobody was named. */
  readonly token: SenderSettings['token'] | null;
  readonly reporting?: Reporting;
  /** Send what was accepted before once more, or take it back. */
  readonly mode?: 'again' | 'undo';
  readonly keeping?: Keeping;
  readonly nowMs?: () => number;
  /** Ends the import before the files do; what is under way then still gets its answer. */
  readonly signal?: AbortSignal;
  readonly standardInput?: AsyncIterable<Uint8Array>;
}

/** @returns the exit status. @throws UsageError */
export async function importFiles(
  paths: readonly string[],
  settings: ImportSettings,
  print?: (line: string) => void,
): Promise<number> {
  const opened = await openAll(paths, settings, settings.standardInput);
  const { token, mode, reporting = AS_TABLE } = settings;
  if (token === null)
    throw new UsageError('say as whom to send: --as with a client, such as province-43, or --province');

  const progress = startProgress(
    opened.reduce((sum, { input }) => sum + (input?.sizeBytes ?? 0), 0),
    () => report.account,
  );
  const say = print ?? progress.print;
  const report = new ImportReport(
    opened.map(({ path }) => path),
    say,
    reporting,
  );
  const sender = new Sender<UnderWay>({ ...settings.sender, token }, (event, result) =>
    sending.answered(event, result),
  );
  const sending = new Sending(sender, report, { mode: mode ?? 'send', keeping: settings.keeping ?? null });
  const isStopped = () => settings.signal?.aborted === true;
  const nowAsText = () => new Date((settings.nowMs ?? Date.now)()).toISOString();
  try {
    for (const one of opened)
      if (one.input === null) report.fileFault({ file: one.path, at: WHOLE, within: '' }, one.fault);
    for (const group of groupsOf(opened, settings)) {
      if (isStopped()) break;
      for (const input of group) await sending.begin(input, settings, nowAsText());
      for await (const { path, tubesPath, item } of readGroup(group, settings, progress.read)) {
        if (isStopped()) break;
        await sending.take(item, path, tubesPath);
      }
      if (!isStopped()) for (const { path } of group) sending.wasRead(path);
    }
    await sender.finish();
  } finally {
    progress.stop();
  }
  sending.end(nowAsText());
  report.printSummary();
  if (sender.away !== null && reporting.form === 'table')
    say(wordsIn(reporting.language).doorAway(settings.sender.url, sender.away));
  return report.exitStatus(sender.away);
}
