/**
 * The LOINC codes by which laboratories report on SARS-CoV-2, and what an observation with such a code is. A code that
 * is missing here is judged by its text (observation.ts), so the table need not be complete, but must not be wrong.
 *
 * Source: LOINC's SARS-CoV-2 and COVID-19 terms (version 2.75) and the HL7 value sets made from them.
 */

import type { METHODS } from '#core/events/events.ts';

export type Method = (typeof METHODS)[number];

export type CodeRole =
  /** The result of a test for the virus. */
  | { readonly kind: 'virus'; readonly method: Method }
  /** One gene of such a test: part of a result, and the whole only when it stands alone. */
  | { readonly kind: 'target'; readonly method: Method }
  /** A target that all SARS-related viruses share: never says by itself that it's this one. */
  | { readonly kind: 'related' }
  /** A panel with other viruses: a result of this one only when the text says so. */
  | { readonly kind: 'mixed_panel'; readonly method: Method }
  /** The body's answer, not the virus. */
  | { readonly kind: 'antibody' }
  /** No result: a question asked at order entry, or an amount or a sequence beside one. */
  | { readonly kind: 'other'; readonly is: 'question' | 'beside' };

const CODES: readonly (readonly [CodeRole, string])[] = [
  [
    { kind: 'virus', method: 'nucleic_acid' },
    '94306-8 94309-2 94500-6 94531-1 94565-9 94660-8 94759-8 94845-5 95406-5 95608-6 96797-6 96829-7',
  ],
  [{ kind: 'virus', method: 'antigen' }, '94558-4 95209-3 96119-3 97097-0'],
  // N, S, E, M, RdRp, ORF1a, ORF1b, Nsp2.
  [
    { kind: 'target', method: 'nucleic_acid' },
    '94307-6 94308-4 94314-2 94316-7 94533-7 94534-5 94559-2 94639-2 94640-0 94641-8 94756-4 94757-2 ' +
      '94760-6 94766-3 94767-1 95409-9 95425-5 95824-9 96091-4 96120-1 96123-5 96448-6 96763-8 96765-3 ' +
      '96957-6 96958-4 96986-5 97098-8 98131-6 98132-4 98493-0 98494-8',
  ],
  [{ kind: 'related' }, '94310-0 94315-9 94502-2 94532-9 94647-5 94758-0 94765-5 95823-1 96121-9 96122-7'],
  [{ kind: 'mixed_panel', method: 'nucleic_acid' }, '95380-2 95422-2 95423-0 95941-1'],
  [{ kind: 'mixed_panel', method: 'antigen' }, '95942-9 97099-6'],
  [
    { kind: 'antibody' },
    '94503-0 94504-8 94505-5 94506-3 94507-1 94508-9 94547-7 94562-6 94563-4 94564-2 94661-6 94720-0 ' +
      '94761-4 94762-2 94768-9 94769-7 95125-1 95410-7 95411-5 95416-4 95427-1 95428-9 95429-7 95542-7 ' +
      '95825-6 96118-5 96603-6 96742-2 98069-8 99596-9 99597-7',
  ],
  // Cycle thresholds and amounts, then sequences, lineage, culture and T cells.
  [
    { kind: 'other', is: 'beside' },
    '94311-8 94312-6 94313-4 94509-7 94510-5 94511-3 94642-6 94643-4 94644-2 94645-9 94646-7 94745-7 94746-5',
  ],
  [
    { kind: 'other', is: 'beside' },
    '94763-0 94764-8 94822-4 95424-8 95609-4 95970-0 95971-8 96741-4 96752-1 96895-8 99772-6 100156-9',
  ],
  // Asked at order entry: employment, residence, symptoms and onset, age, pregnancy, first test, admission, gender.
  [
    { kind: 'other', is: 'question' },
    '11368-8 30525-0 35659-2 65222-2 67098-4 76691-5 77974-4 77996-7 82810-3 95417-2 95418-0 95419-8 95420-6 95421-4',
  ],
];

export const ROLE_BY_LOINC: ReadonlyMap<string, CodeRole> = new Map(
  CODES.flatMap(([role, codes]) => codes.split(' ').map((code) => [code, role] as const)),
);
