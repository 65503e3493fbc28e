/** Where a clause `exempt` may come out otherwise. */

import type { Boundaries } from '#core/terms/boundaries.ts';

/** None among test records: it looks at nothing. */
export const boundaries = (): Boundaries[] => [];
