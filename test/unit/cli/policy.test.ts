/**
 * `hutong policy`: what it prints of the rules that ship, of faulty ones, and of an example history.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
  const said: string[] = [];
  await policyCommand((text) => void said.push(text)).parseAsync(args, { from: 'user' });
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
    const line = text.slice(0, text.indexOf('"from": "all"')).split('\n').length;
    const { status, said } = await run('check', folder);
    expect(status).toBe(1);
    expect(said).toContain(`44-guangdong/public-place-v3.json:${line} /clauses/0/from: takes results of named provinces only after the national notice of 29 July 2022; write "all"`);
  });
  it('runs the cases', async () => {
    await cp(SHIPPED, folder, { recursive: true });
    const file = join(folder, '44-guangdong/public-place-v3.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"length": 48', '"length": 47'));
    const { status, said } = await run('check', folder);
    expect(status).toBe(1);
    expect(said).toContain('public-place.cases.json "version 3, report_48h: the last second that counts": outcome: expected "recognised", answered "not_recognised"');
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
    await writeFile(file, JSON.stringify({ history: { samplings: [{ province: '50', sampledAt: '2022-09-03T10:00+08:00' }] }, occasion: { arrivedAt: '2022-09-02T08:00+08:00' } }));
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
