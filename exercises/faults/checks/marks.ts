/**
 * Whether the answers say whose records could not be read: a letter without a person marks its province (or all) in
 * every answer whose position has passed the record, and everywhere once there was time to read the letter; nothing
 * else does.
 */

import type { KeptAnswer } from '#exercises/faults/scene/gates.ts';
import type { IHeaders } from '#platform/kafka/client.ts';
import type { LogIndex, Place } from './log-index.ts';

/** While nothing is broken, how long it may take until all instances have read a letter. */
const READ_MS_MAX = 2_000;
const EVERYBODY = 'unknown';

interface Mark {
  /** `43`, or `unknown` for a province that can't be told. */
  readonly province: string;
  readonly place: Place;
  readonly writtenAtMs: number;
}

export function violationsOfMarks(kept: readonly KeptAnswer[], letters: LogIndex['letters']): string[] {
  const marks = letters.flatMap(({ message }) => markOf(message.headers ?? {}, Number(message.timestamp)));
  return kept.flatMap(({ lookup, askedAtMs, calm, answer }) => {
    const said = new Set<string>([
      ...answer.incomplete.provinces,
      ...(answer.incomplete.unknownProvince ? [EVERYBODY] : []),
    ]);
    const { partition, topics } = answer.position;
    const due = marks.filter(
      ({ place, writtenAtMs }) =>
        (place.partition === partition && place.offset < (topics[place.topic]?.nextOffset ?? 0)) ||
        (calm && writtenAtMs < askedAtMs - READ_MS_MAX),
    );
    const name = `${lookup} at ${answer.evaluatedAt} in partition ${partition}`;
    return [
      ...new Set(
        due
          .filter(({ province }) => !said.has(province))
          .map(
            ({ province, place }) =>
              `${name}: doesn’t say that ${province} is incomplete, whose ` +
              `${place.topic}/${place.partition}/${place.offset} could not be read`,
          ),
      ),
      ...[...said]
        .filter((province) => !marks.some((mark) => mark.province === province))
        .map((province) => `${name}: says that ${province} is incomplete, of which everything could be read`),
    ];
  });
}

function markOf(headers: IHeaders, writtenAtMs: number): Mark[] {
  const header = (name: string): string => headers[`dead-letter-${name}`]?.toString() ?? '';
  const [what, province] = header('marks').split(':');
  if (what !== 'province' || province === undefined) return [];
  return [
    {
      province,
      place: { topic: header('topic'), partition: Number(header('partition')), offset: Number(header('offset')) },
      writtenAtMs,
    },
  ];
}
