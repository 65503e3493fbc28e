/**
 * The projects of the test suite. unit, property and simulation need no socket and run in parallel; integration and
 * scenario run on the real parts, one file at a time, for the parts would otherwise compete for the machine and fail on
 * its slowness.
 */

import { defineConfig } from 'vitest/config';

/** On every core: vitest would leave one of them to a person who works beside it. */
const onAllCores = { maxWorkers: '100%' } as const;
const onRealParts = { fileParallelism: false, maxWorkers: 1, hookTimeout: 240_000 } as const;
/**
 * A worker loads each module once for all of its files, not once for each file. A test that changes what others share
 * (the clock, `fetch`, the environment, the modules) therefore gives it back.
 */
const oneLoad = { isolate: false } as const;
/** Projects of a later group wait for those of an earlier one. */
const group = (groupOrder: number) => ({ sequence: { groupOrder } });

export default defineConfig({
  test: {
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
      // Ten thousand seeds take a core for a minute or two.
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
          // Longer than any wait in a test takes to give up: a wait says what didn't come about, this limit doesn't.
          testTimeout: 300_000,
          globalSetup: 'test/support/parts.ts',
          ...onRealParts,
          ...group(1),
        },
      },
      {
        test: {
          name: 'scenario',
          include: ['test/scenario/**/*.test.ts'],
          testTimeout: 300_000,
          ...onRealParts,
          ...group(2),
        },
      },
    ],
  },
});
