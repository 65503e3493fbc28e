/**
 * The importer against a small HTTP server that answers as the door's contract says: batches, retries, refusals, cuts.
 */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importFiles, type ImportSettings } from '#services/cli/import/import.ts';
import { UsageError } from '#services/cli/import/options.ts';
import { SENDER_DEFAULTS } from '#services/cli/shared/sender.ts';
import { AS_PASSPORT, COMPLETE, message, NEGATIVE_OBX } from '#test/unit/exchange/formats/support.ts';
import { accept, answer, doorForEachTest } from '#test/unit/services/cli/shared/fake-door.ts';

const door = doorForEachTest();

const events = (count: number) => Array.from({ length: count }, (_, index) => `{"n":${index}}`).join('\n');

async function run(
  paths: readonly string[],
  changes: Partial<ImportSettings['sender']> = {},
  rest: Partial<ImportSettings> = {},
) {
  const printed: string[] = [];
  const settings = {
    sender: { ...SENDER_DEFAULTS, url: door.url, firstWaitMs: 1, retriesMax: 3, ...changes },
    token: async () => 'token',
    format: null,
    mapping: AS_PASSPORT,
    ...rest,
  };
  const status = await importFiles(paths, settings, (line) => printed.push(line));
  const table = printed.find((line) => line.startsWith('┌')) ?? '';
  const row = (table.split('\n').findLast((line) => /\d/.test(line)) ?? '').split('│').slice(2, -1).map(Number);
  // The last are the faults of the files, which are no results.
  const [results, ...counts] = row;
  expect(results).toBe(counts.slice(0, -1).reduce((sum, count) => sum + count, 0));
  return {
    status,
    printed: printed.filter((line) => line !== table).map((line) => line.replaceAll(door.folder, '')),
    counts,
  };
}

describe('sending', () => {
  it('sends bounded batches and few at a time', async () => {
    let open = 0;
    let openMost = 0;
    door.handler = (lines, response) => {
      openMost = Math.max(openMost, ++open);
      setTimeout(() => {
        open--;
        accept(lines, response, 0);
      }, 5);
    };
    expect(await run([await door.file('a.ndjson', events(1_203))])).toEqual({
      status: 0,
      printed: [],
      counts: [1_203, 0, 0, 0, 0],
    });
    expect(door.bodies.map((lines) => lines.length).toSorted((left, right) => left - right)).toEqual([203, 500, 500]);
    expect(openMost).toBe(2);
  });

  it('bounds a batch by its bytes too', async () => {
    const { counts } = await run([await door.file('a.ndjson', events(10))], { batchBytesMax: 30 });
    expect(counts[0]).toBe(10);
    expect(Math.max(...door.bodies.map((lines) => lines.join('\n').length))).toBeLessThanOrEqual(30);
  });

  it('lists what the door refuses, with line, field, reason and remedy', async () => {
    door.handler = (lines, response) =>
      answer(
        response,
        lines.map((_, index) =>
          index === 1
            ? {
                index,
                outcome: 'refused',
                pointer: '/sampledAt',
                code: 'time-in-future',
                detail: 'lies in the future',
                hint: 'check the clock',
              }
            : { index, outcome: index === 2 ? 'duplicate' : 'accepted' },
        ),
      );
    expect(await run([await door.file('a.ndjson', '{"n":0}\n\noops\n{"n":1}\n{"n":2}')])).toEqual({
      status: 1,
      printed: [
        'refused: /a.ndjson: line 3: is not a JSON object. To mend: write one event per line, each a ' +
          'complete JSON object',
        'refused: /a.ndjson: line 4: /sampledAt: lies in the future [time-in-future]. To mend: check the clock',
      ],
      counts: [1, 1, 2, 0, 0],
    });
  });

  it('waits as long as a 503 asks, and tries again', async () => {
    const at: number[] = [];
    door.handler = (lines, response, request) => {
      at.push(performance.now());
      if (request === 1)
        response
          .writeHead(503, { 'retry-after': '1', 'content-type': 'application/problem+json' })
          .end('{"detail":"the queue is full"}');
      else accept(lines, response, request);
    };
    expect((await run([await door.file('a.ndjson', events(3))])).counts).toEqual([3, 0, 0, 0, 0]);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(950);
  });

  it('gives up after a bounded number of tries, sends no more, and says what was not sent', async () => {
    door.handler = (_, response) => response.writeHead(503, { 'retry-after': '0' }).end();
    const { status, printed, counts } = await run([await door.file('a.ndjson', events(260))], {
      batchEventsMax: 50,
      requestsMax: 1,
    });
    expect([status, counts, door.bodies.length]).toEqual([3, [0, 0, 0, 260, 0], 4]);
    expect(printed.filter((line) => line.startsWith('not sent'))).toHaveLength(100);
    expect(printed.slice(-2)).toEqual([
      '/a.ndjson: 160 further events not sent, all after those listed',
      `The door at ${door.url} is not available: it answered 503.`,
    ]);
  });

  it('asks again for the events alone that were not taken', async () => {
    door.handler = (lines, response, request) =>
      request === 1
        ? answer(response, [
            { index: 0, outcome: 'accepted' },
            { index: 1, outcome: 'unavailable', detail: 'no acknowledgement' },
          ])
        : accept(lines, response, request);
    expect((await run([await door.file('a.ndjson', events(3))])).counts).toEqual([3, 0, 0, 0, 0]);
    expect(door.bodies[1]).toEqual(['{"n":1}', '{"n":2}']); // index 2 had no outcome at all
  });

  it('counts nothing as accepted when the connection is cut in the middle of the answer', async () => {
    door.handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"results":[{"index":0,"outcome":"accepted"}', () => response.destroy());
    };
    expect(await run([await door.file('a.ndjson', events(2))], { retriesMax: 1 })).toMatchObject({
      status: 3,
      counts: [0, 0, 0, 2, 0],
    });
    expect(door.bodies).toHaveLength(2);
  });

  it('and takes the answer to the second try, duplicates among it', async () => {
    door.handler = (lines, response, request) =>
      request === 1
        ? response.destroy()
        : answer(
            response,
            lines.map((_, index) => ({ index, outcome: 'duplicate' })),
          );
    expect(await run([await door.file('a.ndjson', events(2))])).toMatchObject({ status: 0, counts: [0, 2, 0, 0, 0] });
  });

  it('halves a body that the door can’t read, so that one event takes none down', async () => {
    door.handler = (lines, response) =>
      lines.includes('{"n":4}') ? response.writeHead(400).end('{"detail":"line 5"}') : accept(lines, response, 0);
    expect(await run([await door.file('a.ndjson', events(9))])).toMatchObject({ status: 1, counts: [8, 0, 1, 0, 0] });
  });

  it('doesn’t insist where there is no door', async () => {
    door.handler = (_, response) => response.writeHead(404).end();
    expect(await run([await door.file('a.ndjson', events(9))])).toMatchObject({ status: 3, counts: [0, 0, 0, 9, 0] });
    expect(door.bodies).toHaveLength(1);
  });

  it('treats an answer that is none as no answer', async () => {
    door.handler = (_, response) => response.writeHead(200).end('<html>');
    expect(await run([await door.file('a.ndjson', events(1))])).toMatchObject({ status: 3, counts: [0, 0, 0, 1, 0] });
  });
});

