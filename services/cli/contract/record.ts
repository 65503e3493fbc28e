/** Whether an event comes out of its record as it went in, by the schemas that this version writes. Pure. */

import type { PersonEvent } from '#core/events/events.ts';
import { contentOf } from '#core/view/registers.ts';
import { encodeValue, PREFIX_BYTES, RECORD_BYTES_MAX } from '#exchange/topics/records.ts';
import { CURRENT } from '#exchange/topics/schemas.ts';

/** What is wrong with its record, without a value of it; null: nothing is. */
export function recordFaultOf(event: PersonEvent): string | null {
  const { type } = event;
  let read: PersonEvent;
  try {
    const value = encodeValue(type, 0, event);
    if (value.length > RECORD_BYTES_MAX) return `takes ${value.length} bytes, more than ${RECORD_BYTES_MAX}`;
    read = { ...(CURRENT[type].type.fromBuffer(value.subarray(PREFIX_BYTES)) as PersonEvent), type } as PersonEvent;
  } catch {
    // The library's own message would repeat a value.
    return `can’t be written by the schema of ${type}`;
  }
  return contentOf(read) === contentOf(event) ? null : `reads otherwise than it was written by the schema of ${type}`;
}
