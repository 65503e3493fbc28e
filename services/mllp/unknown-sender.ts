/**
 * What a sender is told whom nobody has described here, whose description can't be used, or whose certificate was
 * revoked: AR, and whom to ask.
 */

import type { Verdict } from './acknowledgement.ts';

export function unknownSender(sender: string): Verdict {
  return refused(
    `${sender} has no profile here, so nobody can tell what its messages mean. ` +
      'To mend: ask who runs this listener for one',
  );
}

export function unreadableProfile(): Verdict {
  return refused('The profile of this sender can’t be used. To mend: tell who runs this listener');
}

export function revokedSender(): Verdict {
  return refused('The certificate of this connection was revoked. To mend: ask who runs this listener for another');
}

function refused(text: string): Verdict {
  return { code: 'AR', troubles: [{ place: null, code: 207, problem: '', text }] };
}
