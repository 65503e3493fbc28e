/** The clause `exempt`: nothing is asked of those whom it is for. */

import type { LooksAt } from '#core/trial/takers.ts';
import type { Judge } from '#core/trial/trial.ts';
import { withoutEvidence } from '#core/trial/validity.ts';
import type { ExemptClauseText } from './schema.ts';

export const looksAt = (): LooksAt => ({});

export function judge({ id }: ExemptClauseText): Judge {
  const held = withoutEvidence(id, 'exempt');
  return () => held;
}
