/**
 * What `hutong import` does by its options: sends files, watches a folder, takes back, checks or proposes. It must
 * never send anything before all that it was told has been understood.
 */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY_MS } from '#core/field/time.ts';
import { TO_FILL } from '#exchange/formats/sheet/mapping.ts';
import { readConfig } from '#platform/config.ts';
import { clientAs } from '#services/cli/shared/as.ts';
import { doorUrl } from '#services/cli/shared/door-url.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { quarantineIn } from '#services/cli/shared/quarantine.ts';
import { SENDER_DEFAULTS } from '#services/cli/shared/sender.ts';
import { checkFiles } from './check.ts';
import { FOLDER_DEFAULTS, importFolder } from './folder.ts';
import { howToRead, senderOf } from './how.ts';
import { importFiles, type ImportSettings } from './import.ts';
import { judgeAt } from './judged.ts';
import { Ledger } from './ledger.ts';
import type { HowRead } from './opening.ts';
import { type ImportOptions, UsageError } from './options.ts';
import { proposeFor } from './propose.ts';

/** @returns the exit status. @throws UsageError */
export async function runImport(files: readonly string[], options: ImportOptions, print?: Print): Promise<number> {
  const asJson = options.json === true;
  if (options.proposeMapping === true) return proposeFor(files, options.province ?? TO_FILL, asJson, print);
  if (asJson && options.check !== true) throw new UsageError('--json goes with --check or --propose-mapping');
  if (options.again === true && options.undo === true) throw new UsageError('--again and --undo don’t go together');
  const paths = [...new Set(files)];
  const how = await howToRead(options);
  if (options.check === true) {
    const { clockSkewMs } = readConfig();
    return checkFiles(paths, { ...how, clockSkewMs, asJson, language: options.language }, Date.now(), print);
  }
  const folder = await folderOf(paths);
  if (folder === null && options.watch === true) throw new UsageError('--watch is of one folder');
  if (folder !== null && how.sheet?.tubes !== undefined)
    throw new UsageError('files of tubes and of people belong together: name them, not their folder');
  if (folder !== null && options.undo === true) throw new UsageError('--undo is of files: name those to take back');
  const stop = new AbortController();
  const settings = await settingsFor(how, options, stop.signal);
  const asked = () => {
    stop.abort();
    if (paths.includes('-')) process.stdin.destroy();
  };
  // The first asks, the second ends it as it would any program.
  process.once('SIGINT', asked).once('SIGTERM', asked);
  try {
    if (folder === null) return await importFiles(paths, settings, print);
    return await importFolder(
      folder,
      (path, tell) => importFiles([path], settings, tell),
      { ...FOLDER_DEFAULTS, form: options.report, isWatched: options.watch === true, signal: stop.signal },
      print ?? onConsole,
    );
  } finally {
    process.off('SIGINT', asked).off('SIGTERM', asked);
  }
}

async function folderOf(paths: readonly string[]): Promise<string | null> {
  const [path = '', ...others] = paths;
  const found = others.length > 0 ? null : await stat(path).catch(() => null);
  return found?.isDirectory() === true ? path : null;
}

async function settingsFor(how: HowRead, options: ImportOptions, signal: AbortSignal): Promise<ImportSettings> {
  const { runDir, again, undo, keepDays } = options;
  const province = how.mapping?.province;
  const as = senderOf(options, province);
  const client = as === undefined ? null : clientAs(as, runDir);
  const url = await doorOf(options);
  const mode = again === true ? 'again' : undo === true ? 'undo' : undefined;
  return {
    ...how,
    sender: {
      ...SENDER_DEFAULTS,
      url,
      retriesMax: options.retries,
      ...(client === null ? {} : { fetch: client.fetch }),
    },
    token: client?.token ?? null,
    reporting: { form: options.report, language: options.language },
    ledger: new Ledger(join(runDir, 'imports'), { url, ...how }, Date.now()),
    ...(mode === undefined ? {} : { mode }),
    keeping: {
      judge: judgeAt(Date.now, readConfig().clockSkewMs),
      quarantine: quarantineIn(runDir, Date.now),
      keepMs: keepDays * DAY_MS,
    },
    signal,
  };
}

async function doorOf({ to, runDir }: ImportOptions): Promise<string> {
  try {
    return await doorUrl(to, runDir);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}
