/**
 * `hutong policy`: what it prints of the rules that ship, and of faulty ones.
 */

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { POLICIES } from '#platform/folders.ts';
import { ChangeableRules } from '#test/support/policies.ts';
import { run } from './run-policy.ts';

const SHIPPED = POLICIES;
const rules = new ChangeableRules();
const { folder } = rules;
afterEach(() => {
  process.exitCode = undefined;
  rules.putRight();
});
afterAll(() => rules.remove());

describe('hutong policy check', () => {
  it('finds nothing wrong with the rules that ship', async () => {
    const { status, said } = await run('check', SHIPPED);
    expect(status).toBe(0);
    expect(said).toContain('provinces with own rules');
    expect(said).toContain('No fault: every case is answered as expected.');
  });
  it('said after each of many remarks what to do, the same each time: it is said once for all of a kind', async () => {
    const { said } = await run('check', SHIPPED);
    expect(said.match(/To do: read one; until then answers say so/g)).toHaveLength(1);
    expect(said.match(/the outcome stays, and the answer says that one may not go in/g)).toHaveLength(1);
  });
  it('prints the days without a rule, and remarks where no source was read for them', async () => {
    const { said } = await run('check', SHIPPED);
    expect(said).toMatch(/│ 44 +│ public_place +│ 2022-01-01 – 2022-03-27 +│ 2022-01-01 – 2022-03-27 +│/);
    expect(said).toMatch(
      /remark: 13-hebei\/province\.json:\d+:\d+ \/noneKnown\/\d+: no source was read for hospital from /,
    );
  });
  it('refuses a gap that nobody tells of', async () => {
    const file = join(folder, '44-guangdong/public-place-v3.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"from": "2022-07-29', '"from": "2022-07-30'));
    const { status, said } = await run('check', folder);
    expect([status, said]).toEqual([
      1,
      expect.stringMatching(
        /44-guangdong\/province\.json:\d+:\d+ \/noneKnown: says nothing of public_place from 2022-07-29/,
      ),
    ]);
  });
  it('names file, line, field and mend', async () => {
    const file = join(folder, '44-guangdong/public-place-v3.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"from": "all"', '"from": ["44"]'));
    const before = text.slice(0, text.indexOf('"from": "all"')).split('\n');
    const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
    const { status, said } = await run('check', folder);
    expect(status).toBe(1);
    expect(said).toContain(
      `44-guangdong/public-place-v3.json:${place} /clauses/0/from: takes results of named provinces only ` +
        'after the national notice of 29 July 2022; write "all"',
    );
  });
  it('runs the cases', async () => {
    const file = join(folder, '44-guangdong/public-place-v3.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"length": 48', '"length": 47'));
    const { status, said } = await run('check', folder);
    expect(status).toBe(1);
    const theCase =
      /44-guangdong\/public-place\.cases\.json:\d+:5 "version 3, report_48h: the last second that counts"/;
    expect(said).toMatch(new RegExp(`${theCase.source}: outcome: expected "recognised", answered "not_recognised"`));
  });
});

