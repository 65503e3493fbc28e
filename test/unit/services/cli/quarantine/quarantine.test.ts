/**
 * What an import keeps because it can't be as it says: by whom it can be read, for how long, and what becomes of it.
 */

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { residentCheckDigit } from '#core/field/identity.ts';
import { DAY_MS } from '#core/field/time.ts';
import { importFiles } from '#services/cli/import/import.ts';
import { judgeAt } from '#services/cli/import/judged.ts';
import { quarantineCommand } from '#services/cli/quarantine/command.ts';
import { listKept, showKept } from '#services/cli/quarantine/list.ts';
import { discardKept, sendKept } from '#services/cli/quarantine/release.ts';
import { Quarantine, quarantineIn } from '#services/cli/shared/quarantine.ts';
import { SENDER_DEFAULTS } from '#services/cli/shared/sender.ts';
import { ANNA, HEADER, MAPPING, rowOf } from '#test/unit/exchange/formats/sheet/mapped-sheet.ts';
import { answer, doorForEachTest } from '#test/unit/services/cli/shared/fake-door.ts';

const door = doorForEachTest();
const NOW_MS = Date.parse('2022-07-06T00:00+08:00');
/** With a right check digit, and a birth that is still to come. */
const UNBORN = `11010529491231002${residentCheckDigit('11010529491231002')}`;
const CSV = [
  HEADER,
  rowOf(),
  rowOf({ sample: 'S-8', reported: '2022/7/6 9:00' }),
  rowOf({ sample: 'S-9', sampled: '2022/7/5 21:00' }),
  rowOf({ number: UNBORN, sample: 'S-6' }),
  '',
].join('\n');

let nowMs = NOW_MS;
const quarantine = () => quarantineIn(door.folder, () => nowMs);
const sender = () => ({
  ...SENDER_DEFAULTS,
  url: door.url,
  firstWaitMs: 1,
  retriesMax: 0,
  token: async () => 'token',
});

async function imported(csv = CSV, atMs = NOW_MS) {
  nowMs = atMs;
  const printed: string[] = [];
  const status = await importFiles(
    [await door.file('a.csv', csv)],
    {
      sender: sender(),
      token: async () => 'token',
      format: null,
      mapping: null,
      sheet: MAPPING,
      keeping: { judge: judgeAt(() => nowMs, 300_000), quarantine: quarantine(), keepMs: 7 * DAY_MS },
    },
    (line) => printed.push(line),
  );
  return { status, printed };
}

function said(work: (print: (text: string) => void) => number | Promise<number>) {
  const printed: string[] = [];
  const status = work((text) => void printed.push(text));
  return { status, text: printed.join('\n') };
}

describe('what can’t be as it says', () => {
  it('is never sent, kept for its owner alone, and named in the account', async () => {
    const { status, printed } = await imported();
    expect(status).toBe(1);
    expect(door.bodies.flat().map((json) => JSON.parse(json).sampleId)).toEqual(['S-7']);
    expect(
      printed.filter((line) => line.startsWith('quarantined: ')).map((line) => /\[(.*)\]/.exec(line)?.[1]),
    ).toEqual(['time-in-future', 'report-before-sampling', 'impossible-birth-date']);
    const folder = join(door.folder, 'quarantine');
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });
  it('is kept when only the door’s clock sees it', async () => {
    door.handler = (_, response) =>
      answer(response, [
        {
          index: 0,
          outcome: 'refused',
          pointer: '/reportIssuedAt',
          code: 'time-in-future',
          detail: 'lies in the future',
          hint: 'x',
        },
      ]);
    const { printed } = await imported([HEADER, rowOf(), ''].join('\n'));
    expect(printed[0]).toMatch(/^quarantined: .*报告时间 \(\/reportIssuedAt\): lies in the future \[time-in-future\]/);
    expect(quarantine().list()).toHaveLength(1);
  });
  it('is kept once, however often it comes', async () => {
    await imported();
    const until = quarantine().list();
    await imported(CSV, NOW_MS + DAY_MS);
    // One lies ahead no more and is sent; what is kept is nobody’s but its owner’s to settle.
    expect(quarantine().list()).toEqual(until);
    expect(until).toHaveLength(3);
  });
  it('has room again in an import that goes on, once some has expired or was settled', () => {
    nowMs = NOW_MS;
    const kept = new Quarantine(join(door.folder, 'quarantine'), () => nowMs, 2);
    const keeps = (sample: string) =>
      kept.keep(
        { json: `{"sampleId":"${sample}"}`, location: { file: 'a', at: 'line 1', within: '' }, origins: {} },
        { field: '', reason: 'r', hint: 'h' },
        DAY_MS,
      );
    expect(['S-1', 'S-2', 'S-3', 'S-1'].map(keeps)).toEqual([true, true, false, true]);
    const [first] = quarantine().list();
    quarantine().discard(first?.id ?? '');
    expect(keeps('S-4')).toBe(false);
    nowMs += 60_000;
    expect(['S-4', 'S-5'].map(keeps)).toEqual([true, false]);
    nowMs += DAY_MS;
    expect(['S-5', 'S-6', 'S-7'].map(keeps)).toEqual([true, true, false]);
  });
  it('is gone after the time that was stated', async () => {
    await imported();
    nowMs = NOW_MS + 7 * DAY_MS;
    expect(said((print) => listKept(quarantine(), false, print)).text).toBe('Nothing is kept.');
    expect((await readdir(join(door.folder, 'quarantine'))).filter((name) => name.endsWith('.json'))).toEqual([]);
  });
});

