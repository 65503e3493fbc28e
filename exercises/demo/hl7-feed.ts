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
    '--again',
    '--report',
    'json',
    ...files.map((file) => join(FOLDER, file)),
  ];
  const { status, output } = await runHutong(args);
  return { ...readSummary(output), files: files.length, status, output };
}

interface Summary {
  readonly all: { readonly fates: Readonly<Record<'accepted' | 'refused', number>> };
  readonly files: readonly { readonly reasons: readonly Reason[] }[];
}

interface Reason {
  readonly told: string;
  readonly field: string;
  readonly reason: string;
  readonly count: number;
}

/** From its account as JSON; of an import that failed there is none. */
export function readSummary(output: string): Pick<ImportResult, 'accepted' | 'refused' | 'reasons'> {
  const summary = summaryIn(output);
  if (summary === null) return { accepted: 0, refused: 0, reasons: [] };
  const reasons = new Map<string, number>();
  for (const { told, field, reason, count } of summary.files.flatMap((file) => file.reasons)) {
    const said = `${field} ${reason}`.trim();
    if (told === 'refused') reasons.set(said, (reasons.get(said) ?? 0) + count);
  }
  const { accepted, refused } = summary.all.fates;
  return { accepted, refused, reasons: [...reasons].sort((a, b) => b[1] - a[1]) };
}

function summaryIn(output: string): Summary | null {
  try {
    return JSON.parse(output) as Summary;
  } catch {
    return null;
  }
}
