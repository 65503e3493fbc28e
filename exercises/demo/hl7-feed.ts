/**
 * One province's laboratory feed in HL7 v2, sent by `hutong import` as an operator would send it. Real sample messages
 * hold real mistakes, so some refusals are expected; they're counted by their reason.
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runHutong } from '#exercises/town/command.ts';
import { ROOT } from '#platform/folders.ts';

const FOLDER = join(ROOT, 'exercises/town/lab-results/hl7');

export interface ImportResult {
  readonly files: number;
  readonly accepted: number;
  readonly refused: number;
  /** Reasons of what wasn't accepted, the most frequent first. */
  readonly reasons: readonly (readonly [reason: string, times: number])[];
  /** 0: all accepted; 1: something refused, which is expected here; else the import itself failed. */
  readonly status: number | null;
  readonly output: string;
}

export async function importHl7(door: string, runDir: string, province: string): Promise<ImportResult> {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.hl7'))
    .sort();
  const args = [
    'import',
    '--to',
    door,
    '--run-dir',
    runDir,
    '--province',
    province,
    '--document-type',
    'passport',
    '--issuing-country',
    'USA',
    ...files.map((file) => join(FOLDER, file)),
  ];
  const { status, output } = await runHutong(args);
  return { ...readSummary(output), files: files.length, status, output };
}

/** `refused: FILE: message 1 (MSH-10 …), OBX 1: REASON. To mend: …` */
const REFUSED =
  /^refused: .*?: (?:message|line) \d+(?: \(.*?\))?(?:, [^:]+)?: (.*?)(?: \[[a-z-]+\])?(?:\. To mend.*)?$/;

/** From the table at the end and the list of what wasn't accepted. */
export function readSummary(output: string): Pick<ImportResult, 'accepted' | 'refused' | 'reasons'> {
  const cells = output.split('\n').map((line) => line.split('│').map((cell) => cell.trim()));
  const all = cells.find((row) => row[1] === 'all') ?? [];
  const reasons = new Map<string, number>();
  for (const line of output.split('\n')) {
    const reason = REFUSED.exec(line)?.[1];
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return {
    accepted: Number(all[2] ?? 0),
    refused: Number(all[4] ?? 0),
    reasons: [...reasons].sort((a, b) => b[1] - a[1]),
  };
}
