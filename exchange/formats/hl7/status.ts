/**
 * Whether a result is preliminary, final, corrected or taken back: OBX-11 (HL7 table 0085), else the order's OBR-25
 * (table 0123). A result that the laboratory hasn't released yet is no report: it's refused, and comes again later;
 * what was reported before stays in force meanwhile. README.md has the table of what each value means.
 */

import type { Status } from '#core/events/events.ts';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import type { Segment } from './message.ts';

const CANCELLED = 'send X in both to take it back, or the status that the order has';
const AGAIN = 'send it again once the laboratory has released it (P or F)';

/** A status, or why there's nothing to take. */
const BY_OBX_11: Readonly<Record<string, Status | readonly [reason: string, hint: string]>> = {
  P: 'preliminary',
  S: 'preliminary', // partial: released, but not complete
  F: 'final',
  U: 'final', // was preliminary, is final now
  C: 'corrected',
  W: 'retracted', // posted as wrong, for instance to the wrong patient: entered in error
  D: 'retracted',
  X: 'retracted', // no result can be obtained: if one was reported, it doesn't stand any more
  R: ['says that the result isn’t verified yet (R)', AGAIN],
  I: ['says that the result is pending (I)', AGAIN],
  O: ['holds the details of an order, no result (O)', AGAIN],
  N: ['says that the test wasn’t asked for (N)', 'nothing to send'],
};

const BY_OBR_25: Readonly<Record<string, Status | readonly [reason: string, hint: string]>> = {
  P: 'preliminary',
  A: 'preliminary', // some results of the order are there
  F: 'final',
  C: 'corrected',
  X: 'retracted', // the order was cancelled: so is what was reported of it
  R: ['says that the results aren’t verified yet (R)', AGAIN],
  I: ['says that the specimen is in the laboratory and no result is there (I)', AGAIN],
  S: ['says that the procedure is only scheduled (S)', AGAIN],
  O: ['says that no specimen has arrived (O)', AGAIN],
};

export function statusOf(obx: Segment, obr: Segment): Reading<Status> {
  const [field, code, meanings] =
    obx.text(11) === ''
      ? (['OBR-25', obr.text(25), BY_OBR_25] as const)
      : (['OBX-11', obx.text(11), BY_OBX_11] as const);
  if (code === '')
    return fault(
      'OBX-11',
      'holds no status, nor does OBR-25',
      'send F for a final result, C for a corrected one, W to take one back',
    );
  const key = code.slice(0, 2).toUpperCase(); // no code has two letters
  const meaning = Object.hasOwn(meanings, key) ? meanings[key] : undefined;
  if (meaning === undefined) return fault(field, 'holds no known status', 'send P, F, C, or W to take a result back');
  if (typeof meaning !== 'string') return fault(field, meaning[0], meaning[1]);
  return field === 'OBX-11' && meaning !== 'retracted' && obr.text(25).toUpperCase() === 'X'
    ? fault('OBR-25', 'says that the order was cancelled (X), while OBX-11 holds a result', CANCELLED)
    : taken(meaning);
}
