/** The reasons for which a document, or a record in it, is not taken or is left out. They repeat no value. */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import { ANTIBODY, BROKEN_TARGET, RELATED } from '#exchange/formats/mapped-result.ts';
import type { Words } from '#exchange/formats/one-per-sample.ts';

export const NOTHING_IN_IT: FormatFault = {
  field: '',
  reason: 'holds no Observation and no Immunization',
  hint: 'nothing to send, unless the results stand in another form',
};
export const TOO_MANY: FormatFault = {
  field: '',
  reason: 'holds more than 10000 records',
  hint: 'send them in several bundles',
};
export const NOT_LIVE: FormatFault = {
  field: '',
  reason: 'is marked as training, debugging or test data (meta.tag, meta.security)',
  hint: 'send P in it; a training exchange takes others with --training',
};

export const UNCLEAR_HINT =
  'send the LOINC code of the test with its system, such as 94500-6 (RNA) or 94558-4 (antigen), or name a local one ' +
  'in the sender’s settings';

const BY_REPORT = 'name it in DiagnosticReport.result, or send it without a report';

/** A field beginning with a point stands behind the place of the record. */
export const REFUSED = {
  noResource: {
    field: '',
    reason: 'is no FHIR resource',
    hint: 'send a Bundle, or one resource with its resourceType',
  },
  noReport: { field: '', reason: 'is a result that no report of the document names', hint: BY_REPORT },
  antibody: { field: '.code', ...ANTIBODY },
  related: { field: '.code', ...RELATED },
  brokenTarget: { field: '.value', ...BROKEN_TARGET },
  twoReports: {
    field: '',
    reason: 'is a result of several reports of the document',
    hint: 'send the one that counts',
  },
  noResults: {
    field: '.result',
    reason: 'is missing: the report names no result',
    hint: 'send its observations, and name them there; also to take them back',
  },
} as const satisfies Readonly<Record<string, FormatFault>>;

export const IGNORED = {
  noReport: { field: '', reason: 'is no result: no report of the document names it', hint: 'nothing to send' },
  heading: { field: '', reason: 'is the heading of its members, and no result itself', hint: 'nothing to send' },
  otherTest: { field: '.code', reason: 'is no result of a test for SARS-CoV-2', hint: 'nothing to send' },
} as const satisfies Readonly<Record<string, FormatFault>>;

/** What is told of several results of one sample. */
export const OF_ONE_SAMPLE: Words = {
  valueOf: (within) => `${within}.value`,
  apart: 'send the overall result alone, or a report for each sample, with a number of its own',
};

/** What is said of a code by the judge that HL7's observations are put before. */
export function inFhirName(reason: string): string {
  return reason.replaceAll('OBR-4', 'DiagnosticReport.code').replaceAll('OBX-3', 'Observation.code');
}
