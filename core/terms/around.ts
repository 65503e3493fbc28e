/** Where a clause stands in its rule, as far as its faults depend on that. */

import type { RuleOwner } from './source.ts';

export interface Around {
  readonly owner: RuleOwner;
  /** A clause recognises; a condition of a state or duty only says what stands beside an answer. */
  readonly stands: 'in_clauses' | 'in_states' | 'in_duties';
  /** Whether it stands in no group, and the rule has no other clause. */
  readonly alone: boolean;
  /** Whether a clause of the rule takes single results. */
  readonly takesResults: boolean;
  readonly duties: readonly { readonly id: string; readonly asksForTests: boolean }[];
}
