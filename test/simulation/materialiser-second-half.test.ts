/**
 * The consume-merge-commit loop under everything that may go wrong, decided by a seed: at every moment each stored view
 * is the fold of exactly what lies below its position and its freshness claims no more; and when nothing goes wrong any
 * more, all is as the log says. The second half of the seeds.
 */

import { testSeeds } from '#test/support/simulation/seeds.ts';

testSeeds('second');
