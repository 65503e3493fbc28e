/** The kind of clause `tests`, put together: what each part is, its own file says. */

import { boundaries } from './boundaries.ts';
import { faults, obstacles, unequal } from './faults.ts';
import { judge, looksAt } from './judge.ts';
import { schema } from './schema.ts';
import { words } from './words.ts';

export const tests = { schema, judge, looksAt, words, faults, obstacles, unequal, boundaries };
