/** docs/exit-statuses.md against what each command's help says of its exit status, and against what else runs. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { ROOT } from '#platform/folders.ts';
import { hutongProgram } from '#services/cli/program.ts';
import { LOG } from '#test/support/first-edition.ts';
import { codeIn, readDocument, rowsOf } from '#test/support/markdown.ts';

const ROWS = rowsOf(readDocument('docs/exit-statuses.md')).map(([name = '', ...meanings]) => ({
  name: codeIn(name)[0] ?? name,
  meanings,
}));
const OF_COMMANDS = ROWS.filter(({ name }) => name.startsWith('hutong '));
const OF_OTHERS = ROWS.filter(({ name }) => !name.startsWith('hutong '));

/** The commands that do something, with their whole names. */
function leavesOf(command: Command, name = command.name()): { name: string; command: Command }[] {
  return command.commands.length === 0
    ? [{ name, command }]
    : command.commands.flatMap((one) => leavesOf(one, `${name} ${one.name()}`));
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
  return help;
}

/** `0 listed, 1 no Kafka, 2 wrong usage` → the meanings by their status; a meaning may hold commas too. */
function statusesIn(help: string): string[] {
  const [, said = ''] = /Exit status: ([^]*?)\.?\s*$/.exec(help) ?? [];
  const meanings: string[] = [];
  for (const [, status, meaning] of said.matchAll(/(\d) ([^]*?)(?=, \d |$)/g)) meanings[Number(status)] = meaning ?? '';
  return meanings;
}

const LEAVES = leavesOf(hutongProgram(LOG));

describe('docs/exit-statuses.md', () => {
  it('has one row for each command, and no other', () => {
    expect(OF_COMMANDS.map(({ name }) => name)).toEqual(LEAVES.map(({ name }) => name));
  });
  it.each(LEAVES)('says of $name what its help says', ({ name, command }) => {
    const said = statusesIn(helpOf(command));
    expect(said.length).toBeGreaterThanOrEqual(3);
    const row = OF_COMMANDS.find((one) => one.name === name);
    expect(row?.meanings.filter((meaning) => meaning !== '')).toEqual(said);
  });
  it('has every service, and of make only what there is', () => {
    const mains = globSync('services/*/main.ts', { cwd: ROOT });
    const others = OF_OTHERS.map(({ name }) => name);
    expect(others.filter((name) => name.endsWith('.ts')).toSorted()).toEqual(mains.toSorted());
    const makefile = readFileSync(join(ROOT, 'Makefile'), 'utf8');
    const made = others.filter((name) => name.startsWith('make ')).map((name) => name.slice('make '.length));
    expect(made.length).toBeGreaterThan(5);
    expect(made.filter((target) => !new RegExp(`^${target}:`, 'm').test(makefile))).toEqual([]);
  });
});
