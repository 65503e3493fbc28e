/** What is made when it is first asked for. */

import { expect, it } from 'vitest';
import { lazily } from '#platform/lazily.ts';

it('makes nothing before it is asked, and then the same one for ever', () => {
  const made: object[] = [];
  const one = lazily(() => {
    const thing = {};
    made.push(thing);
    return thing;
  });
  expect(made).toEqual([]);
  expect(one()).toBe(one());
  expect(made).toHaveLength(1);
});
