/** What of a principal can be changed from one to the next. */

export const ROTATED = ['tag-key', 'signing-key', 'certificate', 'client-key'] as const;
export type Rotated = (typeof ROTATED)[number];
