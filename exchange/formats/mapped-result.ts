/** What one observation of a message or document comes to, in whatever format it came. Only data. */

import type { TestReportedJson } from './event-json.ts';
import type { FormatFault } from './format-fault.ts';
import type { Origins } from './location.ts';

export type MappedResult =
  | {
      readonly ok: true;
      readonly event: TestReportedJson;
      readonly origins: Origins;
      /** What was overlooked. */
      readonly notes: readonly FormatFault[];
    }
  | { readonly ok: false; readonly faults: readonly FormatFault[] };

/** What is said of an observation, where the format says itself in which field. */
export type Said = Omit<FormatFault, 'field'>;

export const ANTIBODY: Said = { reason: 'reports antibodies, which is no test for the virus', hint: 'nothing to send' };
export const RELATED: Said = {
  reason: 'covers all SARS-related viruses, not SARS-CoV-2 alone',
  hint: 'send the result for SARS-CoV-2',
};
export const RELATED_BESIDE: Said = {
  reason: 'covers all SARS-related viruses; it is left out beside the result for SARS-CoV-2',
  hint: 'nothing to mend',
};
/** A gene that can't be read may be the one that was found: the others don't stand for the test then. */
export const BROKEN_TARGET: Said = {
  reason: 'another target of the same test can’t be read',
  hint: 'mend that one',
};
