/** docs/settings.md says what the environment may say: every setting that is read, its default and its bounds. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { readDemoSettings } from '#exercises/demo/settings.ts';
import { readScaleSettings } from '#exercises/scale/settings.ts';
import { readSettings } from '#infra/process/settings.ts';
import { SETTINGS } from '#platform/config.ts';
import { POLICIES, ROOT } from '#platform/folders.ts';
import { codeIn, readDocument, rowsOf } from '#test/support/markdown.ts';
import { readShare } from '#test/support/runs.ts';
import { readSimulationSettings } from '#test/support/simulation/settings.ts';
import { SOURCES } from '#test/support/sources.ts';

interface Row {
  readonly name: string;
  readonly type: string;
  readonly byDefault: string;
  readonly bounds: string;
}

const sections = readDocument('docs/settings.md').split(/^## /m).map(rowsOf);
const rowOf = ([name = '', type = '', byDefault = '', bounds = '']: readonly string[]): Row => ({
  name: codeIn(name)[0] ?? name,
  type,
  byDefault,
  bounds,
});
const ofServices = (sections[1] ?? []).map(rowOf);
const ofLauncher = (sections[2] ?? []).map(rowOf);
const ofExercises = (sections[3] ?? []).map(([name = '', of = '', ...cells]) => ({
  ...rowOf([name, ...cells]),
  command: codeIn(of)[0] ?? of,
}));
const names = (rows: readonly Row[]): string[] => rows.map(({ name }) => name);

/** Defaults that are said in words, and what makes the words true. */
const IN_WORDS: Readonly<Record<string, readonly [words: string, value: unknown]>> = {
  HUTONG_PERSON_KEY_SECRETS: ['empty', ''],
  HUTONG_ISSUER: ['empty', ''],
  HUTONG_TLS_CRL: ['empty', ''],
  HUTONG_DOOR: ['empty', ''],
  HUTONG_PROVINCES: [`all ${PROVINCE_CODES.length} codes`, PROVINCE_CODES.join(',')],
  HUTONG_POLICIES: ['the folder `policies/` of the project', POLICIES],
};

describe('the settings of the services', () => {
  it('are those of platform/config.ts, in its order, and no other', () => {
    expect(names(ofServices)).toEqual(Object.keys(SETTINGS.properties));
  });
  it.each(ofServices)('has the type, the default and the bounds that it says: $name', (row) => {
    const schema = SETTINGS.properties[row.name as keyof typeof SETTINGS.properties] as {
      readonly type?: string;
      readonly default: unknown;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly anyOf?: readonly { readonly const: string }[];
      readonly pattern?: string;
      readonly minLength?: number;
    };
    const [words, value] = IN_WORDS[row.name] ?? [`\`${String(schema.default)}\``, schema.default];
    expect(row.byDefault).toBe(words);
    expect(schema.default).toBe(value);
    if (schema.type === 'integer') {
      expect(row.type).toBe('whole number');
      expect(row.bounds).toBe(`${schema.minimum} to ${schema.maximum}`);
      return;
    }
    expect(row.type).toBe('text');
    if (schema.anyOf !== undefined) expect(codeIn(row.bounds)).toEqual(schema.anyOf.map(({ const: one }) => one));
    if (schema.pattern !== undefined || schema.minLength !== undefined) expect(row.bounds).not.toBe('');
  });
});

const isPort = ({ name }: Row): boolean => name.endsWith('_PORT');

