/** The table of a run, by injection, and what was violated, with what it takes to repeat it. */

import Table from 'cli-table3';
import { type Guarantee, GUARANTEES } from './checks/checks.ts';
import { type RoundResult, withoutBite } from './round.ts';
import type { SuiteReport } from './suite.ts';

const COLUMNS = [
  'injection',
  'rounds',
  'of them tested nothing',
  'events',
  'lost',
  'doubled',
  'wrong answers',
  'longest without look-ups',
  'longest without stream',
  'time to catch up',
] as const;
const SHOWN_MAX = 5;

/** A round of several injections counts for each of them. */
export function tableOf(rounds: readonly RoundResult[]): string {
  const names = [...new Set(rounds.flatMap(({ injections }) => injections))];
  const table = new Table({
    head: [...COLUMNS],
    style: { head: [], border: [] },
    colAligns: ['left', ...COLUMNS.slice(1).map(() => 'right' as const)],
    wordWrap: true,
    colWidths: [34, 8, 9, 9, 6, 9, 9, 12, 12, 10],
  });
  for (const name of names)
    table.push(
      rowOf(
        name,
        rounds.filter(({ injections }) => injections.includes(name)),
        (round) => withoutBite(round).includes(name),
      ),
    );
  table.push(rowOf('all', rounds, (round) => withoutBite(round).length > 0));
  return table.toString();
}

function rowOf(name: string, rounds: readonly RoundResult[], testedNothing: (round: RoundResult) => boolean): string[] {
  const total = (of: (round: RoundResult) => number): string =>
    String(rounds.reduce((sum, round) => sum + of(round), 0));
  const longest = (of: (round: RoundResult) => number | null): string => {
    const values = rounds.map(of);
    return values.includes(null) ? 'never' : `${(Math.max(...(values as number[])) / 1_000).toFixed(1)} s`;
  };
  const violated =
    (...guarantees: Guarantee[]) =>
    ({ violations }: RoundResult): number =>
      guarantees.reduce((sum, guarantee) => sum + (violations[guarantee]?.length ?? 0), 0);
  return [
    name,
    String(rounds.length),
    String(rounds.filter(testedNothing).length),
    total(({ events }) => events),
    total(violated('lost')),
    total(({ doubled }) => doubled),
    total(violated('answers', 'marks', 'claims', 'behind')),
    longest(({ lookupPauseMs }) => lookupPauseMs),
    longest(({ streamPauseMs }) => streamPauseMs),
    longest(({ catchUpMs }) => catchUpMs),
  ];
}

/** Where the time of a run went, in seconds; what isn't a round's is the start and the stop of the stack. */
export function timesOf({ rounds, tookSeconds }: Pick<SuiteReport, 'rounds' | 'tookSeconds'>): string {
  const seconds = new Map<string, number>();
  for (const { tookMs } of rounds)
    for (const [phase, ms] of Object.entries(tookMs)) seconds.set(phase, (seconds.get(phase) ?? 0) + ms / 1_000);
  const inRounds = [...seconds.values()].reduce((sum, one) => sum + one, 0);
  const parts = [...seconds, ['start and stop of the stack', tookSeconds - inRounds] as const];
  return `${tookSeconds} s: ${parts.map(([what, one]) => `${what} ${Math.round(one)}`).join(', ')}`;
}

export function verdictOf({ passed, seed, rounds, tookSeconds }: SuiteReport): string {
  const idle = rounds.flatMap((round, index) =>
    withoutBite(round).map((name) => `  round ${index + 1}: ${name} did nothing, and so tested nothing`),
  );
  const violations = Object.entries(rounds.at(-1)?.violations ?? {});
  if (violations.length === 0)
    return [
      `Every guarantee held in ${rounds.length} rounds (${tookSeconds} s, SEED=${seed})` +
        `${passed ? '.' : ', but this run proves less than it should:'}`,
      ...idle,
    ].join('\n');
  const lines = [
    `Violated in round ${rounds.length} (${rounds.at(-1)?.injections.join(' + ')}); SEED=${seed} ` +
      `ROUNDS=${rounds.length} makes the same choices:`,
  ];
  for (const [guarantee, found] of violations) {
    lines.push(`  ${GUARANTEES[guarantee as Guarantee]}: ${found.length} times not`);
    lines.push(...found.slice(0, SHOWN_MAX).map((one) => `    ${one}`));
  }
  return [...lines, ...idle].join('\n');
}
