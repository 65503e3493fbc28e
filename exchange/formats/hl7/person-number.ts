/** What is wrong with a patient's number in PID, in the words of HL7. Never puts a number into a fault. */

import type { DocumentType } from '#core/field/identity.ts';
import type { FormatFault } from '#exchange/formats/format-fault.ts';
import { type NumberFault, numberFaultOf as faultOf, type SaidOfPerson } from '#exchange/formats/person-number.ts';
import type { Segment } from './message.ts';

export function numberFaultOf(
  written: string,
  type: DocumentType,
  isStated: boolean,
  pid: Segment,
): FormatFault | null {
  const said = {
    born: pid.text(7).normalize('NFKC').slice(0, 8),
    sex: SEXES.get(pid.text(8).toUpperCase()) ?? null,
  };
  const fault = faultOf(written, type, isStated, said);
  return fault === null ? null : WORDS[fault];
}

const SEXES: ReadonlyMap<string, NonNullable<SaidOfPerson['sex']>> = new Map([
  ['M', 'male'],
  ['男', 'male'],
  ['F', 'female'],
  ['女', 'female'],
]);

const WORDS: Readonly<Record<NumberFault, FormatFault>> = {
  placeholder: {
    field: 'PID-3',
    reason: 'holds a placeholder instead of a number',
    hint: 'send the number of the patient’s identity document',
  },
  rounded: {
    field: 'PID-3',
    reason: 'looks like a number whose last digits a spreadsheet has rounded away',
    hint: 'send the number as text, as the card shows it; format the column as text before it is filled',
  },
  cut_short: {
    field: 'PID-3',
    reason: 'looks like the first 15 digits of a resident’s number, whose end was lost',
    hint: 'send all 18 characters, as text',
  },
  residents_number: {
    field: 'PID-3',
    reason: 'has the type of a passport and the form of a resident’s number',
    hint: 'say in PID-3.5 what it is: NI for a resident identity card, PPN for a passport',
  },
  birth: {
    field: 'PID-7',
    reason: 'is another birth than the identity number in PID-3 says',
    hint: 'check which of them is the patient’s',
  },
  sex: {
    field: 'PID-8',
    reason: 'is another sex than the identity number in PID-3 says',
    hint: 'check which of them is the patient’s',
  },
};
