/**
 * A kind of clause, a laboratory format, an event type, a metric and a command are added by the lists in DESIGN.md, in
 * one copy of the project: the type check passes, and each does what it is there for. So no file has to be touched that
 * its list doesn't name.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLAUSE_KINDS } from '#core/clauses/clause-text.ts';
import { addClauseKind, CASES, RULE } from '#test/support/adding/clause-kind.ts';
import { addEventType, journey } from '#test/support/adding/event-type.ts';
import { addCommand, addFormat, addMetric } from '#test/support/adding/others.ts';
import { filesToTouch, type Ran, type TemporaryTree, temporaryTree } from '#test/support/temporary-tree.ts';

interface Published {
  readonly $defs: { readonly clause: { readonly oneOf: readonly PublishedKind[] } };
}

interface PublishedKind {
  readonly properties: { readonly kind: { readonly const: string } };
}

let tree: TemporaryTree;
let nextView: number;
/** What each addition touched. */
const touched = new Map<string, readonly string[]>();

async function add(what: string, addIt: () => unknown): Promise<void> {
  const before = tree.touched.length;
  await addIt();
  touched.set(what, tree.touched.slice(before).toSorted());
}

beforeAll(async () => {
  tree = temporaryTree();
  await add('A kind of clause', async () => addClauseKind(tree));
  await add('A laboratory format', () => addFormat(tree));
  await add('A metric', () => addMetric(tree));
  await add('A command', () => addCommand(tree));
  await add('An event type', () => (nextView = addEventType(tree)));
});
afterAll(() => tree[Symbol.dispose]());

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

describe('what DESIGN.md says of', () => {
  it.each([
    ['A kind of clause', { kind: 'tested-since' }],
    ['A laboratory format', { format: 'csv' }],
    ['An event type', { 'event-type': 'contact-recorded' }],
    ['A metric', { file: 'services/lookup/answering.ts' }],
    ['A command', { noun: 'view', verb: 'count' }],
  ])('%s names each file that it takes, and no other', (what, names) => {
    const files = filesToTouch(what, { ...names, n: String(nextView) });
    expect(touched.get(what)).toEqual(files.toSorted());
  });
});

describe('a kind of clause', () => {
  it('is known to editors', () => {
    const { $defs } = JSON.parse(readFileSync(join(tree.root, 'schemas/policy/rule.schema.json'), 'utf8')) as Published;
    const kinds = $defs.clause.oneOf.map(({ properties }) => properties.kind.const);
    expect(kinds).toContain('tested_since');
    expect(kinds).toHaveLength(CLAUSE_KINDS.length + 1);
  });
  it('judges as the cases of a rule say', async () => {
    tree.write('policies/43-hunan/made-up-v1.json', JSON.stringify(RULE));
    tree.write('policies/43-hunan/made-up.cases.json', JSON.stringify(CASES));
    const { status, output } = await hutong('policy', 'check');
    expect([status, output]).toEqual([0, expect.stringContaining('failed')]);
  });
  it('is refused where it is faulty, at its place', async () => {
    const faulty = { ...RULE, clauses: [{ ...RULE.clauses[0], day: '2020-01-32' }] };
    tree.write('policies/43-hunan/made-up-v1.json', JSON.stringify(faulty));
    const { status, output } = await hutong('policy', 'check');
    expect([status, output]).toEqual([1, expect.stringContaining('/clauses/0/day: is no day')]);
  });
});

describe('an event type', () => {
  it('goes from the door to the stored view as the oracle says, and views from before it are read', async () => {
    tree.write('journey.mts', journey());
    const { status, output } = await tree.node('journey.mts');
    expect([status, output]).toEqual([0, expect.stringContaining('contacts')]);
    expect(JSON.parse(output)).toEqual({
      contacts: ['C1'],
      isAsTheOracleSays: true,
      changesTwice: false,
      contactsOfAFormerView: [],
    });
  });
});

describe('a laboratory format', () => {
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

describe('a command', () => {
  it('runs', async () => {
    expect(await hutong('view', 'count')).toEqual({ status: 0, output: 'as many as there are\n' });
  });
});
