/** The view of the one person whom events are of, as its bytes in hexadecimal. */

import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { takeEvent } from '#exchange/intake/intake.ts';
import { encodeView } from '#exchange/view/codec.ts';

const ACCEPTED_AT_MS = Date.parse('2024-09-01T00:00Z');

/** @param events as a door takes them */
export function viewOf(events: readonly unknown[]): string {
  let view = EMPTY_VIEW;
  for (const event of events) {
    const delivery = { eventId: 'e', acceptedAtMs: ACCEPTED_AT_MS, producerInstance: '43-a' };
    const taken = takeEvent(event, delivery, { secrets: [Buffer.alloc(32, 1)], clockSkewMs: 0 });
    if (!taken.ok) throw new Error(JSON.stringify(taken.refusal));
    view = merge(view, taken.event);
  }
  return encodeView(view).toString('hex');
}
