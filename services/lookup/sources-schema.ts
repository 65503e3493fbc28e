/** What is told of the provinces as sources, as schemas. A field that isn't named here never leaves the service. */

import { Type } from '@sinclair/typebox';
import { UNREADABLE_REASONS } from '#exchange/topics/letters.ts';
import { SHARED_KINDS } from '#exchange/topics/log.ts';
import { choice, text } from '#platform/schema.ts';
import { instant, instantOrNull, objectOrNull, words } from './schema-parts.ts';
import { SOURCE_STATES } from './source-states.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });
const numberOrNull = (description: string) => Type.Unsafe<number | null>({ type: ['number', 'null'], description });

const fresh = {
  province: text('two-digit code'),
  name: words('of the province'),
  through: instantOrNull(
    'all that it accepted before is in every view; null: in some partition nothing of it is known',
  ),
  behindBySeconds: numberOrNull('since then'),
};

const Unreadable = Type.Object(
  Object.fromEntries(UNREADABLE_REASONS.map((reason) => [reason, Type.Optional(Type.Integer())])),
  { description: 'records that could not be read, by reason; those that were sent again too' },
);

const Topic = Type.Object({
  topic: choice(SHARED_KINDS, 'what its events are of'),
  events: count('in the log; one that was sent twice counts twice'),
  corrections: count('how many of them correct'),
  retractions: count('how many of them retract'),
  unreadable: Unreadable,
  latestAcceptedAt: instantOrNull('of its events'),
  lately: objectOrNull(
    Type.Object({
      events: count('that became visible in the last 5 to 10 minutes'),
      publishToVisibleP50Seconds: numberOrNull('half of them took no longer; null: longer than an hour'),
      publishToVisibleP99Seconds: numberOrNull('99 of 100 took no longer; null: longer than an hour'),
      issuedAheadSeconds: Type.Number({
        description:
          'how far the time of issue of one of them was ahead of its acceptance at most. Above 0 a clock there is at ' +
          'least so far ahead; one that is behind can’t be told from a late report',
      }),
    }),
    'null: none became visible then, or the materialiser has just begun',
  ),
});

export const SourcesSchema = Type.Object(
  {
    at: instant('when it was read; at most a second ago'),
    edition: Type.Integer({ description: 'of the log, that is counted' }),
    partitions: count('of the views'),
    partitionsBehind: count('of them that nobody keeps up: where there are any, no province need be silent'),
    leakedKeys: Type.Array(
      Type.Object({
        key: text('its name'),
        of: text('whose it was: a province’s code, `national`, or `operator`'),
        since: instant('what was appended under it then or later is withdrawn'),
        partitionsFoldedAgain: count(
          'of the partitions: there answers are without it; in the others those that may rest on it are undetermined',
        ),
      }),
      { description: 'keys of records that had leaked' },
    ),
    sources: Type.Array(
      Type.Object({
        ...fresh,
        state: choice(
          SOURCE_STATES,
          'reporting: all that it said is seen, and within the last hour it said something; nothing_to_say: the ' +
            'same, and it said nothing; silent: what it says may be missing; never_seen: it has no instance',
        ),
        incomplete: Type.Boolean({ description: 'a record of it, or of nobody known, could not be read' }),
        topics: Type.Array(Topic),
      }),
      { description: 'the 32, in the order of their codes' },
    ),
    unknown: Type.Array(Type.Object({ topic: choice(SHARED_KINDS, 'where they lie'), unreadable: Unreadable }), {
      description: 'records that could not be read and name no province, or whose tag is not that of the one they name',
    }),
  },
  { $id: 'Sources' },
);

export const FreshnessSchema = Type.Object(
  {
    at: instant('when it was read; at most a second ago'),
    provinces: Type.Array(Type.Object(fresh), { description: 'the 32, in the order of their codes' }),
  },
  { $id: 'Freshness' },
);