describe('the settings of the launcher', () => {
  it.each(ofLauncher.filter(isPort))('takes the ports that it says, and no other: $name', ({ name, bounds }) => {
    expect(bounds).toBe('0 to 65535');
    for (const port of ['0', '65535']) expect(readSettings({ [name]: port }).ports).toEqual({ [name]: Number(port) });
    for (const port of ['-1', '65536', 'x']) expect(() => readSettings({ [name]: port })).toThrow(name);
  });
  it('take the folders and flags that they say', () => {
    const rows = new Map(ofLauncher.map((row) => [row.name, row]));
    const { runDir, cacheDir, keepData, topology, servers } = readSettings({});
    expect(runDir).toBe(join(ROOT, codeIn(rows.get('RUN_DIR')?.byDefault ?? '')[0] ?? ''));
    expect(readScaleSettings({}).runDir).toBe(join(ROOT, codeIn(rows.get('RUN_DIR')?.byDefault ?? '')[2] ?? ''));
    expect(cacheDir).toBe(join(ROOT, codeIn(rows.get('CACHE_DIR')?.byDefault ?? '')[0] ?? ''));
    expect({ keepData, topology, servers }).toEqual({ keepData: false, topology: 'single', servers: {} });
    for (const flag of ['KEEP_DATA', 'CLUSTER']) expect(rows.get(flag)).toMatchObject({ type: 'flag', bounds: '`1`' });
    expect(readSettings({ KEEP_DATA: '1', CLUSTER: '1' })).toMatchObject({ keepData: true, topology: 'cluster' });
  });
  it('are all in the help of the launcher, but for those that nobody sets', () => {
    const help = readFileSync(join(ROOT, 'infra/launcher.ts'), 'utf8');
    const missing = names(ofLauncher).filter((name) => !new RegExp(`\\b${name}\\b`).test(help));
    expect(missing).toEqual(['HUTONG_STACK', 'HUTONG_PLANTED_BUG']);
  });
});

const READ: Readonly<Record<string, (environment: NodeJS.ProcessEnv) => unknown>> = {
  'make demo': (environment) => readDemoSettings(environment, []),
  'make scale': readScaleSettings,
  'make simulate': readSimulationSettings,
};
/** Where the command keeps what a setting says: EVENTS in `events`, LOAD_SECONDS in `loadSeconds`. */
const keyOf = (name: string): string =>
  name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const NUMBERS = ofExercises.filter(({ type, command }) => type.endsWith('number') && command in READ);

describe('the settings of the exercises', () => {
  it.each(NUMBERS)('takes what it says, and no more: $name of $command', ({ name, command, bounds, byDefault }) => {
    const read = (text: string): unknown =>
      (READ[command]?.({ [name]: text }) as Record<string, unknown> | undefined)?.[keyOf(name)];
    const [min = 0, max = null] = bounds
      .split(/ to | or more/)
      .filter(Boolean)
      .map(Number);
    for (const bound of [min, ...(max === null ? [] : [max])]) expect(read(String(bound))).toBe(bound);
    for (const beyond of [min - 1, ...(max === null ? [] : [max + 1])])
      expect(() => read(String(beyond))).toThrow(name);
    if (byDefault.startsWith('`')) expect(`\`${String(read(''))}\``).toBe(byDefault);
    if (byDefault === 'none') expect(read('')).toBeNull();
  });
  it('reckon from the events what they say', () => {
    for (const events of [20_000, 200_000, 505_000, 5_000_000]) {
      const { streamSeconds, loadSeconds } = readDemoSettings({ EVENTS: String(events) }, []);
      expect(streamSeconds).toBe(Math.max(6, events / 12_500));
      expect(loadSeconds).toBe(Math.min(5, Math.max(2, events / 50_000)));
    }
    expect(readScaleSettings({ LOAD_SECONDS: '' }).copies).toEqual([1, 2, 4]);
    expect(readShare(undefined)).toBe(1);
  });
});

describe('every setting that is read', () => {
  const sources = SOURCES.filter(({ file }) =>
    /^(platform|exchange|services|infra|exercises)\/|^test\/support\//.test(file),
  );
  const rows = [...ofServices, ...ofLauncher, ...ofExercises];
  /** As they stand in the sources; `HUTONG_${…}` is that of a server, which the help of the launcher spells out. */
  const ours = new Set(sources.flatMap(({ text }) => text.match(/\bHUTONG_[A-Z][A-Z_]*[A-Z]\b/g) ?? []));
  const others = new Set(
    sources
      .filter(({ file }) => /^exercises\/|\/settings\.ts$/.test(file))
      .flatMap(({ text }) => [...text.matchAll(/\b(?:environment\[|number\(|numberOf\(|given\()'([A-Z_]+)'/g)])
      .map(([, name]) => name as string)
      .filter((name) => !name.startsWith('HUTONG_')),
  );
  it('has a row, and only what is read has one', () => {
    expect(new Set(names(rows))).toEqual(new Set([...ours, ...others]));
  });
});
