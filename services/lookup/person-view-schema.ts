/** A person's view as a look-up shows it, as a schema. A field that isn't named here never leaves the service. */

import { Type } from '@sinclair/typebox';
import { STATUSES, TEST_RESULTS } from '#core/events/events.ts';
import { choice, text, textOrNull } from '#platform/schema.ts';
import { Incomplete, Position } from './answer-schema.ts';
import { instant, instantOrNull, objectOrNull } from './schema-parts.ts';

const version = {
  province: text('two-digit code'),
  status: choice(STATUSES, 'of the version in force'),
  issuedAt: instant('when that version was issued'),
};
const register = { ...version, sampleId: text('the sample') };
const Cuts = Type.Array(
  Type.Object({
    province: textOrNull('whose records are no longer kept; null: of whom isn’t known until the view is rebuilt'),
    newestDay: textOrNull('none of them has a newer day'),
    issuedAtMax: textOrNull('of tests: none of them was issued later'),
    lastEnd: textOrNull('of codes: none of them but green ones ends later'),
  }),
  { description: 'one for each publisher of which not all is kept' },
);

export const PersonViewSchema = Type.Object(
  {
    view: objectOrNull(
      Type.Object({
        tests: Type.Array(
          Type.Object({
            ...register,
            day: textOrNull('the sampling day, else that of accession'),
            laboratory: text('who tested'),
            run: textOrNull('the laboratory’s name of the run'),
            method: text('how'),
            result: choice(TEST_RESULTS, 'what it says'),
            withdrawal: textOrNull('by which it counts as retracted; null: it isn’t withdrawn'),
            sampledAt: textOrNull('when the sample was taken'),
            testedAt: instantOrNull('when it was tested'),
          }),
        ),
        testsCut: Type.Object({ dated: Cuts, undated: Cuts }),
        samplings: Type.Array(
          Type.Object({ ...register, site: text('where'), sampledAt: text('when the sample was taken') }),
        ),
        samplingsCut: Cuts,
        doses: Type.Array(
          Type.Object({
            ...version,
            doseId: text('the dose'),
            product: text('the vaccine'),
            manufacturer: text('who made it'),
            doseNumber: Type.Integer({ description: 'counts from 1' }),
            givenAt: text('when'),
          }),
        ),
        dosesCut: Cuts,
        codes: Type.Array(
          Type.Object({
            ...version,
            decisionId: text('the decision'),
            state: text('what the code became: an open list', { examples: ['green', 'yellow', 'pop_up'] }),
            reason: textOrNull('why; null for green only, as the next three'),
            authority: textOrNull('who decided'),
            legalBasis: textOrNull('by which rule'),
            assignedAt: instant('from when it is in force'),
            expiresAt: instantOrNull('from when it no longer is'),
            appealContact: textOrNull('where to appeal'),
          }),
          { description: 'assignments, in force or not; only the assigning province clears one' },
        ),
        codesCut: Cuts,
        exposures: Type.Array(
          Type.Object({
            ...version,
            exposureId: text('the exposure'),
            riskArea: text('name or code of the area'),
            level: text('its level of risk: an open list', { examples: ['high', 'medium', 'low'] }),
            from: instant('since when'),
            to: instantOrNull('until when; null: still there when it was recorded'),
          }),
        ),
        exposuresCut: Cuts,
        erasedThrough: instantOrNull('nothing that was accepted up to here counts; null: nothing was erased'),
        erasures: Type.Array(
          Type.Object({ province: text('whose records'), through: instant('accepted up to here don’t count') }),
          { description: 'what single publishers erased of their own' },
        ),
        unreadableRecords: Type.Integer({
          description: 'records of this person that could not be read, as far as they are kept',
        }),
      }),
      'null: the exchange holds nothing of this person',
    ),
    position: Position,
    freshness: Type.Object({
      watermarks: Type.Array(
        Type.Object({
          province: text('two-digit code'),
          instance: text('which producer'),
          through: instantOrNull('up to when its data is in the view'),
        }),
      ),
      incomplete: Type.Object({
        provinces: Incomplete.properties.provinces,
        unknownProvince: Incomplete.properties.unknownProvince,
      }),
      leaks: Type.Array(Type.Object({ key: text('its name'), since: instant('what is withdrawn') }), {
        description: 'keys that had leaked, of which views may still hold what is withdrawn',
      }),
    }),
  },
  { $id: 'Person' },
);