describe('whoever looks', () => {
  it('sees what is kept, and no number of a document', async () => {
    const { printed } = await imported();
    const list = said((print) => listKept(quarantine(), true, print)).text;
    const facts = list.split('\n').map((line) => JSON.parse(line));
    expect(facts).toHaveLength(3);
    const [first] = facts;
    expect(first).toMatchObject({ place: expect.stringContaining('row '), keptUntil: '2022-07-12T16:00:00.000Z' });
    const shown = said((print) => showKept(quarantine(), first.id, print));
    expect(shown.status).toBe(0);
    expect(JSON.parse(shown.text).event.person.documentNumber).toMatch(/^…/);
    const all = [list, shown.text, said((print) => listKept(quarantine(), false, print)).text, ...printed].join('\n');
    expect(all).not.toMatch(new RegExp(`${ANNA}|${UNBORN}`));
    expect(said((print) => showKept(quarantine(), '000000000000', print)).status).toBe(1);
    expect(said((print) => showKept(quarantine(), '../a', print)).status).toBe(1);
  });
  it('releases it to the door: what is taken is no longer kept, what isn’t stays with the door’s reason', async () => {
    await imported();
    door.bodies = [];
    door.handler = (lines, response) =>
      answer(
        response,
        lines.map((_, index) =>
          index === 0
            ? { index, outcome: 'accepted' }
            : { index, outcome: 'refused', pointer: '', code: 'x', detail: 'no', hint: 'h' },
        ),
      );
    const kept = quarantine().list();
    const printed: string[] = [];
    const send = sendKept(quarantine(), kept, sender(), (text) => void printed.push(text));
    expect(await send).toBe(1);
    expect(door.bodies.flat()).toEqual(kept.map(({ json }) => json));
    expect(printed[0]).toBe(`${kept[0]?.id}: accepted`);
    expect(quarantine().list()).toMatchObject([{ why: { code: 'x' } }, { why: { code: 'x' } }]);
  });
  it('keeps it while the door is away', async () => {
    await imported();
    door.handler = (_, response) => void response.writeHead(503).end();
    expect(await sendKept(quarantine(), quarantine().list(), sender(), () => undefined)).toBe(3);
    expect(quarantine().list()).toHaveLength(3);
  });
  it('discards one or all', async () => {
    await imported();
    const [first] = quarantine().list();
    expect(said((print) => discardKept(quarantine(), [first?.id ?? ''], print)).text).toBe('1 deleted');
    expect(said((print) => discardKept(quarantine(), [first?.id ?? ''], print)).status).toBe(1);
    expect(said((print) => discardKept(quarantine(), 'all', print)).text).toBe('2 deleted');
  });
});

describe('the command', () => {
  async function called(...args: string[]) {
    const printed: string[] = [];
    const print = (text: string) => void printed.push(text);
    const command = quarantineCommand(print);
    for (const one of [command, ...command.commands])
      one.exitOverride().configureOutput({ writeOut: print, writeErr: print });
    const before = process.exitCode;
    try {
      await command.parseAsync([...args, '--run-dir', door.folder], { from: 'user' });
      return { status: process.exitCode, text: printed.join('\n') };
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      return { status: 'usage', text: printed.join('\n') };
    } finally {
      process.exitCode = before;
    }
  }

  it('names by ids or all, never both or neither, and says where there is no door', async () => {
    expect((await called('list')).text).toBe('Nothing is kept.');
    expect((await called('discard')).status).toBe('usage');
    expect((await called('discard', '000000000000', '--all')).status).toBe('usage');
    expect(await called('discard', '--all')).toEqual({ status: 0, text: '0 deleted' });
    expect((await called('show', '000000000000')).status).toBe(1);
    await imported();
    // The command goes by the clock of this machine, for which all of it has expired.
    expect((await called('release', '--all')).status).toBe(0);
    const [name = ''] = (await readdir(join(door.folder, 'quarantine'))).filter((one) => one.endsWith('.json'));
    expect(name).toBe('');
  });
  it('sends nothing without a door or a sender', async () => {
    await imported();
    const folder = join(door.folder, 'quarantine');
    for (const name of (await readdir(folder)).filter((one) => one.endsWith('.json'))) {
      const kept = JSON.parse(await readFile(join(folder, name), 'utf8'));
      await writeFile(join(folder, name), JSON.stringify({ ...kept, expiresAtMs: Date.now() + DAY_MS }));
    }
    expect(await called('release', '--all')).toMatchObject({ status: 1, text: expect.stringContaining('--to') });
  });
});
