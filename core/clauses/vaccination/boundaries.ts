/** Where a clause `vaccination` may come out otherwise. */

import type { Boundaries } from '#core/terms/boundaries.ts';

/** None among test records: it looks at doses. */
export const boundaries = (): Boundaries[] => [];
