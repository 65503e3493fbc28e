/**
 * Loaded into a service by `node --import`, gives it one of the planted bugs in place of the merge, named by
 * HUTONG_PLANTED_BUG. For showing that the demo's comparison fails when the merge is wrong; never part of a service.
 */

import { registerHooks } from 'node:module';

const MERGE = new URL('../../core/view/merge.ts', import.meta.url).href;
const PLANTED = new URL('./planted-merge.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const isOwn = context.parentURL?.startsWith(new URL('.', import.meta.url).href) === true;
    return resolved.url === MERGE && !isOwn ? { ...resolved, url: PLANTED } : resolved;
  },
});
