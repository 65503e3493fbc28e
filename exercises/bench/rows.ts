/** What was measured, a row for each thing: as data for programs, and as a table for people. It measures nothing. */

import type { Compared } from './rounds.ts';

export interface Row {
  /** With its unit. */
  readonly name: string;
  readonly ours: number;
  readonly yardstick: number;
  /** Of ours to the yardstick. */
  readonly ratio: number;
  readonly ratioMin: number;
  readonly ratioMax: number;
  /** What the ratio must not exceed, or not fall below; null: none was set. */
  readonly goal: { readonly atMost: number } | { readonly atLeast: number } | null;
  /** Null: there's no goal. */
  readonly met: boolean | null;
}

export function rowOf(name: string, measured: Compared, goal: Row['goal'] = null): Row {
  return { name, ...measured, goal, met: goal === null ? null : isMet(measured.ratio, goal) };
}

function isMet(ratio: number, goal: NonNullable<Row['goal']>): boolean {
  return 'atMost' in goal ? ratio <= goal.atMost : ratio >= goal.atLeast;
}

/** Markdown. */
export function tableOf(title: string, rows: readonly Row[]): string {
  const lines = rows.map(({ name, ours, yardstick, ratio, ratioMin, ratioMax, goal, met }) => {
    const spread = `${ratio.toFixed(2)} (${ratioMin.toFixed(2)} to ${ratioMax.toFixed(2)})`;
    return `| ${name} | ${figure(ours)} | ${figure(yardstick)} | ${spread} | ${goalText(goal)}${metText(met)} |`;
  });
  return [`| ${title} | with | without | ratio | goal |`, '|---|---|---|---|---|', ...lines].join('\n');
}

const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
const goalText = (goal: Row['goal']): string =>
  goal === null ? '–' : 'atMost' in goal ? `at most ${goal.atMost}` : `at least ${goal.atLeast}`;
const metText = (met: Row['met']): string => (met === null ? '' : met ? ', met' : ', not met');
