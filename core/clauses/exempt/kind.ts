/** The kind of clause `exempt`, put together: what each part is, its own file says. */

import { boundaries } from './boundaries.ts';
import { faults, obstacles } from './faults.ts';
import { judge, looksAt } from './judge.ts';
import { schema } from './schema.ts';
import { words, wordsAsCondition } from './words.ts';

export const exempt = { schema, judge, looksAt, words, wordsAsCondition, faults, obstacles, boundaries };
