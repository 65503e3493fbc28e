/**
 * `POST /v1/fhir`: a FHIR R4 body to an OperationOutcome. It goes the way of `POST /v1/files`, by the same profile and
 * the same judgement, and is read as FHIR whatever it looks like. It must never answer 200 where nothing was read.
 */

import type { Problem } from '#platform/problems.ts';
import { SECURITY } from '#platform/tokens/security.ts';
import type { FilesAnswered } from './files.ts';
import {
  FHIR_JSON,
  type OperationOutcome,
  OperationOutcomeSchema,
  outcomeOf,
  outcomeOfProblem,
} from './operation-outcome.ts';

export const FHIR_TYPES = [FHIR_JSON, 'application/fhir+ndjson', 'application/json'] as const;

export interface FhirAnswer {
  readonly status: number;
  readonly outcome: OperationOutcome;
}

/** @param taken what became of the records, or why none was looked at */
export function fhirAnswerOf(taken: FilesAnswered | Problem): FhirAnswer {
  if (!('counts' in taken)) return { status: taken.status, outcome: outcomeOfProblem(taken) };
  const { counts, results } = taken;
  const outcome = outcomeOf(results);
  if (counts.unavailable > 0 && counts.unavailable === results.length) return { status: 503, outcome };
  const isUnread = results.every((one) => one.outcome === 'refused' && one.spot.within === '');
  return { status: isUnread ? 400 : 200, outcome };
}

const answer = (description: string) => ({ description, content: { [FHIR_JSON]: { schema: OperationOutcomeSchema } } });

export const FHIR_ROUTE = {
  summary: 'Report FHIR',
  description:
    'Takes a FHIR R4 bundle (message, transaction, batch or collection), or one resource: DiagnosticReport with ' +
    'Observation and Specimen, and Immunization. No profile of FHIR is asked for. Read by the profile of the caller, ' +
    'it is answered once Kafka has acknowledged, with an issue for each observation and dose. Safe to repeat.',
  security: SECURITY,
  consumes: [...FHIR_TYPES],
  body: { type: 'object', description: 'a resource of FHIR R4', additionalProperties: true },
  response: {
    200: answer('what became of each observation and dose'),
    400: answer('the body is no FHIR resource, or holds nothing that could be read'),
    403: answer('the caller has no profile'),
    413: answer('the body has too many bytes or records'),
    503: answer('nothing of the body could be taken: send it again after the stated time'),
  },
};
