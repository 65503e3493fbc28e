/**
 * A folder whose files are imported one after the other: each is moved to `done` or `refused` in it, with its report.
 * It must never move a file that the door has not answered for, nor take one that is still being written.
 */

import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import type { ReportForm } from './options.ts';

/** How an import of one file ends: its exit status. */
export type ImportOne = (path: string, print: Print) => Promise<number>;

export interface FolderSettings {
  readonly form: ReportForm;
  /** Until it is stopped; otherwise until no file is left. */
  readonly isWatched: boolean;
  readonly signal: AbortSignal;
  /** Between two looks at the folder. */
  readonly lookEveryMs: number;
  /** After the door was away. */
  readonly awayMs: number;
}

export const FOLDER_DEFAULTS = { lookEveryMs: 2_000, awayMs: 30_000 } as const;

const DONE = 'done';
const REFUSED = 'refused';
const EXTENSIONS: Readonly<Record<ReportForm, string>> = { table: 'txt', csv: 'csv', json: 'json' };

/** @returns the exit status: of the files together, or 3 as soon as the door is away and nobody watches */
export async function importFolder(
  folder: string,
  importOne: ImportOne,
  settings: FolderSettings,
  print: Print,
): Promise<number> {
  const { isWatched, signal, lookEveryMs, awayMs } = settings;
  let worst: number = EXIT.ok;
  let seen = new Map<string, string>();
  while (!signal.aborted) {
    const now = await filesIn(folder);
    // One that looks as it did at the last look is no longer being written.
    const settled = [...now].filter(([name, look]) => seen.get(name) === look).map(([name]) => name);
    seen = now;
    let isAway = false;
    for (const name of settled) {
      if (signal.aborted || isAway) break;
      const status = await importIn(folder, name, now.get(name) as string, importOne, settings);
      isAway = status === EXIT.doorAway;
      if (status === EXIT.failed) worst = EXIT.failed;
      print(`${name}: ${isAway ? 'not sent: it stays' : status === EXIT.ok ? DONE : REFUSED}`);
    }
    if (isAway && !isWatched) return EXIT.doorAway;
    if (!isWatched && (await filesIn(folder)).size === 0) return worst;
    await delay(isAway ? awayMs : lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
  return worst;
}

/** By name, in their order: how each looks from outside. */
async function filesIn(folder: string): Promise<Map<string, string>> {
  const looks = new Map<string, string>();
  const entries = await readdir(folder, { withFileTypes: true });
  for (const name of entries
    .filter((entry) => entry.isFile() && !isUnfinished(entry.name))
    .map((entry) => entry.name)
    .toSorted()) {
    const look = await lookOf(join(folder, name));
    if (look !== null) looks.set(name, look);
  }
  return looks;
}

/** As programs name what they still write, and spreadsheet programs what they have open. */
function isUnfinished(name: string): boolean {
  return /^[.~]|\.(part|tmp|filepart|crdownload)$/i.test(name);
}

async function lookOf(path: string): Promise<string | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return null; // gone in the meantime
  }
}

async function importIn(
  folder: string,
  name: string,
  look: string,
  importOne: ImportOne,
  { form, signal }: FolderSettings,
): Promise<number> {
  const path = join(folder, name);
  const unfinished = join(folder, `.${name}.report.part`);
  const report = createWriteStream(unfinished, { mode: 0o600 });
  // What spreadsheet programs need to see that it is UTF-8.
  if (form === 'csv') report.write('\ufeff');
  let status: number;
  try {
    status = await importOne(path, (text) => void report.write(`${text}\n`));
  } catch (error) {
    report.destroy();
    await rm(unfinished, { force: true });
    throw error;
  }
  report.end();
  await finished(report);
  // One that grew meanwhile is imported once more; what was accepted of it is known.
  const isDone = status !== EXIT.doorAway && !signal.aborted && (await lookOf(path)) === look;
  if (!isDone) {
    await rm(unfinished);
    return status;
  }
  const target = join(folder, status === EXIT.ok ? DONE : REFUSED);
  await mkdir(target, { recursive: true });
  const free = await freeName(target, name);
  await rename(path, join(target, free));
  await rename(unfinished, join(target, `${free}.report.${EXTENSIONS[form]}`));
  return status;
}

/** The name, or the name with a number where a file of before has it. */
async function freeName(folder: string, name: string): Promise<string> {
  const taken = new Set(await readdir(folder));
  const ending = extname(name);
  const stem = name.slice(0, name.length - ending.length);
  for (let count = 1; ; count += 1) {
    const free = count === 1 ? name : `${stem}-${count}${ending}`;
    if (!taken.has(free)) return free;
  }
}
