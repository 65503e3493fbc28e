/** `hutong contract test` as it is called: offline and at a door, its exit statuses, and that it reports nothing. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatTime, HOUR_MS } from '#core/field/time.ts';
import { contractCommand } from '#services/cli/contract/command.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { LOG } from '#test/support/first-edition.ts';
import { startTestIssuer } from '#test/support/issuer.ts';
import { shippedBook } from '#test/support/policies.ts';
import { message } from '#test/unit/exchange/formats/support.ts';
import { NOW_MS, NUMBER, TEST } from '#test/unit/exchange/intake/intake-events.ts';
import { answer, doorForEachTest } from '#test/unit/services/cli/shared/fake-door.ts';

const door = doorForEachTest();
const lines = (...events: readonly unknown[]) => events.map((event) => JSON.stringify(event)).join('\n');

/** Gives the command, and returns its exit status and what it printed. */
async function contract(...args: string[]): Promise<{ status: unknown; output: string }> {
  let output = '';
  const print = (text: string) => void (output += `${text}\n`);
  const command = contractCommand(LOG, print, () => NOW_MS, shippedBook)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: print });
  for (const one of command.commands) one.copyInheritedSettings(command);
  const before = process.exitCode;
  try {
    await command.parseAsync([...args, '--run-dir', door.folder], { from: 'user' });
    return { status: process.exitCode, output };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { status: EXIT.usage, output };
  } finally {
    process.exitCode = before;
  }
}
const test = (...args: string[]) => contract('test', '--as', '43', ...args);

describe('offline', () => {
  it('ends with 0 where nothing is to be mended, in either format', async () => {
    const good = await door.file('a.ndjson', lines(TEST));
    const hl7 = await door.file('b.hl7', message());
    const { status, output } = await test(good, hl7);
    expect([status, output]).toEqual([EXIT.ok, expect.stringContaining('Ready to send: TestReported')]);
    expect(output).toContain('湖南省 / Hunan (43): 2 files, 2 events');
    expect(door.bodies).toEqual([]);
  });
  it('names what is to be mended in order, and no value', async () => {
    const bad = await door.file(
      'a.ndjson',
      Buffer.concat([
        Buffer.from(`${lines({ ...TEST, laboratory: NUMBER }, { ...TEST, result: 'no' }, TEST)}\n{"laboratory":"`),
        Buffer.from([0xc4, 0xe3, 0xba, 0xc3]),
        Buffer.from('"}\n'),
      ]),
    );
    const missing = join(door.folder, 'missing.ndjson');
    const { status, output } = await test(bad, missing);
    expect(status).toBe(EXIT.failed);
    const order = ['is not UTF-8', 'can’t be opened', 'number-in-text', 'wrong-form', 'Mend these'];
    expect(order.map((text) => output.indexOf(text))).toEqual(
      order.map((text) => output.indexOf(text)).toSorted((a, b) => a - b),
    );
    expect(order.filter((text) => !output.includes(text))).toEqual([]);
    expect(output).toContain('a.ndjson: line 4');
    expect(output).not.toContain(NUMBER.slice(0, 17));
  });
  it('is told to machines as one object', async () => {
    const { status, output } = await test(
      '--json',
      await door.file('a.ndjson', lines(TEST, { ...TEST, result: 'no' })),
    );
    expect(status).toBe(EXIT.failed);
    expect(JSON.parse(output)).toMatchObject({
      province: '43',
      clean: false,
      events: { TestReported: { acceptable: 1, refused: 1 } },
      findings: [{ step: 'form', code: 'wrong-form', field: '/result', count: 1 }],
      door: null,
    });
  });
  it.each([[['--as', '99']], [['--as', '43', '--days', 'soon']], [[]]])(
    'ends with 2 for wrong usage: %j',
    async (args) => {
      expect((await contract('test', ...args, 'a.ndjson')).status).toBe(EXIT.usage);
    },
  );
});

describe('at a door', () => {
  const EMPTY = { type: 'urn:hutong:problem:batch-size', title: 'the batch has the wrong size', status: 400 };
  const NOT_HELD = { type: 'urn:hutong:problem:not-entitled', status: 403, detail: 'the caller holds no province' };
  const problem = (said: { status: number }) =>
    void (door.handler = (_lines, response) =>
      void response.writeHead(said.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(said)));

  /** As the launcher leaves it. */
  async function launched(): Promise<void> {
    const issuer = await startTestIssuer(door.folder);
    onTestFinished(() => issuer.stop());
    const addresses = { intake: new URL(door.url).origin, issuer: issuer.url };
    await writeFile(join(door.folder, 'addresses.json'), JSON.stringify(addresses));
  }

  it('asks it to check what the sample let through, tells what it alone refuses, and reports nothing', async () => {
    await launched();
    door.handler = (sent, response) => {
      if (sent.length === 0) return void response.writeHead(400).end(JSON.stringify(EMPTY));
      const refused = { outcome: 'refused', pointer: '/sampledAt', code: 'time-in-future', detail: 'd', hint: 'h' };
      answer(
        response,
        sent.map((_, index) => ({ index, ...(index === 0 ? { outcome: 'acceptable' } : refused) })),
      );
    };
    const events = [TEST, { ...TEST, sampleId: 'S2' }, { ...TEST, result: 'no' }];
    const { status, output } = await test('--live', await door.file('a.ndjson', lines(...events)));
    expect([status, output]).toEqual([EXIT.failed, expect.stringContaining('What the door says')]);
    expect(output).toContain('would take 1 of 2');
    expect(output).toContain('/sampledAt: d [time-in-future]; ');
    expect(output).toContain('no-certificate');
    expect(new Set(door.paths)).toEqual(new Set(['/v1/events/check']));
    expect(door.bodies.map((body) => body.length)).toEqual([0, 2]);
  });
  it('says what keeps the province out, and asks nothing more', async () => {
    await launched();
    problem(NOT_HELD);
    const { status, output } = await test('--live', await door.file('a.ndjson', lines(TEST)));
    expect([status, output]).toEqual([EXIT.failed, expect.stringContaining('[not-entitled]')]);
    expect(door.bodies).toEqual([[]]);
  });
  it('ends with 3 where the door is away, and still says what the sample shows', async () => {
    await launched();
    const away = await test(
      '--to',
      'http://127.0.0.1:1',
      await door.file('a.ndjson', lines({ ...TEST, result: 'no' })),
    );
    expect([away.status, away.output]).toEqual([EXIT.doorAway, expect.stringContaining('is not available')]);
    expect(away.output).toContain('wrong-form');
    problem({ status: 503 });
    expect((await test('--live', await door.file('b.ndjson', lines(TEST)))).status).toBe(EXIT.doorAway);
  });
  it('says how to get a client that is missing', async () => {
    await writeFile(join(door.folder, 'addresses.json'), JSON.stringify({ intake: new URL(door.url).origin }));
    const { status, output } = await test('--live', await door.file('a.ndjson', lines(TEST)));
    expect([status, output]).toEqual([EXIT.failed, expect.stringContaining('no-client')]);
    expect(door.bodies).toEqual([]);
  });
});

it('takes a time that is only just ahead, with a warning', async () => {
  const ahead = { ...TEST, reportIssuedAt: formatTime(NOW_MS + HOUR_MS / 60) };
  const { status, output } = await test(await door.file('a.ndjson', lines(ahead)));
  expect([status, output]).toEqual([EXIT.ok, expect.stringContaining('clock-ahead')]);
});
