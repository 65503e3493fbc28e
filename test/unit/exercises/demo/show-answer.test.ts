/** An answer in short, as the demo prints it. */

import { expect, it } from 'vitest';
import { inShort } from '#exercises/demo/show-answer.ts';

it.each([
  ['recognised', true, 'recognised'],
  ['recognised', null, 'recognised'],
  ['recognised', false, 'recognised, but barred'],
  ['not_recognised', false, 'not_recognised'],
])('%s, and one may go in: %s', (outcome, mayGoIn, said) => {
  expect(inShort({ outcome, mayGoIn })).toBe(said);
});
