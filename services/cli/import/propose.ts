/**
 * `hutong import --propose-mapping`: a mapping to begin with, and the first rows as it understands them. It must never
 * print a whole number of a document, and sends nothing.
 */

import { type Proposal, proposeMapping } from '#exchange/formats/sheet/propose.ts';
import { bytesOf } from '#exchange/formats/sheet/reader.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { tryOpen } from '#services/cli/shared/items.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { sentenceIn } from './language.ts';
import { UsageError } from './options.ts';

/** @param province `?` where nobody has said it. @returns the exit status. @throws UsageError */
export async function proposeFor(
  paths: readonly string[],
  province: string,
  asJson: boolean,
  print: Print = onConsole,
): Promise<number> {
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0) throw new UsageError('--propose-mapping is of one file');
  const opened = await tryOpen(path);
  const bytes = opened.input === null ? null : await bytesOf(opened.input.chunks(() => undefined));
  if (opened.input === null || bytes === null) {
    print(
      `${path}: ${opened.input === null ? sentenceIn(opened.fault, 'en') : 'is too long. To mend: give a part of it'}`,
    );
    return EXIT.failed;
  }
  const proposed = await proposeMapping(bytes, province);
  if (!proposed.ok) {
    print(`${path}: ${sentenceIn(proposed.fault, 'en')}`);
    return EXIT.failed;
  }
  print(JSON.stringify(proposed.value.mapping, null, 2));
  if (!asJson) for (const line of remarksOn(proposed.value)) print(line);
  return EXIT.ok;
}

function* remarksOn({ mapping, unused, rows, isLastRowOpen }: Proposal): Generator<string> {
  const open = JSON.stringify(mapping).split('"?"').length - 1;
  if (open > 0) yield `To fill: ${open} times "?". No import takes the mapping before.`;
  if (unused.length > 0) yield `Columns of no field: ${unused.join(', ')}`;
  if (isLastRowOpen) yield 'The last row has no line’s end: was the file cut, or does this sender’s program write so?';
  yield 'The first rows, as this mapping understands them:';
  for (const { at, reading } of rows) yield `${at}: ${said(reading)}`;
}

function said(reading: Proposal['rows'][number]['reading']): string {
  if (reading.kind !== 'event')
    return `${reading.kind}: ${reading.faults.map((one) => sentenceIn(one, 'en')).join('; ')}`;
  const { result, method, status, sampledAt, reportIssuedAt, sampleId, laboratory, person } = reading.event;
  const of = person.documentNumber.slice(-4);
  return (
    `${method} ${result} (${status}), sampled ${sampledAt ?? '–'}, reported ${reportIssuedAt}, sample ${sampleId} of ` +
    `${laboratory}, ${person.documentType} …${of}`
  );
}
