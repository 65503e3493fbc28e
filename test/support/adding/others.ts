/** A laboratory format, a metric and a command, as somebody adds them by the lists in DESIGN.md. */

import type { TemporaryTree } from '#test/support/temporary-tree.ts';

/** Rows of a name and a result, one a line. */
const CSV = `/** A file of comma-separated rows, the head first. It never guesses a column. */

import { splitLines } from '#exchange/formats/lines.ts';
import type { FormatReader, Item } from '#exchange/formats/reader.ts';

export const csv = {
  title: 'CSV',
  begins: (line: string): boolean => line.startsWith('sample,result'),
  needsMapping: true,
  read,
} as const satisfies FormatReader;

async function* read(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Item> {
  for await (const { number, bytes } of splitLines(chunks, (byte) => byte === 0x0a, 1_000)) {
    const place = { at: \`row \${number - 1}\`, within: '' };
    const [sampleId = '', result = ''] = Buffer.from(bytes).toString().split(',');
    if (number === 1) continue;
    if (result === '')
      yield { kind: 'refused', ...place, faults: [{ field: 'result', reason: 'is missing', hint: 'write one' }] };
    else yield { kind: 'event', ...place, json: JSON.stringify({ sampleId, result }), origins: {} };
  }
}
`;

export function addFormat(tree: TemporaryTree): void {
  tree.write('exchange/formats/csv/README.md', '# exchange/formats/csv\nComma-separated rows. It must never guess.\n');
  tree.write('exchange/formats/csv/reader.ts', CSV);
  const table = 'exchange/readers/readers.ts';
  tree.replace(table, 'import { fhir }', "import { csv } from '#exchange/formats/csv/reader.ts';\nimport { fhir }");
  tree.replace(table, '{ ndjson, hl7, fhir }', '{ ndjson, hl7, fhir, csv }');
}

export function addMetric(tree: TemporaryTree): void {
  tree.replace(
    'platform/metrics.ts',
    '  hutong_lookup_duration_seconds: {',
    "  hutong_made_up_total: { kind: 'counter', help: 'Made up. Look at none.', labels: [] },\n" +
      '  hutong_lookup_duration_seconds: {',
  );
  const measured = "metrics.histogram('hutong_lookup_duration_seconds').observe(";
  tree.replace(
    'services/lookup/answering.ts',
    measured,
    `metrics.counter('hutong_made_up_total').inc();\n    ${measured}`,
  );
  const row = '| `hutong_lookup_duration_seconds` ';
  tree.replace('docs/metrics.md', row, `| \`hutong_made_up_total\` | counter |  | Made up. | Look at none. |\n${row}`);
}

const COUNT = `/** \`hutong view count\`: says how many. It reads nothing. */

import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';

export function countAll(print: Print): number {
  print('as many as there are');
  return EXIT.ok;
}
`;

const COUNT_COMMAND = `
function countCommand(print: Print): Command {
  return new Command('count')
    .description('say how many there are')
    .addHelpText('after', '\\nExit status: 0 said, 1 nobody knows, 2 wrong usage.')
    .action(async () => {
      process.exitCode = await withMessage(print, async () => countAll(print));
    });
}

function rebuildCommand(`;

export function addCommand(tree: TemporaryTree): void {
  tree.write('services/cli/view/count.ts', COUNT);
  const file = 'services/cli/view/command.ts';
  const last = '.addCommand(atCommand(log, print))';
  tree.replace(file, last, `${last}\n    .addCommand(countCommand(print))`);
  tree.replace(file, '\nfunction rebuildCommand(', COUNT_COMMAND);
  tree.replace(file, '\nconst VIEW =', "import { countAll } from './count.ts';\n\nconst VIEW =");
  const row = '| `hutong log republish` ';
  tree.replace(
    'docs/exit-statuses.md',
    row,
    `| \`hutong view count\` | said | nobody knows | wrong usage |  |\n${row}`,
  );
}
