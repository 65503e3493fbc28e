/** `hutong import` as it is called: its options, door and issuer from the run directory, and its exit statuses. */

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { importCommand } from '#services/cli/import/command.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { startTestIssuer } from '#test/support/issuer.ts';
import { ANNA, HEADER, MAPPING, ROW } from '#test/unit/exchange/formats/sheet/mapped-sheet.ts';
import { message, SETTINGS } from '#test/unit/exchange/formats/support.ts';
import { doorForEachTest } from '#test/unit/services/cli/shared/fake-door.ts';

const door = doorForEachTest();
afterEach(() => void vi.unstubAllEnvs());

const events = (count: number) => Array.from({ length: count }, (_, index) => `{"n":${index}}`).join('\n');

const EVENT = JSON.stringify({
  type: 'TestReported',
  person: { documentType: 'resident_identity_card', documentNumber: ANNA },
  province: '43',
  laboratory: 'Changsha No. 1',
  sampleId: 'A-17',
  status: 'final',
  method: 'nucleic_acid',
  result: 'negative',
  sampledAt: '2022-07-05T08:30+08:00',
  reportIssuedAt: '2022-07-05T20:15+08:00',
});

describe('the command', () => {
  /** As an operator calls it. That takes a second of a core, so what needs no process of its own is called below. */
  const started = (...args: string[]) =>
    new Promise<{ status: unknown; output: string }>((resolve) => {
      execFile(
        process.execPath,
        ['services/cli/hutong.ts', ...args],
        { env: { ...process.env, RUN_DIR: door.folder } },
        (error, stdout, stderr) => resolve({ status: error === null ? 0 : error.code, output: stdout + stderr }),
      );
    });
  /** The same in this process. A usage that is wrong is thrown by Commander; the program makes 2 of it. */
  async function called(...args: string[]): Promise<{ status: unknown; output: string }> {
    let output = '';
    const print = (text: string) => void (output += text);
    const command = importCommand(print).exitOverride().configureOutput({ writeOut: print, writeErr: print });
    const before = process.exitCode;
    try {
      await command.parseAsync([...args, '--run-dir', door.folder], { from: 'user' });
      return { status: process.exitCode, output };
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      return { status: error.exitCode === 0 ? 0 : EXIT.usage, output };
    } finally {
      process.exitCode = before;
    }
  }

  /** As the launcher leaves it. */
  async function launched(): Promise<void> {
    const issuer = await startTestIssuer(door.folder);
    onTestFinished(() => issuer.stop());
    const addresses = { intake: new URL(door.url).origin, issuer: issuer.url };
    await writeFile(join(door.folder, 'addresses.json'), JSON.stringify(addresses));
  }

  it('takes the door from addresses.json and ends with 0 or 2', async () => {
    const good = await door.file('a.ndjson', events(2));
    expect(await started('import', good)).toMatchObject({ status: 2, output: expect.stringContaining('--to') });
    await launched();
    const hl7 = await door.file('b.hl7', message());
    expect((await started('import', good, hl7, '--province', '43')).status).toBe(0);
  }, 120_000);

  it('checks without a door, by a mapping, and takes its province from it', async () => {
    const mapping = await door.file('m.json', JSON.stringify(MAPPING));
    const csv = await door.file('a.csv', `${HEADER}\n${ROW}\n`);
    const checked = await called(csv, '--mapping', mapping, '--check', '--json');
    expect(JSON.parse(checked.output)).toMatchObject({ outcome: 'accepted', event: { province: '43' } });
    expect(checked.status).toBe(0);
    for (const wrong of [['--json'], ['--province', '44', '--check'], ['--mapping', csv]])
      expect((await called(csv, '--mapping', mapping, ...wrong)).status).toBe(2);
    await launched();
    expect((await called(csv, '--mapping', mapping)).status).toBe(0);
    expect(door.bodies.flat()).toHaveLength(1);
  });

  it('tells a file that comes twice, and takes it back', async () => {
    await launched();
    const good = await door.file('a.ndjson', events(2));
    const as = ['--as', 'province-43'];
    expect((await called(good, ...as)).status).toBe(0);
    expect((await called(good, ...as, '--language', 'zh')).output).toContain('当时已接收的 2 个结果不再发送');
    expect((await called(good, ...as, '--undo')).status).toBe(0);
    expect(door.bodies.flat()).toEqual([
      '{"n":0}',
      '{"n":1}',
      '{"n":0,"status":"retracted"}',
      '{"n":1,"status":"retracted"}',
    ]);
    for (const wrong of [['--again', '--undo'], ['--watch'], ['--keep-days', '0'], ['--report', 'pdf']])
      expect((await called(good, ...as, ...wrong)).status).toBe(2);
  });

  it('empties a folder, and keeps in quarantine what can’t be as it says', async () => {
    await launched();
    const folder = join(door.folder, 'in');
    await mkdir(folder);
    const event = { ...JSON.parse(EVENT), reportIssuedAt: '2999-01-01T00:00+08:00' };
    await writeFile(join(folder, 'a.ndjson'), `${JSON.stringify(event)}\n${EVENT}\n`);
    expect((await called(folder, '--as', 'province-43', '--report', 'json')).status).toBe(1);
    expect(door.bodies.flat()).toEqual([EVENT]);
    const report = JSON.parse(await readFile(join(folder, 'refused/a.ndjson.report.json'), 'utf8'));
    expect(report.all.fates).toMatchObject({ accepted: 1, quarantined: 1 });
    expect(report.files[0].reasons[0].code).toBe('time-in-future');
  }, 30_000);

  it('reads by the profile of who sends, as the door does, and mixes it with no flag', async () => {
    await launched();
    vi.stubEnv('HUTONG_SENDERS', door.folder);
    await door.file('province-43.json', JSON.stringify({ ...SETTINGS, sheet: MAPPING }));
    const csv = await door.file('a.csv', `${HEADER}\n${ROW}\n`);
    const hl7 = await door.file('b.hl7', message());
    expect((await called(csv, hl7, '--as', 'province-43')).status).toBe(0);
    expect(door.bodies.flat()).toHaveLength(2);
    const mixed = await called(csv, '--as', 'province-43', '--time-zone', '+08:00');
    expect(mixed).toMatchObject({ status: 2, output: expect.stringContaining('leave out timeZone') });
    expect((await called(csv, '--as', 'province-43', '--province', '44')).status).toBe(2);
    await door.file('province-43.json', '{');
    const broken = await called(csv, '--province', '43');
    expect(broken).toMatchObject({ status: 2, output: expect.stringContaining('43: can’t be read as JSON. To mend') });
  });

  it('proposes a mapping that it takes, and prints no whole number of a document', async () => {
    const csv = await door.file('a.csv', `${HEADER}\n${ROW}\n`);
    const proposed = await called(csv, '--propose-mapping', '--province', '43', '--json');
    const mapping = await door.file('m.json', proposed.output);
    expect((await called(csv, '--mapping', mapping, '--check')).status).toBe(0);
    const { output } = await called(csv, '--propose-mapping');
    expect(output).toContain('row 2: nucleic_acid negative (final)');
    expect(output).not.toContain(ANNA);
    expect((await called(csv, csv, '--propose-mapping', join(door.folder, 'none'))).status).toBe(2);
  });

  it('ends with 1 where a file is missing, 2 where it is called wrongly, 3 where there is no door', async () => {
    const good = await door.file('a.ndjson', events(2));
    const hl7 = await door.file('b.hl7', message());
    await launched();
    expect(await called(good)).toMatchObject({ status: 2, output: expect.stringContaining('--as') });
    expect((await called(good, '--as', 'province-43', join(door.folder, 'none'))).status).toBe(1);
    expect(await called(hl7)).toMatchObject({ status: 2, output: expect.stringContaining('--province') });
    expect(await called(hl7, '--province', '99')).toMatchObject({
      status: 2,
      output: expect.stringContaining('43 Hunan'),
    });
    expect((await called()).status).toBe(2);
    const nowhere = ['--to', 'http://127.0.0.1:1', '--retries', '0'];
    expect((await called(good, '--as', 'province-43', ...nowhere)).status).toBe(3);
    expect(await called(good, '--as', 'province-99', '--again')).toMatchObject({
      status: 3,
      output: expect.stringContaining('holds no client'),
    });
    expect((await called('--help')).status).toBe(0);
  });
});
