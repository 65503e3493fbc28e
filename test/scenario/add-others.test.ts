/**
 * A laboratory format, a metric and a command are added by the lists in DESIGN.md, in one copy of the project: the type
 * check passes, and each does what it is there for. So no file has to be touched that its list doesn't name.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, filesToTouch, type TemporaryTree, temporaryTree } from '#test/support/temporary-tree.ts';

let tree: TemporaryTree;
/** What each addition touched. */
const touched: Record<string, readonly string[]> = {};

beforeAll(() => {
  tree = temporaryTree();
  for (const [what, add] of Object.entries({ addFormat, addMetric, addCommand })) {
    const before = tree.touched.length;
    add();
    touched[what] = tree.touched.slice(before).toSorted();
  }
});
afterAll(() => tree[Symbol.dispose]());

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

function addFormat(): void {
  tree.write('exchange/formats/csv/README.md', '# exchange/formats/csv\nComma-separated rows. It must never guess.\n');
  tree.write('exchange/formats/csv/reader.ts', CSV);
  const table = 'exchange/readers/readers.ts';
  tree.replace(table, 'import { hl7 }', "import { csv } from '#exchange/formats/csv/reader.ts';\nimport { hl7 }");
  tree.replace(table, '{ ndjson, hl7 }', '{ ndjson, hl7, csv }');
}

function addMetric(): void {
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

function addCommand(): void {
  tree.write('services/cli/view/count.ts', COUNT);
  const file = 'services/cli/view/command.ts';
  const last = '.addCommand(sweepCommand(log, print))';
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

const hutong = (...args: readonly string[]): Promise<Ran> => tree.node('services/cli/hutong.ts', ...args);

it('all of them pass the type check', async () => {
  expect(await tree.typeCheck()).toEqual({ status: 0, output: '' });
});

it('what is added stands in the tables of docs/', async () => {
  const { status, output } = await tree.node(
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project=unit',
    'test/unit/docs/metrics.test.ts',
    'test/unit/docs/exit-statuses.test.ts',
  );
  expect([status, output]).toEqual([0, expect.stringContaining('2 passed')]);
});

describe('a laboratory format', () => {
  it('touches the files that DESIGN.md names, and no other', () => {
    expect(touched['addFormat']).toEqual(filesToTouch('A laboratory format', { format: 'csv' }).toSorted());
  });
  it('is recognised, asks for a province, and says where in the file something stands', async () => {
    tree.write('results.csv', 'sample,result\nS1,negative\nS2,\n');
    const nowhere = ['results.csv', '--to', 'http://127.0.0.1:1', '--retries', '0'];
    expect(await hutong('import', ...nowhere)).toMatchObject({
      status: 2,
      output: expect.stringContaining('results.csv is CSV'),
    });
    const { status, output } = await hutong('import', ...nowhere, '--province', '43');
    expect(status).toBe(3);
    expect(output).toContain('not sent: results.csv: row 1');
    expect(output).toContain('refused: results.csv: row 2: result is missing');
  });
});

describe('a metric', () => {
  it('touches the files that DESIGN.md names, and no other', () => {
    const files = filesToTouch('A metric', { file: 'services/lookup/answering.ts' });
    expect(touched['addMetric']).toEqual(files.toSorted());
  });
});

describe('a command', () => {
  it('touches the files that DESIGN.md names, and no other', () => {
    expect(touched['addCommand']).toEqual(filesToTouch('A command', { noun: 'view', verb: 'count' }).toSorted());
  });
  it('runs', async () => {
    expect(await hutong('view', 'count')).toEqual({ status: 0, output: 'as many as there are\n' });
  });
});
