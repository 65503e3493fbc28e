/** An answer in FHIR has an issue for each record, with the FHIRPath of what is wrong, and repeats no value. */

import { describe, expect, it } from 'vitest';
import type { RecordResult } from '#services/producer/files.ts';
import { outcomeOf, outcomeOfProblem } from '#services/producer/operation-outcome.ts';

const WITHIN = 'Bundle.entry[4].resource';
const RECORD: RecordResult = { spot: { within: WITHIN, field: null }, place: `line 1, ${WITHIN}`, outcome: 'refused' };
const issueOf = (told: Partial<RecordResult>) => outcomeOf([{ ...RECORD, ...told }]).issue[0];
const spotted = (field: string) => ({ spot: { within: WITHIN, field }, field });

describe('an OperationOutcome', () => {
  it.each([
    ['accepted', 'information', 'informational'],
    ['duplicate', 'information', 'duplicate'],
    ['ignored', 'information', 'not-supported'],
    ['unavailable', 'error', 'transient'],
    ['refused', 'error', 'invalid'],
  ] as const)('says of what is %s: %s, %s', (outcome, severity, code) => {
    expect(issueOf({ outcome })).toEqual({
      severity,
      code,
      details: { text: outcome },
      expression: ['Bundle.entry[4].resource'],
    });
  });
  it('points at the field that is wrong, and says how to mend it', () => {
    const field = 'Bundle.entry[0].resource.issued';
    expect(issueOf({ ...spotted(field), detail: 'is missing: when', hint: 'send it' })).toMatchObject({
      code: 'required',
      expression: [field],
      diagnostics: 'is missing: when. To mend: send it',
    });
    const ofDoor = {
      ...spotted(field),
      field: `${field} (/reportIssuedAt)`,
      code: 'report-before-sampling',
      detail: 'lies before',
    };
    expect(issueOf(ofDoor)).toMatchObject({
      code: 'invalid',
      expression: [field],
      diagnostics: 'lies before [report-before-sampling]',
    });
    expect(issueOf({ ...spotted('--province'), code: 'not-entitled' })).toMatchObject({
      code: 'forbidden',
      expression: ['Bundle.entry[4].resource'],
    });
  });
  it('has no expression for what is no place in a resource', () => {
    const whole = outcomeOf([
      { spot: { within: '', field: null }, place: 'line 1', outcome: 'refused', detail: 'is not JSON' },
    ]);
    expect(whole.issue[0]).toEqual({
      severity: 'error',
      code: 'invalid',
      details: { text: 'refused' },
      diagnostics: 'is not JSON',
    });
  });
  it('tells what was overlooked beside what was accepted', () => {
    const { issue } = outcomeOf([{ ...RECORD, outcome: 'accepted', eventId: 'e', notes: ['x is taken without it'] }]);
    expect(issue.map(({ severity, diagnostics }) => [severity, diagnostics])).toEqual([
      ['information', 'event e'],
      ['warning', 'x is taken without it'],
    ]);
  });
  it('tells a body that isn’t read by one issue', () => {
    const problem = { status: 413, title: 'the file is too large', detail: 'it has more bytes', hint: 'send less' };
    expect(outcomeOfProblem(problem).issue).toEqual([
      {
        severity: 'error',
        code: 'invalid',
        details: { text: 'refused' },
        diagnostics: 'the file is too large: it has more bytes. To mend: send less',
      },
    ]);
  });
});