describe('hutong policy check of cases', () => {
  const CASES = '44-guangdong/public-place.cases.json';
  async function changed(
    from: string | RegExp,
    to: string,
    file = CASES,
  ): Promise<{ readonly status: number; readonly said: string }> {
    const text = await readFile(join(folder, file), 'utf8');
    expect(text).toMatch(from);
    await writeFile(join(folder, file), text.replace(from, to));
    return run('check', folder);
  }

  it.each([
    [
      'a comma too many ended the command with a stack that named no file',
      /\]\s*\}\s*$/,
      '],}',
      /44-guangdong\/public-place\.cases\.json:\d+:\d+: has a comma with nothing after it; take the comma out/,
    ],
    [
      'no cases had neither line nor mend',
      /"cases": \[[\s\S]*\]/,
      '"cases": []',
      /public-place\.cases\.json:3:3 \/cases: holds too little; put 1 or more into it/,
    ],
    [
      'a field that is none was not named',
      '"name":',
      '"naem": 1, "name":',
      /public-place\.cases\.json:\d+:\d+ \/cases\/0\/naem: is not a field of the format/,
    ],
    [
      '30 February ended the command, without a file',
      /"at": "[^"]+"/,
      '"at": "2022-02-30T00:00:00+08:00"',
      /public-place\.cases\.json:\d+:\d+ \/cases\/0\/at: is no time; give one of the calendar/,
    ],
    [
      '30 February in a history',
      /"reportIssuedAt": "[^"]+"/,
      '"reportIssuedAt": "2022-02-30T00:00:00+08:00"',
      /public-place\.cases\.json:\d+:\d+ \/cases\/0\/history\/tests\/0\/reportIssuedAt: is no time/,
    ],
    [
      '30 February in an occasion',
      '"expect":',
      '"occasion": { "arrivedAt": "2022-02-30T00:00:00+08:00" }, "expect":',
      /public-place\.cases\.json:\d+:\d+ \/cases\/0\/occasion\/arrivedAt: is no time/,
    ],
    [
      'a case about a version that isn’t there passed unseen',
      '"version": 1',
      '"version": 9',
      /\/expect\/version: there is no version 9 of 44\/public-place; name one that is there/,
    ],
    [
      'cases of another rule than their file’s',
      '"rule": "44/public-place"',
      '"rule": "44/entry"',
      new RegExp(
        /public-place\.cases\.json:2:3 \/rule: does not agree with the file’s place/.source +
          /; move it to 44-<name>\/entry\.cases\.json/.source,
      ),
    ],
  ])('%s', async (_name, from, to, message) => {
    const { status, said } = await changed(from, to);
    expect([status, said]).toEqual([1, expect.stringMatching(message)]);
  });
  it('a rule without any case passed', async () => {
    await rm(join(folder, CASES));
    const { status, said } = await run('check', folder);
    expect([status, said]).toEqual([
      1,
      expect.stringContaining(
        '44-guangdong/public-place-v1.json:3:3 /version: has no case; ' +
          'add some to 44-guangdong/public-place.cases.json',
      ),
    ]);
    expect(said).toContain('6 faults');
  });
  it('a case for which there is no rule ended the command', async () => {
    const { status, said } = await changed(/"at": "[^"]+"/, '"at": "2019-01-01T00:00:00+08:00"');
    expect([status, said]).toEqual([
      1,
      expect.stringMatching(/public-place\.cases\.json:\d+:\d+ ".*": rule: expected 44\/public-place, answered none/),
    ]);
  });
});

describe('what a user can do wrong is said in a sentence, never as a stack:', () => {
  const written = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };

  it.each([
    [
      'a folder that isn’t there',
      ['check', 'FOLDER/none'],
      'FOLDER/none is not there\nTo mend: name the folder that holds the rules',
    ],
    ['a file for a folder', ['check', 'FOLDER/bad.json'], 'FOLDER/bad.json is not a folder'],
    [
      'a folder to publish that isn’t there',
      ['publish', 'FOLDER/none', '--by', 'x', '--kafka', '127.0.0.1:1'],
      'FOLDER/none is not there',
    ],
    [
      'folders to compare that aren’t there',
      ['diff', 'FOLDER/none', 'FOLDER/none', '--redis', '127.0.0.1:1'],
      'FOLDER/none is not there',
    ],
    [
      'a history that isn’t there',
      ['explain', '44', '--history', 'FOLDER/none.json'],
      'FOLDER/none.json is not there; correct the name',
    ],
    ['a history that is a folder', ['explain', '44', '--history', 'FOLDER'], 'FOLDER is a folder; name the file in it'],
    [
      'a history that is no JSON',
      ['explain', '44', '--history', 'FOLDER/bad.json'],
      'FOLDER/bad.json:2:1: ends too early; add what is missing',
    ],
    [
      'a history with 30 February',
      ['explain', '44', '--history', 'FOLDER/february.json'],
      'FOLDER/february.json:2:5 /history/tests/0/reportIssuedAt: is no time; give one of the calendar',
    ],
    [
      'an occasion spelt wrong, which was ignored',
      ['explain', '44', '--history', 'FOLDER/occasio.json'],
      'FOLDER/occasio.json:1:16 /occasio: is not a field of the format; take it out or correct its name',
    ],
  ])('%s', async (_name, args, message) => {
    await written('bad.json', '{ "history": {}\n');
    await written(
      'february.json',
      '{ "history": { "tests": [{\n    "reportIssuedAt": "2022-02-30T00:00:00+08:00" }] } }',
    );
    await written('occasio.json', '{"history":{}, "occasio":{"ageYears":2}}');
    const { status, said } = await run(...args.map((arg) => arg.replace('FOLDER', folder)));
    expect(status).toBe(1);
    expect(said.startsWith(message.replace('FOLDER', folder)), said).toBe(true);
    expect(said).not.toMatch(/\n\s+at /);
  });
});
