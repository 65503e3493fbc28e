/**
 * How dead letters are printed: a table, JSON lines, and one letter with a hex dump. Prints what the record itself
 * holds, and never decodes or looks up more about a person.
 */

import Table from 'cli-table3';
import { formatTime } from '#core/field/time.ts';
import { placeText } from '#exchange/topics/letters.ts';
import { schemaIdOf } from '#exchange/topics/records.ts';
import type { Headers } from '#platform/kafka/record.ts';
import type { Letter, LetterBook, LetterRecord, Settled } from '#services/cli/shared/letter-book.ts';

export const PERSONAL_DATA =
  'These bytes may hold personal data: show, copy and keep them no longer than mending them takes.';

export function tableOf(letters: readonly Letter[], book: LetterBook): string {
  const table = new Table({
    style: { head: [], border: [] },
    head: ['letter', 'reason', 'detail', 'province', 'marks', 'bytes', 'written at', 'state'],
  });
  for (const letter of letters) {
    const { place, reason, detail, province, bytes, writtenAtMs } = letter;
    table.push([
      placeText(place),
      reason,
      detail,
      province ?? '–',
      marksText(letter),
      bytes ?? '–',
      formatTime(writtenAtMs),
      stateText(letter, book),
    ]);
  }
  return table.toString();
}

/** As data, for `--json`. */
export function letterJson(letter: Letter, book: LetterBook): object {
  const { place, reason, detail, province, marks, replays, key, bytes, writtenAtMs } = letter;
  const settled = book.settledOf(letter);
  const next = book.nextOf(letter);
  return {
    letter: placeText(place),
    ...place,
    reason,
    detail,
    province,
    marks: marks === undefined ? 'person' : { province: marks },
    hasKey: key !== null,
    bytes,
    writtenAt: formatTime(writtenAtMs),
    replays: replays === null ? null : placeText(replays),
    settled:
      settled === null
        ? null
        : { ...settledJson(settled), unreadableAgain: next === null ? null : placeText(next.place) },
  };
}

function settledJson({ settlement: { as, by, why }, at, atMs }: Settled): object {
  return { as, by, why, at: formatTime(atMs), record: at === null ? null : placeText(at) };
}

export function stateText(letter: Letter, book: LetterBook): string {
  const settled = book.settledOf(letter);
  if (settled === null) return 'open';
  const next = book.nextOf(letter);
  const { as, by, why } = settled.settlement;
  const reason = why === '' ? '' : `: ${why}`;
  const again = next === null ? '' : `; unreadable again: ${placeText(next.place)}`;
  return `${as} by ${by}, ${formatTime(settled.atMs)}${reason}${again}`;
}

function marksText({ marks }: Letter): string {
  if (marks === undefined) return 'its person';
  if (marks === 'nobody') return marks;
  return marks === null ? 'all provinces' : `province ${marks}`;
}

/** @param bytesMax of the value, in the dump */
export function letterText(letter: Letter, record: LetterRecord, book: LetterBook, bytesMax: number): string {
  const { place, reason, detail, replays } = letter;
  const { key, value, headers } = record;
  const schemaId = value === null ? null : schemaIdOf(value);
  const lines = [
    `letter    ${placeText(place)} (topic/partition/offset of the record)`,
    `reason    ${reason}: ${detail}`,
    `marks     ${marksText(letter)}`,
    `state     ${stateText(letter, book)}`,
    ...(replays === null ? [] : [`replays   ${placeText(replays)}`]),
    `written   ${formatTime(letter.writtenAtMs)}`,
    `schema id ${schemaId ?? 'none: not in wire format'}`,
    `key       ${key === null ? 'none' : `${key.toString('hex')} (${key.length} bytes)`}`,
    'headers',
    ...headerLines(headers),
    value === null ? 'value     none' : `value     ${value.length} bytes`,
    ...(value === null ? [] : hexDump(value.subarray(0, bytesMax))),
    ...(value === null || value.length <= bytesMax
      ? []
      : [`  … ${value.length - bytesMax} more bytes: --bytes ${value.length}, or --json for all of them`]),
    PERSONAL_DATA,
  ];
  return lines.join('\n');
}

function headerLines(headers: Headers): string[] {
  return Object.entries(headers).map(
    ([name, value]) =>
      `  ${printable(name)}: ${[value ?? '']
        .flat()
        .map((each) => printable(each.toString()))
        .join(' | ')}`,
  );
}

/** A record may hold anything: nothing in it may move the terminal's cursor. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '·');
}

const ROW_BYTES = 16;

/** As `hexdump -C`: offset, bytes, and what is printable ASCII of them. */
export function hexDump(bytes: Buffer): string[] {
  return Array.from({ length: Math.ceil(bytes.length / ROW_BYTES) }, (_, row) => {
    const of = bytes.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES);
    const hex = [...of].map((byte) => byte.toString(16).padStart(2, '0'));
    const ascii = of.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '.');
    return `  ${(row * ROW_BYTES).toString(16).padStart(8, '0')}  ${hex.join(' ').padEnd(3 * ROW_BYTES)} |${ascii}|`;
  });
}
