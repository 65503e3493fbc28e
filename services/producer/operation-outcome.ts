/**
 * What became of the records of a FHIR body as FHIR says it: an OperationOutcome (R4) with an issue for each record, in
 * the body's order. It must never repeat a value that was sent.
 */

import { Type } from '@sinclair/typebox';
import type { Problem } from '#platform/problems.ts';
import { choice } from '#platform/schema.ts';
import type { RecordResult } from './files.ts';

export const FHIR_JSON = 'application/fhir+json';

const SEVERITIES = ['error', 'warning', 'information'] as const;
/** Of R4's issue types those that are used. */
const CODES = ['informational', 'duplicate', 'not-supported', 'invalid', 'required', 'forbidden', 'transient'] as const;

export const OperationOutcomeSchema = Type.Object(
  {
    resourceType: Type.Literal('OperationOutcome'),
    issue: Type.Array(
      Type.Object({
        severity: choice(SEVERITIES, 'error: it wasn’t taken. warning: something of it was overlooked'),
        code: choice(
          CODES,
          'informational: accepted. duplicate: acknowledged before. not-supported: ignored by design. transient: ' +
            'send it again. Else mend it',
        ),
        details: Type.Object({
          text: Type.String({ description: 'accepted, refused, duplicate, unavailable or ignored' }),
        }),
        diagnostics: Type.Optional(Type.String({ description: 'what is wrong, and how to mend it' })),
        expression: Type.Optional(Type.Array(Type.String(), { description: 'FHIRPath of what it is about' })),
      }),
    ),
  },
  { title: 'OperationOutcome', description: 'What became of each observation and dose, in the order of the body.' },
);

export interface Issue {
  readonly severity: (typeof SEVERITIES)[number];
  readonly code: (typeof CODES)[number];
  readonly details: { readonly text: string };
  readonly diagnostics?: string;
  readonly expression?: readonly string[];
}

export interface OperationOutcome {
  readonly resourceType: 'OperationOutcome';
  readonly issue: readonly Issue[];
}

export function outcomeOf(records: readonly RecordResult[]): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: records.flatMap(issuesOf) };
}

/** Of a body that isn't read at all. */
export function outcomeOfProblem({
  status,
  title,
  detail,
  hint,
}: Pick<Problem, 'status' | 'title' | 'detail' | 'hint'>): OperationOutcome {
  const code = status === 503 ? 'transient' : status === 403 ? 'forbidden' : 'invalid';
  const diagnostics = [title, detail].filter(Boolean).join(': ');
  const mend = hint === undefined ? diagnostics : `${diagnostics}. To mend: ${hint}`;
  const issue: Issue = { severity: 'error', code, details: { text: 'refused' }, diagnostics: mend };
  return { resourceType: 'OperationOutcome', issue: [issue] };
}

function issuesOf(record: RecordResult): readonly Issue[] {
  const { outcome, notes = [] } = record;
  const expression = expressionOf(record);
  const about = expression === null ? {} : { expression: [expression] };
  const diagnostics = diagnosticsOf(record);
  const issue: Issue = {
    ...MEANINGS[outcome],
    ...(outcome === 'refused' ? { code: codeOf(record) } : {}),
    details: { text: outcome },
    ...(diagnostics === '' ? {} : { diagnostics }),
    ...about,
  };
  const overlooked = notes.map((note): Issue => ({
    severity: 'warning',
    code: 'invalid',
    details: { text: outcome },
    diagnostics: note,
    ...about,
  }));
  return [issue, ...overlooked];
}

const MEANINGS = {
  accepted: { severity: 'information', code: 'informational' },
  duplicate: { severity: 'information', code: 'duplicate' },
  ignored: { severity: 'information', code: 'not-supported' },
  unavailable: { severity: 'error', code: 'transient' },
  refused: { severity: 'error', code: 'invalid' },
} as const satisfies Record<RecordResult['outcome'], Pick<Issue, 'severity' | 'code'>>;

function codeOf({ code, detail = '' }: RecordResult): Issue['code'] {
  if (code === 'not-entitled') return 'forbidden';
  return detail.startsWith('is missing') ? 'required' : 'invalid';
}

function diagnosticsOf({ eventId, code, detail, hint, outcome }: RecordResult): string {
  if (outcome === 'accepted' || outcome === 'duplicate') return eventId === undefined ? '' : `event ${eventId}`;
  const said = [detail ?? '', code === undefined ? '' : `[${code}]`].filter((part) => part !== '').join(' ');
  return hint === undefined || hint === '' ? said : `${said}. To mend: ${hint}`;
}

const FHIR_PATH = /^[A-Za-z]\w*(\[\d+\])?(\.\w+(\[\d+\])?)*$/;

/** The field that is wrong, else the record; null where neither is a place in a resource. */
function expressionOf({ spot: { within, field } }: RecordResult): string | null {
  return [field ?? '', within].find((path) => FHIR_PATH.test(path)) ?? null;
}
