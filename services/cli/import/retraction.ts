/**
 * An event that takes back another: the same with the status `retracted`, as of the same report. It must never reach
 * further: a report that was issued later stands.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';

export type Retraction =
  | { readonly ok: true; readonly json: string }
  | { readonly ok: false; readonly fault: FormatFault };

export function retractionOf(json: string): Retraction {
  const { eventId: _made, ...event } = JSON.parse(json) as Readonly<Record<string, unknown>>;
  if (event['type'] === 'PersonErased')
    return none('is an erasure, which can’t be taken back', 'publish what was erased again');
  if (event['status'] === 'retracted')
    return none('takes something back itself', 'send the report again, with a later time of issue');
  return { ok: true, json: JSON.stringify({ ...event, status: 'retracted' }) };
}

function none(reason: string, hint: string): Retraction {
  return { ok: false, fault: { field: '', reason, hint } };
}
