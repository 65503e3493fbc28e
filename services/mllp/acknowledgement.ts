/**
 * The answer to a message, as HL7 has it (v2.5.1, 2.9.2 and 2.15.5): MSH, MSA, and an ERR for each thing to mend, which
 * points at the field. Pure. It must never say AA of a message of which the door has not taken all.
 */

import type { Header } from './header.ts';

/** AA: all is taken. AE: something in it is to be mended. AR: not taken as a whole; where `again`, send it again. */
export type Code = 'AA' | 'AE' | 'AR';

export interface Place {
  /** `OBX` */
  readonly segment: string;
  /** Which of them in the message, from 1. */
  readonly sequence: number;
  /** Null: the segment as a whole. */
  readonly field: number | null;
  readonly component: number | null;
}

export interface Trouble {
  readonly place: Place | null;
  /** Of table 0357. */
  readonly code: ErrorCode;
  /** Of this exchange, such as `report-before-sampling`; '' where it has none. */
  readonly problem: string;
  readonly text: string;
}

export interface Verdict {
  readonly code: Code;
  readonly troubles: readonly Trouble[];
}

const ERRORS = {
  100: 'Segment sequence error',
  101: 'Required field missing',
  102: 'Data type error',
  103: 'Table value not found',
  200: 'Unsupported message type',
  202: 'Unsupported processing id',
  207: 'Application internal error',
} as const;
export type ErrorCode = keyof typeof ERRORS;

const TEXT_CHARS_MAX = 250;

export interface Stamp {
  readonly nowMs: number;
  readonly controlId: string;
}

export function acknowledgement(header: Header, { code, troubles }: Verdict, { nowMs, controlId }: Stamp): Buffer {
  const { delimiters, fields } = header;
  const { field, component, repetition, escape, subcomponent, truncation } = delimiters;
  const marks = `${component}${repetition}${escape}${subcomponent}${truncation ?? ''}`;
  const its = (number: number): string => fields[number] ?? '';
  const version = its(12) === '' ? '2.5.1' : its(12);
  const line = (...cells: readonly string[]): string => cells.join(field);
  const tell = tellerOf(header);
  const time = `${new Date(nowMs).toISOString().replace(/[-:T]|\.\d+Z$/g, '')}+0000`;
  const type = ['ACK', 'R01', 'ACK'].join(component);
  const msh = line('MSH', marks, its(5), its(6), its(3), its(4), time, '', type, controlId, its(11), version);
  const msa = line('MSA', code, its(10), ...(troubles[0] === undefined ? [] : [tell(troubles[0].text)]));
  const isOld = /^2\.[1-4](?:\D|$)/.test(version);
  const errors = isOld ? oldErrors(troubles, header) : troubles.map((trouble) => errorOf(trouble, header, tell));
  return Buffer.from([msh, msa, ...errors].map((segment) => `${segment}\r`).join(''), 'latin1');
}

function errorOf({ place, code, problem, text }: Trouble, header: Header, tell: (text: string) => string): string {
  const { field, component } = header.delimiters;
  const own = problem === '' ? '' : [problem, '', 'hutong'].join(component);
  const where = place === null ? '' : locationOf(place, component);
  return ['ERR', '', where, codeOf(code, component), 'E', own, '', '', tell(text)].join(field);
}

/** Before v2.5 one ERR has all places, with the code in the fourth component. */
function oldErrors(told: readonly Trouble[], { delimiters }: Header): readonly string[] {
  const { field, component, repetition, subcomponent } = delimiters;
  const places = told.map(({ place, code }) => {
    const { segment = 'MSH', sequence = 1, field: number = null } = place ?? {};
    return [segment, String(sequence), String(number ?? ''), codeOf(code, subcomponent)].join(component);
  });
  return places.length === 0 ? [] : [['ERR', places.join(repetition)].join(field)];
}

function codeOf(code: ErrorCode, separator: string): string {
  return [String(code), ERRORS[code], 'HL70357'].join(separator);
}

function locationOf({ segment, sequence, field, component }: Place, separator: string): string {
  const within = field === null ? [] : [String(field), '1', ...(component === null ? [] : [String(component)])];
  return [segment, String(sequence), ...within].join(separator);
}

/** Text in ASCII, which means the same in every encoding, and without what separates. */
function tellerOf({ delimiters }: Header): (text: string) => string {
  const { field, component, repetition, escape, subcomponent } = delimiters;
  const escapes = new Map([
    [escape, 'E'],
    [field, 'F'],
    [component, 'S'],
    [repetition, 'R'],
    [subcomponent, 'T'],
  ]);
  return (text) => {
    const ascii = text.replace(/[‘’]/g, "'").replace(/[^\x20-\x7e]/g, '?');
    return ascii.slice(0, TEXT_CHARS_MAX).replace(/./g, (character) => {
      const name = escapes.get(character);
      return name === undefined ? character : `${escape}${name}${escape}`;
    });
  };
}
