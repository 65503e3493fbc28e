/** To which step a fault belongs: of an event by its problem type, of a format by its field. Pure. */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import { describePointer, type Origins } from '#exchange/formats/location.ts';
import type { ProblemKind, Refusal } from '#platform/problems.ts';
import type { Found, Step } from './findings.ts';

/** All others are of its rules. */
const STEP_OF: Readonly<Partial<Record<ProblemKind, Step>>> = {
  'event-too-long': 'file',
  'not-utf8': 'file',
  'not-json': 'file',
  'duplicate-name': 'file',
  'broken-character': 'file',
  'unknown-province': 'identity',
  'province-not-served': 'identity',
  'not-entitled': 'identity',
  'not-the-national-role': 'identity',
  'no-person': 'identity',
  'two-persons': 'identity',
  'unknown-country': 'identity',
  'wrong-country': 'identity',
  'malformed-number': 'identity',
  'wrong-check-digit': 'identity',
  'impossible-region': 'identity',
  'impossible-birth-date': 'identity',
  'number-in-text': 'identity',
  'not-an-object': 'form',
  'unknown-type': 'form',
  'field-missing': 'form',
  'unknown-field': 'form',
  'wrong-form': 'form',
  'malformed-time': 'form',
};

/** What a door alone refuses: whose it is comes first there too. */
export function stepAtDoor(code: string): Step {
  return STEP_OF[code as ProblemKind] === 'identity' ? 'identity' : 'door';
}

export function foundOfRefusal({ pointer, code, detail = '', hint = '' }: Refusal, origins: Origins): Found {
  return { step: STEP_OF[code] ?? 'rules', code, field: describePointer(pointer, origins), detail, hint };
}

/** Of HL7 the patient's segment says whose it is, those of orders and results what it is; all else is the file. */
export function foundOfFormat({ field, reason, hint }: FormatFault): Found {
  const step = field.startsWith('PID') ? 'identity' : /^(OBR|OBX|SPM|ORC|NTE)/.test(field) ? 'form' : 'file';
  return { step, code: '', field, detail: reason, hint };
}
