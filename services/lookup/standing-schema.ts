/**
 * What else stands on record, as a schema: codes in force, exposures, doses. A field that isn't named here never leaves
 * the service.
 */

import { Type } from '@sinclair/typebox';
import { CODE_WAYS } from '#core/codes/code-table.ts';
import { CONVERSIONS } from '#core/codes/conversion.ts';
import { choice, text, textOrNull } from '#platform/schema.ts';
import { booleanOrNull, instant, instantOrNull, objectOrNull, Words, words } from './schema-parts.ts';

const Province = Type.Object({ province: text('two-digit code'), name: Words });

const StateNamed = Type.Object({
  state: text('such as green, yellow, orange'),
  title: objectOrNull(Words, 'what it is called'),
});
const CodeAtDestination = Type.Object(
  {
    way: choice(CODE_WAYS, 'how the destination recognises the codes of others'),
    shows: objectOrNull(StateNamed, 'the gravest of what is carried over; null while it is not known'),
    passes: booleanOrNull('whether it passes as green; null while it is not known whether all codes in force are seen'),
    clearedBy: Type.Array(Province, { description: 'who alone can clear what keeps it from passing' }),
    sentence: words('the same in a sentence'),
  },
  { description: 'how the person’s code stands at the destination: never part of the outcome' },
);
export const Standing = Type.Object({
  code: CodeAtDestination,
  codes: Type.Array(
    Type.Object({
      assignedBy: Province,
      state: text('such as green, yellow, pop_up'),
      title: objectOrNull(Words, 'what the assigning province calls it; null: its table does not name it'),
      national: objectOrNull(StateNamed, 'what it is in the national code; null: nothing that is known'),
      here: objectOrNull(StateNamed, 'what it is at the destination; null: it is not carried over'),
      conversion: choice(CONVERSIONS, 'how it was read at the destination'),
      reason: textOrNull('why; null for green only, as the next two'),
      authority: textOrNull('who decided'),
      legalBasis: textOrNull('by which rule'),
      assignedAt: instant('from when it is in force'),
      expiresAt: instantOrNull('from when it no longer is'),
      appealContact: textOrNull('where to appeal'),
      clearedBy: objectOrNull(Province, 'who alone may clear it, wherever the person is; null for green'),
    }),
    { description: 'in force; one for each province that assigned one' },
  ),
  codesMayMissSome: Type.Boolean({ description: 'a code that is no longer held might still be in force' }),
  exposures: Type.Array(
    Type.Object({
      reportedBy: Province,
      riskArea: text('name or code of the area'),
      level: text('its level of risk'),
      from: instant('since when'),
      to: instantOrNull('until when; null: still there when it was recorded'),
    }),
    { description: 'of the last fortnight, counted from leaving' },
  ),
  erasedThrough: instantOrNull(
    'nothing that was accepted up to here is shown or counts, whoever published it; null: nothing was erased',
  ),
  erasures: Type.Array(
    Type.Object({
      publisher: Province,
      through: instant('of this publisher nothing that was accepted up to here is shown or counts'),
    }),
    { description: 'what single publishers erased of their own, where it reaches further than `erasedThrough`' },
  ),
  doses: Type.Array(
    Type.Object({
      reportedBy: Province,
      product: text('of the vaccine'),
      doseNumber: Type.Integer(),
      givenAt: text('date or instant'),
    }),
  ),
  withdrawn: Type.Array(
    Type.Object({
      reportedBy: Province,
      laboratory: text('whose result it was'),
      sampleId: text('the laboratory’s number of the sample'),
      reportIssuedAt: instant('when the report was issued'),
      withdrawal: text('its id'),
      withdrawnBy: objectOrNull(Province, 'who withdrew it; null: the national role'),
      withdrawnAt: instant('when'),
    }),
    { description: 'results that count as retracted because they were withdrawn with others of their laboratory' },
  ),
});
