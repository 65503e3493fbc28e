/** Where a clause `duty` may come out otherwise. */

import type { Boundaries } from '#core/terms/boundaries.ts';

/** None among test records: it looks at what a duty counts. */
export const boundaries = (): Boundaries[] => [];
