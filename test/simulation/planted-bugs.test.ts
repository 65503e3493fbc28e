/**
 * That the simulation would find what it is there to find: one mechanism after the other is taken out of the instances,
 * or a rule out of the merge, and some seed goes wrong each time.
 */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { DAY_MS } from '#core/field/time.ts';
import type { merge as realMerge } from '#core/view/merge.ts';
import type { agedAt as realAgedAt } from '#core/view/retention.ts';
import type { Watermark, WatermarkTracker as RealTracker } from '#exchange/fold/watermark-tracker.ts';
import { PLANTED_BUGS } from '#exercises/planted/planted-bugs.ts';
import { PLANTED_VARIANTS } from '#test/support/simulation/planted.ts';
import { firstFault } from '#test/support/simulation/run.ts';

type Merge = typeof realMerge;
type Aged = typeof realAgedAt;

/** What the services merge with; a planted merge is the real one beneath. */
const merging = vi.hoisted(() => ({ planted: null as Merge | null, isWithin: false }));

vi.mock('#core/view/merge.ts', async (importReal) => {
  const real = await importReal<{ merge: Merge }>();
  const merge: Merge = (view, event) => {
    if (merging.planted === null || merging.isWithin) return real.merge(view, event);
    merging.isWithin = true;
    try {
      return merging.planted(view, event);
    } finally {
      merging.isWithin = false;
    }
  };
  return { ...real, merge };
});

const ageing = vi.hoisted(() => ({ planted: null as ((real: Aged) => Aged) | null }));

vi.mock('#core/view/retention.ts', async (importReal) => {
  const real = await importReal<{ agedAt: Aged }>();
  const agedAt: Aged = (view, acceptedUpToMs) => (ageing.planted?.(real.agedAt) ?? real.agedAt)(view, acceptedUpToMs);
  return { ...real, agedAt };
});

const tracking = vi.hoisted(() => ({ believesFormer: false }));

vi.mock('#exchange/fold/watermark-tracker.ts', async (importReal) => {
  const real = await importReal<{ WatermarkTracker: typeof RealTracker }>();
  class WatermarkTracker extends real.WatermarkTracker {
    override add(watermark: Watermark, clockMs: number): void {
      super.add(tracking.believesFormer ? { ...watermark, epoch: Number.MAX_SAFE_INTEGER } : watermark, clockMs);
    }
  }
  return { ...real, WatermarkTracker };
});

afterEach(() => {
  tracking.believesFormer = false;
  ageing.planted = null;
  merging.planted = null;
});

const SEEDS_MAX = 200;

describe(`the simulation finds it within ${SEEDS_MAX} seeds when`, () => {
  it.each(Object.entries(PLANTED_VARIANTS))('%s', async (_name, planted) => {
    expect(await firstFault(1, SEEDS_MAX, planted)).not.toBeNull();
  });
});

it(`the simulation finds within ${SEEDS_MAX} seeds that a former process of an instance is believed`, async () => {
  tracking.believesFormer = true;
  expect(await firstFault(1, SEEDS_MAX)).not.toBeNull();
});

const STORMS = Object.entries(PLANTED_VARIANTS).flatMap(([name, { storm }]) =>
  storm === undefined ? [] : [{ name, storm }],
);
const SEEDS_OF_A_STORM = 5;

describe('it is the mistake that shows, not the storm, when', () => {
  it.each(STORMS)('$name', async ({ storm }) => {
    expect(await firstFault(1, SEEDS_OF_A_STORM, { storm })).toBeNull();
  });
});

/**
 * Versions of a register that the simulation’s people have; what cuts lists and days is the property tests’ to find.
 */
const RULES_OF_VERSIONS = [
  'the status rank is ignored: the later issue wins',
  'the last to arrive wins among equals',
  'a retraction deletes, so that a late report revives the register',
  'a retraction outranks whatever is issued after it',
  'a retraction is forgotten once a report stands after it',
  'a report of a lower rank is forgotten though it was issued later',
  'a green takes the province’s older codes away, so that it matters which came first',
];
describe(`the simulation finds within ${SEEDS_MAX} seeds that in the merge`, () => {
  it.each(RULES_OF_VERSIONS)('%s', async (name) => {
    merging.planted = PLANTED_BUGS[name] as Merge;
    expect(await firstFault(1, SEEDS_MAX)).not.toBeNull();
  });
});

const LEAVES_NO_TRACE =
  (real: Aged): Aged =>
  (view, acceptedUpToMs) => ({
    ...real(view, acceptedUpToMs),
    datedTestsCuts: view.datedTestsCuts,
    samplingsCuts: view.samplingsCuts,
  });
const KEEPS_A_DAY_TOO_LONG =
  (real: Aged): Aged =>
  (view, acceptedUpToMs) =>
    real(view, acceptedUpToMs - DAY_MS);
const NEVER_AGES = (): Aged => (view) => view;

describe(`the simulation finds within ${SEEDS_MAX} seeds that`, () => {
  it.each([
    ['what is too old leaves no trace', LEAVES_NO_TRACE],
    ['a day is kept too long', KEEPS_A_DAY_TOO_LONG],
    ['nothing is ever too old', NEVER_AGES],
  ])('%s', async (_name, planted) => {
    ageing.planted = planted;
    expect(await firstFault(1, SEEDS_MAX)).not.toBeNull();
  });
});
