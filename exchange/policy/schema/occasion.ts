/**
 * What the caller states about the occasion, as JSON: in requests, in cases and on the command line. Nothing of it is
 * stored.
 */

import { type Static, Type } from '@sinclair/typebox';
import { PLACE_CODE, RISK_LEVELS } from '#core/field/place.ts';
import { parseDay, parseTime } from '#core/field/time.ts';
import { ACCOMPANYING, ENTRIES, INSTANTS, NOTHING_STATED, type Occasion, RESIDENCES } from '#core/question/occasion.ts';
import { KIND_NAME } from '#core/rules/purpose.ts';
import { type Fault, noTime } from '#core/terms/fault.ts';
import { CLASS_NAME } from '#core/terms/for-text.ts';
import { choice, closed } from '#core/terms/form.ts';

export const VISITS_MAX = 32;
const CLASSES_MAX = 8;

const time = (description: string) =>
  Type.Optional(
    Type.String({
      maxLength: 64,
      description: `${description}; ISO 8601 with offset; a date alone counts from 00:00 in Asia/Shanghai`,
      examples: ['2022-08-01T08:12+08:00'],
    }),
  );
const place = (description: string) =>
  Type.String({
    pattern: PLACE_CODE,
    description: `${description}: GB/T 2260 code of two, four or six digits`,
    examples: ['440300'],
  });

export const OccasionSchema = Type.Object(
  {
    kind: Type.Optional(
      Type.String({
        pattern: `^${KIND_NAME}$`,
        description: 'the kind of place within the purpose, one that the table of kinds names',
        examples: ['bar'],
      }),
    ),
    instant: Type.Optional(choice(INSTANTS, 'what `at` is; without it what the rule compares with')),
    delayedFrom: time('when it was first scheduled, where it is late'),
    stayedInside: Type.Optional(Type.Boolean({ description: 'whether a delayed traveller stayed behind the check' })),
    residence: Type.Optional(choice(RESIDENCES, 'resident of the destination, or visitor')),
    entry: Type.Optional(choice(ENTRIES, 'the first entry, or a later one')),
    ageYears: Type.Optional(Type.Integer({ minimum: 0, maximum: 150, description: 'completed years' })),
    accompanyingAdult: Type.Optional(choice(ACCOMPANYING, 'what the adult with whom a child travels was answered')),
    recoveredOn: Type.Optional(
      Type.String({ format: 'date', description: 'the day of recovery', examples: ['2022-06-01'] }),
    ),
    commuter: Type.Optional(Type.Boolean({ description: 'whether the person commutes across the border' })),
    classes: Type.Optional(
      Type.Array(Type.String({ pattern: CLASS_NAME }), {
        maxItems: CLASSES_MAX,
        uniqueItems: true,
        description:
          'what the person is by trade or status, and has shown: names that rules give; ' +
          'an empty list says none of them',
        examples: [['lorry_driver']],
      }),
    ),
    stayHours: Type.Optional(
      Type.Number({ minimum: 0, maximum: 8_760, description: 'in how many hours the person leaves again' }),
    ),
    transferHours: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 8_760,
        description: 'in how many hours a person in transit goes on; not for who leaves the station or airport to stay',
      }),
    ),
    arrivedAt: time('when the person arrived: duties are counted from it'),
    place: Type.Optional(place('where the occasion is')),
    registeredIn: Type.Optional(place('where the identity document is from')),
    visits: Type.Optional(
      Type.Array(
        Type.Object(
          {
            place: place('where'),
            level: choice(RISK_LEVELS, 'the area’s risk'),
            cameAt: time('when the person came there; without it a stay isn’t taken for a short one'),
            leftAt: time('when the person left; without it not yet'),
          },
          closed,
        ),
        {
          maxItems: VISITS_MAX,
          description:
            'stays in risk areas that the person tells of; those on record are looked at without being ' +
            'stated; an empty list says that there were no others',
        },
      ),
    ),
  },
  { ...closed, description: 'what is known about the occasion; what isn’t stated is not assumed' },
);
export type OccasionJson = Static<typeof OccasionSchema>;

/** The occasion, or the pointer to the time that isn't one. */
export function readOccasion(
  json: OccasionJson | undefined,
): { readonly occasion: Occasion } | { readonly unreadable: string } {
  if (json === undefined) return { occasion: NOTHING_STATED };
  const { delayedFrom, arrivedAt, recoveredOn, visits, ...same } = json;
  const delayedFromMs = timeMs(delayedFrom);
  if (delayedFromMs === undefined) return { unreadable: '/delayedFrom' };
  const arrivedAtMs = timeMs(arrivedAt);
  if (arrivedAtMs === undefined) return { unreadable: '/arrivedAt' };
  const recoveredOnDay = recoveredOn === undefined ? null : parseDay(recoveredOn);
  if (recoveredOn !== undefined && recoveredOnDay === null) return { unreadable: '/recoveredOn' };
  if (visits === undefined)
    return { occasion: { ...NOTHING_STATED, ...same, delayedFromMs, arrivedAtMs, recoveredOnDay, visits: null } };
  const stays = visits.map(({ cameAt, leftAt, ...visit }) => ({
    ...visit,
    cameAtMs: timeMs(cameAt),
    leftAtMs: timeMs(leftAt),
  }));
  const wrong = stays.findIndex(({ cameAtMs, leftAtMs }) => cameAtMs === undefined || leftAtMs === undefined);
  if (wrong >= 0)
    return { unreadable: `/visits/${wrong}/${stays[wrong]?.cameAtMs === undefined ? 'cameAt' : 'leftAt'}` };
  return {
    occasion: {
      ...NOTHING_STATED,
      ...same,
      delayedFromMs,
      arrivedAtMs,
      recoveredOnDay,
      visits: stays.map(({ cameAtMs, leftAtMs, ...visit }) => ({
        ...visit,
        cameAtMs: cameAtMs ?? null,
        leftAtMs: leftAtMs ?? null,
      })),
    },
  };
}

/** @param pointer of the occasion */
export function occasionFaults(json: OccasionJson | undefined, pointer: string): Fault[] {
  const read = readOccasion(json);
  return 'unreadable' in read ? [noTime(`${pointer}${read.unreadable}`)] : [];
}

/** Null: not stated; undefined: no time. */
function timeMs(text: string | undefined): number | null | undefined {
  return text === undefined ? null : parseTime(text)?.atMs;
}
