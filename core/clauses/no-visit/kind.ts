/** The kind of clause `no_visit`, put together: what each part is, its own file says. */

import { boundaries } from './boundaries.ts';
import { faults, obstacles } from './faults.ts';
import { judge, looksAt } from './judge.ts';
import { schema } from './schema.ts';
import { words } from './words.ts';

export const noVisit = { schema, judge, looksAt, words, faults, obstacles, boundaries };
