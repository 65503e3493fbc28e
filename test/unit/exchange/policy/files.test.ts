/**
 * The rules that ship can be used, and a wrong file is named with its field and its mend.
 */

import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type NoneKnown, type RuleInForce, rulesIn } from '#core/book/selected.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { PURPOSES, purposeOf } from '#core/rules/purpose.ts';
import { loadPolicies, readPolicies } from '#exchange/policy/files.ts';
import { at } from '#exercises/town/events.ts';
import { HutongError } from '#platform/errors.ts';
import { POLICIES } from '#platform/folders.ts';
import { ruleAt } from '#test/support/lookup.ts';
import { ChangeableRules, shippedBook } from '#test/support/policies.ts';

const NOTICE = 'http://hdsswj.hd.gov.cn/yiqingfangkong/n3783.html';
/** Whose figures hold for journeys, hotels and sights. */
const BRIEFING = 'https://m.chinaxiaokang.com/wap/news/shizheng/2022/1117/1376989.html';
const NATIONAL_SOURCES = new Set([NOTICE, BRIEFING]);
const SHIPPED = POLICIES;

describe('the rules that ship', () => {
  it('have no faults', async () => {
    expect((await readPolicies(SHIPPED)).faults).toEqual([]);
  });
  it.each([
    '2021-06-01T00:00+08:00',
    '2022-06-01T00:00+08:00',
    '2022-07-15T12:00+08:00',
    '2022-07-29T00:00+08:00',
    '2022-12-01T00:00+08:00',
    '2026-03-02T12:00+08:00',
  ])('judge each destination and purpose at %s, or say that none is known and what was searched', async (time) => {
    const book = await shippedBook();
    const isOf2022 = time.startsWith('2022');
    for (const province of PROVINCE_CODES)
      for (const purpose of PURPOSES) {
        const selected = book.select({ destination: province, purpose, kind: null, place: null }, at(time));
        const judging = rulesIn(selected);
        expect(judging.filter(({ rule }) => !rule.confirmed)).toEqual([]);
        if (judging.length > 0) continue;
        const found = book.searched.at(province, purpose, null, at(time));
        expect([province, purpose, found !== null || !isOf2022]).toEqual([province, purpose, true]);
      }
  });
  it('give at least 15 provinces a window of their own, from sources of grade A or B', async () => {
    const { rules } = await shippedBook();
    const sourced = rules.filter(
      ({ confirmed, national, results, sources }) =>
        confirmed &&
        !national &&
        results.length > 0 &&
        sources.some(({ reliability, url }) => reliability !== 'C' && !NATIONAL_SOURCES.has(url ?? '')),
    );
    const windows = sourced.filter(({ sources }) => !sources.some(({ url }) => url === BRIEFING));
    expect(new Set(windows.map(({ owner }) => owner)).size).toBeGreaterThanOrEqual(15);
  });
  it('never put in force what rests on unconfirmed sources alone', async () => {
    const book = await shippedBook();
    const { rules } = book;
    const unconfirmed = new Set(rules.filter(({ confirmed }) => !confirmed));
    expect(unconfirmed.size).toBeGreaterThan(10);
    for (const rule of unconfirmed)
      for (const purpose of rule.purposes)
        expect(ruleAt(book, rule.owner as ProvinceCode, purposeOf(purpose), rule.inForceFromMs)?.rule).not.toBe(rule);
  });
  it.each([
    ['54', 'entry', '00/journeys', 2],
    ['54', 'hotel', '00/stays', 2],
    ['11', 'entry', '11/entry', 10],
    ['11', 'public_place', '11/public-place', 9],
    ['31', 'public_place', '31/public-place', 4],
    ['44', 'public_place', '44/public-place', 4],
    ['43', 'hospital', null, null],
  ] as const)('%s, %s: %s version %i was in force on 30 November 2022', async (destination, purpose, id, version) => {
    const instantMs = at('2022-11-30T12:00+08:00');
    const selected = (await shippedBook()).select({ destination, purpose, kind: null, place: null }, instantMs);
    const { rule } = selected.kinds?.at(-1)?.policy ?? (selected as RuleInForce | NoneKnown);
    expect([rule?.id ?? null, rule?.version ?? null]).toEqual([id, version]);
  });
});

/** On which line a text first stands. */
const lineIn = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

