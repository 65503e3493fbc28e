/** Mistakes about a key that had leaked, which the simulation must find. */

import { AS_IT_IS, storeOtherwise, type Variant } from './variant.ts';

export const PLANTED_LEAKS: Readonly<Record<string, { readonly variant: Variant }>> = {
  'that a key had leaked isn’t committed with the freshness': {
    variant: {
      ...AS_IT_IS,
      store: (store) =>
        storeOtherwise(store, {
          commit: (step) => store.commit({ ...step, freshness: { ...step.freshness, leaks: [] } }),
        }),
    },
  },
  'views count as folded without what is withdrawn, whenever that became known': {
    variant: {
      ...AS_IT_IS,
      store: (store) =>
        storeOtherwise(store, {
          commit: ({ freshness, ...step }) =>
            store.commit({
              ...step,
              freshness: { ...freshness, leaks: freshness.leaks.map((leak) => ({ ...leak, isOut: true })) },
            }),
        }),
    },
  },
  'whoever takes a partition over forgets the leaks that the one before knew': {
    variant: {
      ...AS_IT_IS,
      store: (store) =>
        storeOtherwise(store, {
          loadPartition: async (partition) => {
            const loaded = await store.loadPartition(partition);
            return { ...loaded, freshness: { ...loaded.freshness, leaks: [] } };
          },
        }),
    },
  },
};
