/** A folder whose files are imported: what is moved where, and what stays. */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FOLDER_DEFAULTS, importFolder } from '#services/cli/import/folder.ts';
import { importFiles } from '#services/cli/import/import.ts';
import { SENDER_DEFAULTS } from '#services/cli/shared/sender.ts';
import { AS_PASSPORT } from '#test/unit/exchange/formats/support.ts';
import { accept } from '#test/unit/services/cli/shared/fake-door.ts';
import { importsForEachTest, lines } from './imports.ts';

const { door, sent, ledgerOf } = importsForEachTest();

describe('a folder', () => {
  const FAST = { ...FOLDER_DEFAULTS, lookEveryMs: 5, awayMs: 5, form: 'csv', isWatched: false } as const;
  const one = (path: string, print: (line: string) => void) =>
    importFiles(
      [path],
      {
        sender: { ...SENDER_DEFAULTS, url: door.url, firstWaitMs: 1, retriesMax: 0 },
        token: async () => 'token',
        format: null,
        mapping: AS_PASSPORT,
        ledger: ledgerOf(),
        reporting: { form: 'csv', language: 'en' },
      },
      print,
    );
  const inFolder = () => join(door.folder, 'in');
  async function filled(files: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(inFolder());
    for (const [name, text] of Object.entries(files)) await writeFile(join(inFolder(), name), text);
  }

  it('is emptied into done and refused, each with its report, and what is being written stays', async () => {
    await filled({ 'a.ndjson': lines(2).join('\n'), 'b.ndjson': '{"n":1}\noops', 'c.part': 'x', '~$d.xlsx': 'x' });
    const printed: string[] = [];
    const signal = new AbortController().signal;
    expect(await importFolder(inFolder(), one, { ...FAST, signal }, (line) => printed.push(line))).toBe(1);
    expect(printed).toEqual(['a.ndjson: done', 'b.ndjson: refused']);
    expect(await readdir(inFolder(), { recursive: true }).then((names) => names.toSorted())).toEqual([
      'c.part',
      'done',
      'done/a.ndjson',
      'done/a.ndjson.report.csv',
      'refused',
      'refused/b.ndjson',
      'refused/b.ndjson.report.csv',
      '~$d.xlsx',
    ]);
    const report = await readFile(join(inFolder(), 'refused/b.ndjson.report.csv'), 'utf8');
    expect(report).toMatch(/^\ufefffile,what,count[^]*refused,1,,is not a JSON object/);
  });
  it('gives a second file of one name a name of its own', async () => {
    await filled({ 'a.ndjson': '{"n":1}' });
    const signal = new AbortController().signal;
    await importFolder(inFolder(), one, { ...FAST, signal }, () => undefined);
    await writeFile(join(inFolder(), 'a.ndjson'), '{"n":2}');
    await importFolder(inFolder(), one, { ...FAST, signal }, () => undefined);
    expect(await readdir(join(inFolder(), 'done'))).toContain('a-2.ndjson');
  });
  it('keeps what the door was away for, and goes on when it is watched', async () => {
    await filled({ 'a.ndjson': lines(2).join('\n') });
    door.handler = (_, response) => void response.writeHead(503).end();
    const stop = new AbortController();
    expect(await importFolder(inFolder(), one, { ...FAST, signal: stop.signal }, () => undefined)).toBe(3);
    expect(await readdir(inFolder())).toEqual(['a.ndjson']);
    door.handler = accept;
    const watching = importFolder(inFolder(), one, { ...FAST, isWatched: true, signal: stop.signal }, (line) => {
      if (line === 'b.ndjson: done') stop.abort();
      else void writeFile(join(inFolder(), 'b.ndjson'), '{"n":"b"}');
    });
    expect(await watching).toBe(0);
    expect(sent()).toContain('{"n":"b"}');
  });
});
