/**
 * `hutong policy`: what it prints of the rules that ship, of faulty ones, and of an example history.
 */

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '#platform/config.ts';
import { policyCommand } from '../../../services/cli/policy-command.ts';

const SHIPPED = join(import.meta.dirname, '../../../policies');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hutong-policy-'));
});
afterEach(async () => {
  process.exitCode = undefined;
  await rm(folder, { recursive: true });
});

async function run(...args: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  return runWith('', {}, ...args);
}

async function runWith(
  input: string,
  environment: NodeJS.ProcessEnv,
  ...args: readonly string[]
): Promise<{ readonly status: number; readonly said: string }> {
  const said: string[] = [];
  const given = { input: Readable.from([input]), config: () => readConfig(environment) };
  await policyCommand((text) => void said.push(text), given).parseAsync(args, { from: 'user' });
  return { status: Number(process.exitCode ?? 0), said: said.join('\n') };
}

describe('hutong policy check', () => {
  it('finds nothing wrong with the rules that ship', async () => {
    const { status, said } = await run('check', SHIPPED);
    expect(status).toBe(0);
    expect(said).toContain('provinces with own rules');
  });
  it('names file, line, field and mend', async () => {
    await cp(SHIPPED, folder, { recursive: true });
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
    await cp(SHIPPED, folder, { recursive: true });
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
  beforeEach(() => cp(SHIPPED, folder, { recursive: true }));
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
    expect(said).toContain('3 faults');
  });
  it('a case for which there is no rule ended the command', async () => {
    const { status, said } = await changed(/"at": "[^"]+"/, '"at": "2019-01-01T00:00:00+08:00"');
    expect([status, said]).toEqual([
      1,
      expect.stringMatching(/public-place\.cases\.json:\d+:\d+ ".*": no rule for public_place is known at 2019-01-01/),
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

describe('hutong policy explain', () => {
  it('says the rule in words and when its outcome changes', async () => {
    const { status, said } = await run('explain', '21', '--purpose', 'public_place', '--at', '2022-05-01T08:00+08:00');
    expect(status).toBe(0);
    expect(said).toContain('Recognises: a negative result within 48 hours of report issue.');
    expect(said).toContain('自出具报告起48小时内的阴性结果');
    expect(said).toMatch(/2022-05-01 08:00:00 .*recognised .*report_48h .*green/);
    expect(said).toMatch(/2022-05-03 08:00:00\.001 .*not_recognised .*red/);
  });
  it('takes a history and an occasion', async () => {
    const file = join(folder, 'history.json');
    await writeFile(
      file,
      JSON.stringify({
        history: { samplings: [{ province: '50', sampledAt: '2022-09-03T10:00+08:00' }] },
        occasion: { arrivedAt: '2022-09-02T08:00+08:00' },
      }),
    );
    const { said } = await run('explain', '50', '--at', '2022-09-02T12:00+08:00', '--history', file);
    expect(said).toMatch(/2022-09-02 08:00:00 .*pop_up/);
    expect(said).toMatch(/2022-09-03 10:00:00 (?!.*pop_up)/);
  });
  it('says when there is no rule, and what is wrong with a history', async () => {
    expect((await run('explain', '44', '--at', '2019-01-01T00:00+08:00')).said).toContain('no rule for 44 and entry');
    const file = join(folder, 'history.json');
    await writeFile(file, JSON.stringify({ history: { tests: [{}] } }));
    expect((await run('explain', '44', '--history', file)).said).toContain('reportIssuedAt');
  });
});

describe('hutong policy explain for a person', () => {
  const SECRETS = { HUTONG_PERSON_KEY_SECRETS: 'ab'.repeat(32) };
  const NUMBER = '110101199003070039';
  const asked = (input: string, environment: NodeJS.ProcessEnv = SECRETS, ...more: readonly string[]) =>
    runWith(input, environment, 'explain', '44', '--person', '--run-dir', folder, ...more);

  it.each([
    ['nothing', '', 'not JSON'],
    ['no JSON', NUMBER.replace('9', 'x'), 'not JSON'],
    ['another form', JSON.stringify({ person: { documentNumber: NUMBER } }), 'another form'],
    ['an unknown type', JSON.stringify({ documentType: 'driving_licence', documentNumber: NUMBER }), '/documentType'],
    [
      'a wrong check digit',
      JSON.stringify({ documentType: 'resident_identity_card', documentNumber: NUMBER }),
      '/documentNumber: the check digit does not fit the number',
    ],
    [
      'a passport without a country',
      JSON.stringify({ documentType: 'passport', documentNumber: 'A1234567' }),
      '/issuingCountry',
    ],
    ['far too much', 'x'.repeat(70_000), 'more than 65536 bytes'],
  ])('given %s on standard input says what is wrong and repeats nothing of it', async (_what, input, why) => {
    const { status, said } = await asked(input);
    expect([status, said]).toEqual([1, expect.stringContaining(why)]);
    expect(said).not.toMatch(/1101011990|A1234567/);
  });
  it('takes no number on the command line, and repeats none', async () => {
    const { status, said } = await runWith('', SECRETS, 'explain', '44', '--person-key', NUMBER);
    expect([status, said]).toEqual([1, expect.stringContaining('a document goes by --person, on standard input')]);
    expect(said).not.toContain(NUMBER);
  });
  it('needs a secret, from the environment or the run directory, and only for a document', async () => {
    const passport = JSON.stringify({ documentType: 'passport', issuingCountry: 'DEU', documentNumber: 'C01X00T47' });
    expect((await asked(passport, {})).said).toContain('set HUTONG_PERSON_KEY_SECRETS');
    expect((await asked(passport)).said).toContain('names no redis');
    await writeFile(join(folder, 'person-key-secret'), `${'cd'.repeat(32)}\n`);
    expect((await asked(passport, {})).said).toContain('names no redis');
    expect(
      (await runWith('', {}, 'explain', '44', '--person-key', 'ab'.repeat(16), '--run-dir', folder)).said,
    ).toContain('names no redis');
  });
  it.each([
    [['--person', '--person-key', 'ab'.repeat(16)], 'cannot be used with'],
    [['--person', '--history', 'x.json'], 'cannot be used with'],
    [['--person', NUMBER], 'too many arguments'],
    [['--person-key', 'ab'.repeat(16), '--redis', 'nowhere'], 'host:port'],
  ])('%j is wrong usage', async (args, why) => {
    const errors: string[] = [];
    const explain = policyCommand(() => undefined).commands.find((command) => command.name() === 'explain');
    explain?.exitOverride().configureOutput({ writeErr: (text) => void errors.push(text) });
    await expect(explain?.parseAsync(['44', ...args], { from: 'user' })).rejects.toMatchObject({
      code: expect.stringMatching(/^commander\./) as string,
    });
    expect(errors.join('')).toContain(why);
    expect(errors.join('')).not.toContain(NUMBER);
  });
  it('an occasion goes with a person', async () => {
    expect((await run('explain', '44', '--occasion', 'x.json')).said).toContain('--occasion goes with --person');
  });
});