describe('HL7', () => {
  it('names the field behind the door’s pointer, and the message by its control id', async () => {
    door.handler = (_, response) =>
      answer(response, [
        {
          index: 0,
          outcome: 'refused',
          pointer: '/reportIssuedAt',
          code: 'report-before-sampling',
          detail: 'the report is older than the sample',
          hint: 'check both times',
        },
      ]);
    const two = `${message()}\r${message({ msh: { ...COMPLETE.msh, 10: 'C-2' }, obr: { ...COMPLETE.obr, 22: '' } })}`;
    const { status, printed } = await run([await door.file('a.hl7', two)]);
    expect(status).toBe(1);
    expect(printed.toSorted()).toEqual([
      'refused: /a.hl7: message 1 (MSH-10 C-1), OBX 1: OBR-22 (/reportIssuedAt): the report is older ' +
        'than the sample [report-before-sampling]. To mend: check both times',
      expect.stringContaining('refused: /a.hl7: message 2 (MSH-10 C-2), OBX 1: OBR-22 is missing'),
    ]);
    expect(JSON.parse(door.bodies[0]?.[0] ?? '')).toMatchObject({
      type: 'TestReported',
      province: '43',
      sampleId: 'S-7',
    });
  });

  it('reports a wrong count, and sends what came', async () => {
    const { status, printed, counts } = await run([await door.file('a.hl7', `BHS|^~\\&|\r${message()}\rBTS|2`)]);
    expect([status, counts]).toEqual([1, [1, 0, 0, 0, 1]]);
    expect(printed[0]).toContain('fault: /a.hl7: line 7: BTS-1 says 2, but 1 messages came');
  });

  it('needs a province before anything is sent', async () => {
    const paths = [await door.file('a.ndjson', events(1)), await door.file('b.hl7', message())];
    await expect(run(paths, {}, { mapping: null })).rejects.toThrow(UsageError);
    expect(door.bodies).toEqual([]);
  });

  it('prints no name and no number', async () => {
    const bad = message({ pid: { 3: 'CANARY77^^^^PI', 5: 'CANARYNAME' }, obx: [{ ...NEGATIVE_OBX, 5: 'CANARYNAME' }] });
    const { printed } = await run(
      [await door.file('a.hl7', bad), await door.file('b.ndjson', '{"person":"CANARYNAME"')],
      {},
      { mapping: { province: '43', timeZone: '+08:00' } },
    );
    expect(printed).toHaveLength(3);
    expect(printed.join('\n')).not.toContain('CANARY');
  });
});

describe('files', () => {
  it('that are missing, are folders or are of no known kind are faults; the others go on', async () => {
    const { status, printed, counts } = await run([
      join(door.folder, 'none'),
      door.folder,
      await door.file('a.csv', 'a,b\n1,2'),
      await door.file('empty', ''),
      await door.file('b.ndjson', events(2)),
    ]);
    expect([status, counts]).toEqual([1, [2, 0, 0, 0, 4]]);
    expect(printed.map((line) => line.split('. To mend')[0])).toEqual([
      'fault: /none: the file: can’t be opened (ENOENT)',
      'fault: : the file: can’t be opened (EISDIR)',
      'fault: /a.csv: the file: looks neither like NDJSON nor like HL7 v2 nor like FHIR R4',
      'fault: /empty: the file: looks neither like NDJSON nor like HL7 v2 nor like FHIR R4',
    ]);
  });
});
