/**
 * What an import remembers of files: one that broke off goes on, one that comes twice is told, one is taken back; each
 * against a door that counts what it gets.
 */

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ranges } from '#services/cli/import/ranges.ts';
import { BY_TUBE, PEOPLE, personRow, tubeRow, TUBES, TUBES_HEADER } from '#test/unit/exchange/formats/sheet/by-tube.ts';
import { HEADER, MAPPING, rowOf } from '#test/unit/exchange/formats/sheet/mapped-sheet.ts';
import { COMPLETE, message } from '#test/unit/exchange/formats/support.ts';
import { accept } from '#test/unit/services/cli/shared/fake-door.ts';
import { importsForEachTest, lines } from './imports.ts';

const { door, sent, ledgerOf, run } = importsForEachTest();

describe('an import that broke off', () => {
  it.each([1, 2, 3, 4])('after %s answers goes on where it was, and doubles nothing', async (answers) => {
    const path = await door.file('a.ndjson', lines(9).join('\n'));
    const stop = new AbortController();
    door.handler = (body, response, request) => {
      if (request === answers) stop.abort();
      accept(body, response, request);
    };
    await run([path], { ledger: ledgerOf(), signal: stop.signal });
    door.handler = accept;
    const { printed } = await run([path], { ledger: ledgerOf() });
    expect(sent().toSorted()).toEqual(lines(9));
    expect(printed[0]).toContain('was imported before');
  });
  it('at any byte of its own ledger sends all, and what it no longer knows of once more', async () => {
    const path = await door.file('a.ndjson', lines(6).join('\n'));
    await run([path], { ledger: ledgerOf() });
    const [name = ''] = await readdir(join(door.folder, 'imports'));
    const file = join(door.folder, 'imports', name);
    const whole = await readFile(file);
    for (let cut = 0; cut < whole.length; cut += 7) {
      await writeFile(file, whole.subarray(0, cut));
      door.bodies = [];
      await run([path], { ledger: ledgerOf() });
      const known =
        whole
          .subarray(0, cut)
          .toString()
          .match(/\[\d+,\d+\]\],"sure":\d+\}/g)?.length ?? 0;
      expect(sent()).toEqual(lines(6).slice(known * 2));
      // A cut line and one that is written behind it are no two lines, and nothing after is lost.
      door.bodies = [];
      await run([path], { ledger: ledgerOf() });
      expect(sent()).toEqual([]);
    }
  });
  it('at any byte of the file, which then comes whole, doubles nothing but a last line without its end', async () => {
    const text = Buffer.from(`${lines(2).join('\n')}\n`);
    for (let cut = 1; cut < text.length; cut += 1) {
      door.bodies = [];
      const ledger = ledgerOf(`cut ${cut}`);
      await run([await door.file('a.ndjson', text.subarray(0, cut))], { ledger });
      await run([await door.file('a.ndjson', text)], { ledger });
      const isOpen = text[cut] === 0x0a;
      expect([cut, sent().length]).toEqual([cut, isOpen ? 3 : 2]);
      expect(new Set(sent()).size).toBe(2);
    }
  });
  it('within a message of a file that then comes whole: the cut message is taken again, no other', async () => {
    const messages = [1, 2, 3].map((n) => message({ msh: { ...COMPLETE.msh, 10: `C-${n}` } }));
    const whole = Buffer.from(`${messages.join('\r')}\r`);
    for (let cut = messages[0]?.length ?? 0; cut < whole.length; cut += 61) {
      door.bodies = [];
      const ledger = ledgerOf(`cut ${cut}`);
      await run([await door.file('a.hl7', whole.subarray(0, cut))], { ledger });
      await run([await door.file('a.hl7', whole)], { ledger });
      expect(sent().length).toBeGreaterThanOrEqual(3);
      expect(sent().length).toBeLessThanOrEqual(4);
    }
  });
});

describe('a file that comes twice', () => {
  it('is told, under another name too, and sent again only where that is asked for', async () => {
    const first = await door.file('a.ndjson', lines(3).join('\n'));
    const again = await door.file('b.ndjson', lines(3).join('\n'));
    await run([first], { ledger: ledgerOf() });
    const { status, printed } = await run([again], { ledger: ledgerOf() });
    expect([status, sent().length]).toEqual([0, 3]);
    expect(printed[0]).toBe(
      'note: /b.ndjson: the file: was imported before (2022-07-05T16:00:00.000Z): 3 results that were accepted then ' +
        'aren’t sent again. To mend: nothing to mend; to send all of it once more give --again',
    );
    expect(printed.at(-1)).toMatch(/│ +3 │ +0 │ +3 │ +0 │/);
    await run([again], { ledger: ledgerOf(), mode: 'again' });
    expect(sent()).toHaveLength(6);
  });
  it('in another way, such as with another mapping, is another', async () => {
    const path = await door.file('a.ndjson', lines(3).join('\n'));
    await run([path], { ledger: ledgerOf('one') });
    await run([path], { ledger: ledgerOf('another') });
    expect(sent()).toHaveLength(6);
  });
  it('leaves nothing of what it says on this machine', async () => {
    await run([await door.file('a.hl7', message())], { ledger: ledgerOf() });
    const [name = ''] = await readdir(join(door.folder, 'imports'));
    const file = join(door.folder, 'imports', name);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toMatch(/CANARY|110105|S-7/);
  });
});

