/** A graph of imports: whether it has a circle, and which. */

import { describe, expect, it } from 'vitest';
import { circleIn } from '#test/support/graph.ts';

describe('a circle', () => {
  it('is named along its way', () => {
    const graph = new Map([
      ['a', new Set(['b', 'd'])],
      ['b', new Set(['c'])],
      ['c', new Set(['b'])],
      ['d', new Set<string>()],
    ]);
    expect(circleIn(graph)).toEqual(['b', 'c', 'b']);
  });
  it('is none where two ways lead to the same', () => {
    const graph = new Map([
      ['a', new Set(['b', 'c'])],
      ['b', new Set(['d'])],
      ['c', new Set(['d'])],
    ]);
    expect(circleIn(graph)).toBeNull();
  });
});
