/** `hutong policy explain`: a rule in words, an example history over time, and what it takes of a person. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policyCommand } from '#services/cli/policy/command.ts';
import { LOG } from '#test/support/first-edition.ts';
import { run, runWith } from './run-policy.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hutong-policy-'));
});
afterEach(async () => {
  process.exitCode = undefined;
  await rm(folder, { recursive: true });
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
  it('says what was searched where there is no rule', async () => {
    const { said } = await run('explain', '42', '--purpose', 'leaving', '--at', '2022-09-05T12:00+08:00');
    expect(said).toContain('From 2021-12-01 00:00 until 2022-11-17 00:00 one was searched, and not found.');
    expect(said).toMatch(/2026-11: .*some 118 searches over all provinces; 2021-12-01 – 2022-11-30/);
    expect(said).toMatch(/2026-11: .*“武汉 医院就医住院 /);
    expect(said).toContain('by reposts without a day of announcement alone');
  });
  it('says when there is no rule, and what is wrong with a history', async () => {
    expect((await run('explain', '44', '--at', '2019-01-01T00:00+08:00')).said).toMatch(
      /No rule for 44 and entry .*\n.*No search for it is on record\./,
    );
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
    const explain = policyCommand(LOG, () => undefined).commands.find((command) => command.name() === 'explain');
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
