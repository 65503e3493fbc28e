/** Which of the keys that were revoked had leaked before, and whose they were. It never sees a key, only its name. */

import type { KeyHolder, Leak } from '#core/keys/leak.ts';
import { type Revocations, withdrawsSince } from '#core/keys/revocations.ts';
import { NATIONAL, OPERATOR, provinceOfPrincipal } from '#exchange/identity/principals.ts';
import { principalOfKey } from '#exchange/keys/files.ts';

/** The keys that had leaked, by their names. */
export function leaksIn(revocations: Pick<Revocations, 'all'>): readonly Leak[] {
  return revocations.all.flatMap((revocation) => {
    const { key, sinceMs } = revocation;
    const of = holderOf(key);
    return of === null || sinceMs === null || !withdrawsSince(revocation) ? [] : [{ key, of, sinceMs }];
  });
}

/** Null: whoever it is, nothing is tagged by their key. */
function holderOf(key: string): KeyHolder | null {
  const principal = principalOfKey(key);
  return principal === NATIONAL || principal === OPERATOR ? principal : provinceOfPrincipal(principal);
}
