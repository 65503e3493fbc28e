/** Mistakes about what is withdrawn, which the simulation must find. */

import { NONE_IN_FORCE } from '#core/withdrawals/in-force.ts';
import type { Withdrawer } from '#core/withdrawals/withdrawal.ts';
import { principalOf } from '#exchange/topics/withdrawals.ts';
import { BY_NAME } from './producers.ts';
import { AS_IT_IS, exchangeOtherwise, type Variant } from './variant.ts';

interface Claimed {
  readonly withdrawn?: { readonly by: Withdrawer };
  readonly undone?: { readonly by: Withdrawer };
}

export const PLANTED_WITHDRAWALS: Readonly<Record<string, { readonly variant: Variant }>> = {
  'what is withdrawn isn’t committed with the freshness': {
    variant: {
      ...AS_IT_IS,
      exchange: (state) =>
        exchangeOtherwise(state, {
          freshnessAt: (...given) => ({ ...state.freshnessAt(...given), withdrawals: NONE_IN_FORCE }),
        }),
    },
  },
  'a withdrawal is believed whoever has signed it': {
    variant: {
      ...AS_IT_IS,
      signatures: {
        ...BY_NAME,
        provenSigner: ({ value }) => {
          const { withdrawn, undone } = JSON.parse(value?.toString() ?? '{}') as Claimed;
          return principalOf((withdrawn ?? undone)?.by as Withdrawer);
        },
      },
    },
  },
};
