/**
 * What a key that had leaked makes of a decision: undetermined, whatever it was. The holder's records of the person may
 * be false, or hide true ones; so nothing that turns on what is on record may be said plainly, neither yes nor no.
 */

import type { Decision } from './decision.ts';

/** The decision itself where nobody's word in the view is in doubt. */
export function unlessLeaked(decision: Decision): Decision {
  if (decision.leaked.length === 0) return decision;
  return {
    ...decision,
    outcome: 'undetermined',
    reason: decision.reason === 'no_rule_known' ? decision.reason : 'key_leaked',
    mayGoIn: null,
    validUntilMs: null,
    validUntilInclusive: false,
  };
}
