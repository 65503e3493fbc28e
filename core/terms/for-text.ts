/** For whom a clause is, as a rule writes it, and the stays in risk areas that it speaks of. */

import { Type } from '@sinclair/typebox';
import { PLACE_CODE, RISK_LEVELS } from '#core/field/place.ts';
import { ACCOMPANYING, ENTRIES, RESIDENCES } from '#core/question/occasion.ts';
import { choice, closed, count, type Read } from './form.ts';
import { Window } from './window-text.ts';

const places = Type.Array(Type.String({ pattern: PLACE_CODE }), {
  minItems: 1,
  uniqueItems: true,
  description: 'GB/T 2260 codes of provinces, prefectures or counties',
});

/** Without places a stay anywhere, without levels one of any risk. */
export const visitFields = {
  places: Type.Optional(places),
  levels: Type.Optional(Type.Array(choice(RISK_LEVELS, 'the area’s risk'), { minItems: 1, uniqueItems: true })),
  longerThanHours: Type.Optional(count(1, 720, 'stays alone that lasted longer')),
  window: Window,
};
const Visit = Type.Object(visitFields, { ...closed, description: 'a stay, counted from leaving' });
export type VisitText = Read<typeof Visit>;

/** The name of a class of person by trade or status. Which there are, rules say. */
export const CLASS_NAME = '^[a-z][a-z0-9_]{0,31}$';

const years = (description: string) => Type.Optional(count(0, 150, description));

/** All that is given must hold. */
export const For = Type.Object(
  {
    residence: Type.Optional(choice(RESIDENCES, 'residents or visitors')),
    entry: Type.Optional(choice(ENTRIES, 'the first entry, or a later one')),
    ageYears: Type.Optional(
      Type.Object(
        { from: years('at least'), under: years('not yet'), upTo: years('at most') },
        { ...closed, minProperties: 1, description: 'completed years' },
      ),
    ),
    accompanyingAdult: Type.Optional(choice(ACCOMPANYING, 'what the accompanying adult was answered')),
    recoveredWithinMonths: Type.Optional(count(1, 24, 'months since the day of recovery')),
    recoveredWithinDays: Type.Optional(count(1, 730, 'days since the day of recovery')),
    class: Type.Optional(
      Type.String({
        pattern: CLASS_NAME,
        description: 'what the person is by trade or status, of the rule’s `classes`',
      }),
    ),
    commuter: Type.Optional(Type.Boolean({ description: 'commuters, or the others' })),
    stayHoursAtMost: Type.Optional(count(1, 720, 'those who leave again within')),
    stayHoursMoreThan: Type.Optional(count(1, 720, 'those who stay longer')),
    transferHoursAtMost: Type.Optional(count(1, 720, 'those who only change planes or trains and go on within')),
    arrivedWithin: Type.Optional(Window),
    place: Type.Optional(places),
    registeredIn: Type.Optional(places),
    registeredOutside: Type.Optional(places),
    visited: Type.Optional(Visit),
    notVisited: Type.Optional(Visit),
  },
  {
    ...closed,
    minProperties: 1,
    description: 'for whom it is; what isn’t stated doesn’t hold, but for stays that are on record',
  },
);
export type ForText = Read<typeof For>;

/** What every clause has. */
export const clauseFields = {
  id: Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', description: 'names the clause in answers' }),
  for: Type.Optional(For),
};
