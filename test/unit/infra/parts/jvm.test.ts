/** What the servers' virtual machines are told: their heap and pace, and the class archive where there is one. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { archiveOf, archiving, jvmArgs } from '#infra/parts/jvm.ts';
import type { PartPlan } from '#infra/process/part.ts';

const HEAP = { heapMinMb: 128, heapMaxMb: 384 } as const;

it('compiles fast and once for a stack of minutes, and thoroughly for one that lasts', () => {
  const args = (pace: 'quick' | 'lasting') => jvmArgs({ ...HEAP, pace, classArchive: '/nowhere' });
  expect(args('quick')).toEqual(['-Xms128m', '-Xmx384m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']);
  expect(args('lasting')).not.toContain('-XX:TieredStopAtLevel=1');
});

it('reads the class archive of its server where make install has put one, and none that is missing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-jvm-'));
  try {
    writeFileSync(archiveOf(folder, 'kafka'), '');
    const read = (server: 'kafka' | 'registry') =>
      jvmArgs({ ...HEAP, pace: 'quick', classArchive: archiveOf(folder, server) }).filter((one) =>
        one.includes('.jsa'),
      );
    expect(read('kafka')).toEqual([`-XX:SharedArchiveFile=${folder}/kafka.jsa`]);
    expect(read('registry')).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('what stands before the registry was given options of Java, and no archive was made', () => {
  const argsOf = (name: string) => archiving({ name, args: ['main'] } as Partial<PartPlan> as PartPlan, '/in', 1).args;
  expect(argsOf('registry')).toEqual(['-XX:ArchiveClassesAtExit=/in/registry.jsa', 'main']);
  expect(argsOf('registry-guard')).toEqual(['main']);
});
