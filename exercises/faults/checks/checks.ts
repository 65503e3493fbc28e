/**
 * What must hold after a round, with the stream stopped and the view caught up: nothing accepted is lost, every view is
 * what the log says, dead letters are the poison and nothing else, positions and lag agree, and no answer was wrong.
 */

import type { KeptAnswer } from '#exercises/faults/scene/gates.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import type { RulesInForce } from '#exercises/oracle/published-rules.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { violationsOfAnswers } from './answers.ts';
import { indexLog, type LogIndex } from './log-index.ts';
import { violationsOfMarks } from './marks.ts';

/** In the order in which they are told. */
export const GUARANTEES = {
  lost: 'every accepted event is in the log',
  views: 'every view is byte-identical to what the log gives',
  letters: 'the dead letters are the poison, and nothing else',
  positions: 'positions and lag agree with the log',
  answers: 'each answer is what the rule gives over the positions that it names',
  marks: 'answers say whose records could not be read, and of nobody else',
  claims: 'no answer claims to hold what lies above its position',
  behind: 'while nothing is broken, positions are at most 2 s behind the log',
  surprises: 'doors and look-ups answer, or say that they can’t',
  survived: 'no service ended by itself',
  recovered: 'all is served again, and caught up, within the bound',
} as const;
export type Guarantee = keyof typeof GUARANTEES;
export type Violations = Readonly<Partial<Record<Guarantee, readonly string[]>>>;

export interface Checked {
  readonly events: number;
  /** Events that are in the log more than once. */
  readonly doubled: number;
  readonly answersChecked: number;
  readonly violations: Violations;
}

export interface ToCheck {
  readonly exchange: Exchange;
  readonly rules: RulesInForce;
  readonly accepted: ReadonlyMap<string, number>;
  /** Acknowledged events that no door took. */
  readonly pastTheDoors: ReadonlySet<string>;
  readonly kept: readonly KeptAnswer[];
  /** The reason of each poisonous record, by `topic/partition/offset`. */
  readonly poison: ReadonlyMap<string, string>;
}

export async function checkAll({ exchange, rules, accepted, pastTheDoors, kept, poison }: ToCheck): Promise<Checked> {
  const log = await indexLog(exchange);
  const { wrong, claims, behind } = violationsOfAnswers(kept, log, accepted, rules);
  const violations = {
    lost: [...accepted.keys(), ...pastTheDoors].filter((eventId) => !log.events.has(eventId)),
    views: await differencesFromOracle(exchange, log.histories),
    letters: violationsOfLetters(log, poison),
    positions: [...(await violationsOfPositions(exchange)), ...(await violationsOfLag(exchange))],
    answers: wrong,
    marks: violationsOfMarks(kept, log.letters),
    claims,
    behind,
  };
  return {
    events: accepted.size,
    doubled: [...log.events.values()].filter(({ times }) => times > 1).length,
    answersChecked: kept.length,
    violations,
  };
}

function violationsOfLetters({ letters }: LogIndex, poison: ReadonlyMap<string, string>): string[] {
  const found = new Map(
    letters.map(({ message }) => {
      const header = (name: string): string => message.headers?.[`dead-letter-${name}`]?.toString() ?? '';
      return [`${header('topic')}/${header('partition')}/${header('offset')}`, header('reason')];
    }),
  );
  return [
    ...[...poison]
      .filter(([place, reason]) => found.get(place) !== reason)
      .map(
        ([place, reason]) =>
          `${place} (${reason}) has ${found.has(place) ? `a letter that says ${found.get(place)}` : 'no letter'}`,
      ),
    ...[...found]
      .filter(([place]) => !poison.has(place))
      .map(([place, reason]) => `${place} is no poison, and has a letter that says ${reason}`),
  ];
}

async function violationsOfPositions(exchange: Exchange): Promise<string[]> {
  const violations: string[] = [];
  const admin = exchange.kafka.admin();
  await admin.connect();
  try {
    for (const { topic, partition, high } of await endsOf(admin, exchange.log.topics)) {
      const nextOffset = (await exchange.position(partition))?.topics[topic]?.nextOffset;
      if (nextOffset !== high)
        violations.push(`${topic}/${partition}: the log ends at ${high}, the position says ${nextOffset}`);
    }
  } finally {
    await admin.disconnect();
  }
  return violations;
}

/** It is measured every few seconds; by then each partition has one owner, who must say that nothing waits. */
const LAG_MS_MAX = 15_000;

async function violationsOfLag(exchange: Exchange): Promise<string[]> {
  let violations: string[] = [];
  const agrees = async (): Promise<boolean> => (violations = await lagOtherThanNone(exchange)).length === 0;
  await until('the materialisers’ lag says that nothing waits', agrees, LAG_MS_MAX).catch(() => undefined);
  return violations;
}

async function lagOtherThanNone(exchange: Exchange): Promise<string[]> {
  const { stack, log, partitions } = exchange;
  const lags = new Map<string, number[]>();
  for (const url of stack.addresses.materialisers) {
    const metrics = await exchange.metrics(url).catch(() => ''); // of an instance that is gone
    for (const [, topic, partition, lag] of metrics.matchAll(
      /^hutong_partition_lag_records\{topic="(\S+)",partition="(\d+)"\} (\S+)$/gm,
    )) {
      lags.set(`${topic}/${partition}`, [...(lags.get(`${topic}/${partition}`) ?? []), Number(lag)]);
    }
  }
  const expected = log.topics.flatMap((topic) =>
    Array.from({ length: partitions }, (_, partition) => `${topic}/${partition}`),
  );
  return expected
    .filter((name) => lags.get(name)?.join() !== '0')
    .map((name) => `${name}: lag by instance [${lags.get(name)?.join() ?? ''}], not [0]`);
}