describe('tubes and people in files of their own', () => {
  it('come in either order; late halves are sent when they are there, and nothing twice', async () => {
    const how = { sheet: BY_TUBE };
    const people = await door.file('p.csv', `${PEOPLE}${personRow('S-9', 'T-9')}\n`);
    const tubes = await door.file('t.csv', TUBES);
    const first = await run([tubes, people], { ...how, ledger: ledgerOf() });
    expect([first.status, sent().length]).toEqual([1, 3]);
    expect(first.printed.at(-1)).toMatch(/all +│ +6 │ +3 │ +0 │ +1 │ +2 │ +0 │ +0 │/);
    const late = await door.file('late.csv', `${TUBES_HEADER}\n${tubeRow('T-9', '阴性', '1')}\n`);
    const second = await run([people, tubes, late], { ...how, ledger: ledgerOf() });
    expect([second.status, sent().length]).toEqual([0, 4]);
    expect(JSON.parse(sent().at(-1) ?? '')).toMatchObject({ sampleId: 'S-9', tubeId: 'T-9' });
  });
  it('send a tube’s result anew that has been corrected', async () => {
    const how = { sheet: BY_TUBE };
    const people = await door.file('p.csv', PEOPLE);
    await run([people, await door.file('t.csv', TUBES)], { ...how, ledger: ledgerOf() });
    door.bodies = [];
    await run([people, await door.file('t.csv', TUBES.replace('阳性', '阴性'))], { ...how, ledger: ledgerOf() });
    expect(sent().map((json) => JSON.parse(json).result)).toEqual(['negative', 'negative', 'negative']);
    door.bodies = [];
    const back = await run([people, join(door.folder, 't.csv')], { ...how, ledger: ledgerOf(), mode: 'undo' });
    expect([back.status, sent().map((json) => JSON.parse(json).status)]).toEqual([
      0,
      ['retracted', 'retracted', 'retracted'],
    ]);
  });
});

describe('to take a file back', () => {
  it('retracts what was accepted of it, and nothing else; then it can come again', async () => {
    const csv = [HEADER, rowOf(), rowOf({ number: '1', sample: 'S-9' }), rowOf({ sample: 'S-8' }), ''].join('\n');
    const path = await door.file('a.csv', csv);
    const how = { ledger: ledgerOf(), sheet: MAPPING };
    await run([path], how);
    door.bodies = [];
    const { printed } = await run([path], { ...how, ledger: ledgerOf(), mode: 'undo' });
    expect(sent().map((json) => JSON.parse(json))).toMatchObject([
      { sampleId: 'S-7', status: 'retracted', reportIssuedAt: '2022-07-05T20:15+08:00', result: 'negative' },
      { sampleId: 'S-8', status: 'retracted' },
    ]);
    expect(printed).toContainEqual(expect.stringContaining('ignored: /a.csv: row 3: was not accepted'));
    door.bodies = [];
    await run([path], { ...how, ledger: ledgerOf(), mode: 'undo' });
    expect(sent()).toEqual([]);
    const { printed: third } = await run([path], { ...how, ledger: ledgerOf() });
    expect(third[0]).toContain('was taken back: 2 results');
    expect(sent()).toHaveLength(2);
  });
  it('says that an erasure or a retraction can’t be', async () => {
    const path = await door.file('a.ndjson', '{"type":"PersonErased"}\n{"status":"retracted","type":"TestReported"}');
    await run([path], { ledger: ledgerOf() });
    const { status, printed } = await run([path], { ledger: ledgerOf(), mode: 'undo' });
    expect([status, sent().length]).toEqual([1, 2]);
    expect(printed[0]).toContain('is an erasure, which can’t be taken back');
  });
});

describe('the numbers of results', () => {
  it('are a set, however they are added and taken out', () => {
    const step = fc.tuple(
      fc.constantFrom('add', 'delete', 'addRange', 'deleteRange'),
      fc.integer({ min: 1, max: 30 }),
      fc.nat(5),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const ranges = new Ranges();
        const set = new Set<number>();
        for (const [kind, number, more] of steps) {
          const last = number + (kind.endsWith('Range') ? more : 0);
          ranges[kind](number, last);
          for (let one = number; one <= last; one++)
            if (kind.startsWith('delete')) set.delete(one);
            else set.add(one);
        }
        expect(Array.from({ length: 40 }, (_, n) => ranges.has(n))).toEqual(
          Array.from({ length: 40 }, (_, n) => set.has(n)),
        );
        expect(ranges.count).toBe(set.size);
        const kept = ranges.toJSON();
        expect(kept.every(([first], at) => at === 0 || first > (kept[at - 1]?.[1] ?? 0) + 1)).toBe(true);
      }),
    );
  });
});