describe('a wrong file', () => {
  const FILE = '31-shanghai/public-place-v3.json';
  const rules = new ChangeableRules(['00-national', '31-shanghai', '44-guangdong', '66-xpcc']);
  const { folder } = rules;
  afterEach(() => rules.putRight());
  afterAll(() => rules.remove());

  async function change(from: string, to: string): Promise<void> {
    const text = await readFile(join(folder, FILE), 'utf8');
    expect(text).toContain(from);
    await writeFile(join(folder, FILE), text.replace(from, to));
  }

  it.each([
    ['"unit": "hours"', '"unit": "minutes"', '/clauses/0/window/unit', 'use hours, calendar_days'],
    ['"length": 72', '"length": 0', '/clauses/0/window/length', 'it must be >= 1'],
    ['"length": 72', '"length": "72"', '/clauses/0/window/length', 'write a whole number'],
    ['"kind": "sampling"', '"kind": "antibody"', '/clauses/1/kind', 'use result, sampling, tests'],
    ['"31", "32"', '"31", "99"', '/clauses/1/from/1', 'use 11, 12'],
    ['"report_issued"', '"sampled"', '/clauses/0/countFrom', 'write ["report_issued"], or end the version'],
    ['"positive"', '"positiv"', '/positive', 'add it'],
    ['"until": "2022-11-24T00:00+08:00"', '"until": "tomorrow"', '/inForce/until', 'it must match'],
    ['"version": 3', '"version": 4', '/id', 'move it to 31-<name>/public-place-v4.json'],
    ['"id": "31/public-place"', '"id": "44/public-place"', '/id', 'begin the id with the province’s code'],
    [
      '"from": "2022-07-29T00:00+08:00"',
      '"from": "2022-07-28T00:00+08:00"',
      '/inForce',
      'end the older one where the newer begins',
    ],
    ['{', '{,', '', 'take the comma out'],
  ])('%s → %s', async (from, to, pointer, mend) => {
    const before = await readFile(join(folder, FILE), 'utf8');
    await change(from, to);
    const { faults } = await readPolicies(folder);
    expect(faults).toContainEqual({
      file: FILE,
      line:
        mend === 'add it' ? 1 : lineIn(before, ['/id', '/inForce'].includes(pointer) ? `"${pointer.slice(1)}"` : from),
      column: expect.any(Number),
      pointer,
      detail: expect.any(String),
      mend: expect.stringContaining(mend),
    });
  });
  it.each([
    ['"from": "all"', '"from": ["31"],\n      "from": "all"', '/clauses/0/from', 'is there twice'],
    [
      '"inForce"',
      '"inForce": { "from": "2030-01-01T00:00+08:00", "until": null },\n  "inForce"',
      '/inForce',
      'is there twice',
    ],
    ['"version": 3,', '"version": 3, // the third', '', 'has a comment'],
    ['{', '\uFEFF{', '', 'begins with a byte order mark'],
  ])('that a human reads differently: %s → %s', async (from, to, pointer, detail) => {
    await change(from, to);
    expect((await readPolicies(folder)).faults).toEqual([
      {
        file: FILE,
        line: expect.any(Number),
        column: expect.any(Number),
        pointer,
        detail: expect.stringContaining(detail),
        mend: expect.any(String),
      },
    ]);
  });
  it('whose Chinese title is no UTF-8', async () => {
    const bytes = await readFile(join(folder, FILE));
    const at = bytes.indexOf('"zh": "') + 7;
    await writeFile(
      join(folder, FILE),
      Buffer.concat([bytes.subarray(0, at), Buffer.from([0xc9, 0xcf]), bytes.subarray(at)]),
    );
    expect((await readPolicies(folder)).faults).toMatchObject([
      { file: FILE, line: lineIn(bytes.toString(), '"zh"'), detail: 'is not UTF-8' },
    ]);
  });
  it('that is empty', async () => {
    await writeFile(join(folder, FILE), '');
    expect((await readPolicies(folder)).faults).toMatchObject([{ file: FILE, line: 1, column: 1, detail: 'is empty' }]);
  });
  it.each([
    'public-place-v4.jsonc',
    'public-place-v4.json5',
    'public-place-v4.JSON',
    'public-place-v4.json.bak',
    'public-place-v4',
  ])('that would be ignored silently: %s', async (name) => {
    await writeFile(join(folder, '31-shanghai', name), '{}');
    expect((await readPolicies(folder)).faults).toMatchObject([
      {
        file: `31-shanghai/${name}`,
        line: null,
        detail: 'is not read: only .json files are',
        mend: expect.stringContaining('rename it to .json'),
      },
    ]);
  });
  it('that can’t be read is named', async () => {
    await symlink('nowhere', join(folder, '31-shanghai/public-place-v9.json'));
    await mkdir(join(folder, '31-shanghai/folder-v1.json'));
    expect((await readPolicies(folder)).faults).toEqual([
      {
        file: '31-shanghai/public-place-v9.json',
        line: null,
        column: null,
        pointer: '',
        detail: 'is not there',
        mend: 'correct the name',
      },
    ]);
  });
  it('stops the service, which says where', async () => {
    await change('"unit": "hours"', '"unit": "minutes"');
    const error = await loadPolicies(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HutongError);
    expect(error).toMatchObject({
      code: 'POLICY_INVALID',
      retriable: false,
      message: expect.stringMatching(
        `${FILE}:\\d+:\\d+ /clauses/0/window/unit: is not one of the choices; use hours, calendar_days`,
      ),
    });
  });
  it.each([
    [
      '44-guangdong',
      '"national": "green"',
      '"national": "yellow"',
      '/states/0/national',
      'write green: green passes everywhere as such',
    ],
    [
      '44-guangdong',
      '"green": "green"',
      '"green": "yellow"',
      '/fromNational/green',
      'write green: green from anywhere passes as such',
    ],
    ['44-guangdong', '"yellow": "yellow"', '"yellow": "orange"', '/fromNational/yellow', 'use green, yellow, red'],
    ['44-guangdong', ', "red": "red" }', ' }', '/fromNational', 'say what each national state becomes here'],
    [
      '44-guangdong',
      '"national": "red"',
      '"national": "purple"',
      '/states/2/national',
      'use green, yellow, red, or null',
    ],
    ['44-guangdong', '"state": "yellow"', '"state": "red"', '/states/2/state', 'name each state once'],
    ['44-guangdong', '"way": "through_national_code"', '"way": "recognition_data"', '/fromNational', 'take it out'],
    ['44-guangdong', '"province": "44"', '"province": "45"', '/province', 'move it to 45-<name>/code.json'],
    ['66-xpcc', '"way": "national_code"', '"way": "recognition_data"', '/states', 'add green'],
  ])('a table of codes: %s %s → %s', async (province, from, to, pointer, mend) => {
    const file = `${province}/code.json`;
    const text = await readFile(join(folder, file), 'utf8');
    expect(text).toContain(from);
    await writeFile(join(folder, file), text.replace(from, to));
    expect((await readPolicies(folder)).faults).toContainEqual({
      file,
      line: expect.any(Number),
      column: expect.any(Number),
      pointer,
      detail: expect.any(String),
      mend: expect.stringContaining(mend),
    });
  });
});
