/**
 * The account of an import as a table, as CSV or as JSON. CSV and JSON hold every reason, with how often it was said
 * and its first places. The table leaves them out: they were listed line by line before it.
 */

import Table from 'cli-table3';
import { type Fate, FATES, type FileSum } from './account.ts';
import { textIn, wordsIn } from './language.ts';
import type { Language, ReportForm } from './options.ts';

export function printed(files: readonly FileSum[], form: ReportForm, language: Language): string {
  if (form === 'table') return asTable(files, language);
  return form === 'csv' ? asCsv(files, language) : JSON.stringify(asJson(files, language), null, 2);
}

function asTable(files: readonly FileSum[], language: Language): string {
  const words = wordsIn(language);
  const all = sumOf(files, words.all);
  // Those that are rare have a column where there is one to name.
  const shown = FATES.filter((fate) => (fate !== 'ignored' && fate !== 'quarantined') || all.fates[fate] > 0);
  const table = new Table({
    head: [words.file, words.results, ...shown.map((fate) => words.fates[fate]), words.faults],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    colAligns: ['left', ...Array.from({ length: shown.length + 2 }, () => 'right' as const)],
  });
  const row = ({ file, results, fates, faults }: FileSum) => [
    file,
    results,
    ...shown.map((fate) => fates[fate]),
    faults,
  ];
  for (const file of files) table.push(row(file));
  if (files.length > 1) table.push(row(all));
  return table.toString();
}

function sumOf(files: readonly FileSum[], name: string): FileSum {
  const sum = (of: (file: FileSum) => number) => files.reduce((total, file) => total + of(file), 0);
  return {
    file: name,
    records: sum(({ records }) => records),
    results: sum(({ results }) => results),
    fates: Object.fromEntries(FATES.map((fate) => [fate, sum(({ fates }) => fates[fate])])) as Record<Fate, number>,
    faults: sum(({ faults }) => faults),
    reasons: [],
  };
}

/** First the sums of a file, then its reasons, so that whoever sums up by hand sees both. */
function asCsv(files: readonly FileSum[], language: Language): string {
  const words = wordsIn(language);
  const { file, what, count, field, reason, mend, places } = words;
  const rows: (readonly (string | number)[])[] = [[file, what, count, field, reason, mend, places]];
  for (const of of files) {
    const sums: readonly (readonly [string, number])[] = [
      [words.records, of.records],
      [words.results, of.results],
      ...FATES.map((fate) => [words.fates[fate], of.fates[fate]] as const),
      [words.faults, of.faults],
    ];
    for (const [name, number] of sums) rows.push([of.file, name, number, '', '', '', '']);
    for (const one of of.reasons)
      rows.push([
        of.file,
        words.fates[one.told],
        one.count,
        one.field,
        textIn(one.reason, language) + (one.code === undefined || one.code === '' ? '' : ` [${one.code}]`),
        textIn(one.hint, language),
        one.places.map(words.place).join('; '),
      ]);
  }
  return rows.map((row) => row.map(cell).join(',')).join('\r\n');
}

/** A text that begins like a formula is none: a file's name may. */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function asJson(files: readonly FileSum[], language: Language): object {
  const spoken = files.map((file) => ({
    ...file,
    reasons: file.reasons.map((one) => ({
      ...one,
      reason: textIn(one.reason, language),
      hint: textIn(one.hint, language),
      places: one.places.map(wordsIn(language).place),
    })),
  }));
  const { records, results, fates, faults } = sumOf(files, '');
  return { files: spoken, all: { records, results, fates, faults } };
}
