/** Mistakes about who is incomplete by records whose tags fail, which the simulation must find. */

import { AS_IT_IS, exchangeOtherwise, type Variant } from './variant.ts';

export const PLANTED_CLAIMS: Readonly<Record<string, { readonly variant: Variant }>> = {
  'a record whose tag fails marks nobody though it is claimed': {
    variant: {
      ...AS_IT_IS,
      exchange: (state) => exchangeOtherwise(state, { claimed: () => ({ kind: 'nothing' }) }),
    },
  },
  'a record whose tag fails marks its province whoever wrote it': {
    variant: {
      ...AS_IT_IS,
      exchange: (state) => exchangeOtherwise(state, { claimed: () => ({ kind: 'unknown' }), hasLetter: () => false }),
    },
  },
};
