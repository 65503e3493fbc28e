/** Where a clause `no_visit` may come out otherwise. */

import type { Boundaries } from '#core/terms/boundaries.ts';

/** None among test records: it looks at stays. */
export const boundaries = (): Boundaries[] => [];
