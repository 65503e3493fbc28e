/**
 * The projects of the test suite, and how much of each runs at the same time. unit, property and simulation need no
 * socket. integration runs on real parts and scenario runs whole programs, which mostly wait: two files of either at a
 * time, each on parts of its own. faults comes last and alone, for it says how fast the exchange is back.
 */

import { defineConfig } from 'vitest/config';
import { LongestFirst } from './infra/tests/longest-first.ts';

/** On every core: vitest would leave one of them to a person who works beside it. */
const onAllCores = { maxWorkers: '100%' } as const;
/** Longer than any wait in a test takes to give up: a wait says what didn't come about, these limits don't. */
const onRealParts = { testTimeout: 300_000, hookTimeout: 240_000, maxWorkers: 2 } as const;
/**
 * A worker loads each module once for all of its files, not once for each file. A test that changes what others share
 * (the clock, `fetch`, the environment, the modules) therefore gives it back.
 */
const oneLoad = { isolate: false } as const;
/**
 * Node loads the sources itself, as it does those of a service: it strips the types, and keeps what it compiled. So no
 * module is transformed and run by other rules than in earnest.
 */
const loadedByNode = { experimental: { viteModuleRunner: false } } as const;
const FAULTS = 'test/scenario/faults.test.ts';
/** Projects of a later group wait for those of an earlier one. */
const group = (groupOrder: number) => ({ sequence: { groupOrder } });

export default defineConfig({
  test: {
    ...loadedByNode,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          ...oneLoad,
          ...onAllCores,
          ...group(0),
        },
      },
      {
        test: {
          name: 'property',
          include: ['test/property/**/*.test.ts'],
          testTimeout: 120_000,
          ...oneLoad,
          ...onAllCores,
          ...group(0),
        },
      },
      // A thousand seeds take a core for half a minute.
      {
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          testTimeout: 300_000,
          ...onAllCores,
          ...group(0),
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: 'test/support/parts.ts',
          ...oneLoad,
          ...onRealParts,
          ...group(1),
        },
      },
      {
        test: {
          name: 'scenario',
          include: ['test/scenario/**/*.test.ts'],
          exclude: [FAULTS],
          ...onRealParts,
          ...group(1),
        },
      },
      { test: { name: 'faults', include: [FAULTS], ...onRealParts, ...group(2) } },
    ],
  },
});
