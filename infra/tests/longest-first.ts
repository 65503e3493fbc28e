/**
 * The order in which test files start: those that take longest come first, so that no worker is left with one of them
 * when the others are done. Vitest alone would go by how large a file is, until it has timed it. It must never leave a
 * file out.
 */

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** From the longest on, by what the summary of `make test` prints. */
export const LONGEST: readonly string[] = [
  'test/integration/log-republish.test.ts',
  'test/integration/cluster.test.ts',
  'test/integration/view-rebuild.test.ts',
  'test/scenario/demo.test.ts',
  'test/scenario/how-to-add.test.ts',
  'test/integration/history.test.ts',
  'test/integration/lookup.test.ts',
  'test/integration/tags.test.ts',
  'test/integration/producers.test.ts',
  'test/integration/dead-letters.test.ts',
  'test/integration/launcher.test.ts',
  'test/integration/poison.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return inOrder(await super.sort(files));
  }
}

/** The longest, in their order, before all others, which stay in theirs. */
export function inOrder<F extends Pick<TestSpecification, 'moduleId'>>(files: readonly F[]): F[] {
  const placeOf = ({ moduleId }: F): number => {
    const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}`));
    return place < 0 ? LONGEST.length : place;
  };
  return files.toSorted((a, b) => placeOf(a) - placeOf(b));
}
