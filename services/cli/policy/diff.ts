/**
 * `hutong policy diff`: two folders of rules over the live views, before anything is published: who gains and who
 * loses, by destination, purpose and clause. Counts people, and names nobody.
 */

import Table from 'cli-table3';
import { rulesIn } from '#core/book/selected.ts';
import { formatTime } from '#core/field/time.ts';
import {
  type Change,
  changedQuestions,
  changesBeside,
  changesFor,
  type Effect,
  scopeChanges,
  textChanges,
} from '#exchange/policy/diff.ts';
import { loadRuleSet } from '#exchange/policy/files.ts';
import type { Log } from '#exchange/topics/log.ts';
import { ViewKeys } from '#exchange/view/keys.ts';
import type { RedisAccess } from '#platform/redis.ts';
import { eachLiveView } from '#services/cli/shared/each-live-view.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';

export interface DiffOptions {
  readonly before: string;
  readonly after: string;
  /** Asked for once views are needed. */
  readonly redis: () => Promise<RedisAccess>;
  readonly atMs: number;
  /** People at most; Infinity: all. */
  readonly peopleMax: number;
}

const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  gains: 'gain',
  loses: 'lose',
  barred: 'are barred by a state',
  let_in: 'are barred no more',
  other_clause: 'keep, by another clause',
};

/** @throws HutongError POLICY_INVALID, IDENTITY_UNUSABLE, REDIS_UNAVAILABLE */
export async function diffPolicies(
  log: Log,
  { before, after, redis, atMs, peopleMax }: DiffOptions,
  print: Print,
): Promise<number> {
  const [was, is] = [await loadRuleSet(before), await loadRuleSet(after)];
  const texts = textChanges(was.texts, is.texts);
  for (const change of texts) print(change);
  const questions = changedQuestions(was, is, atMs);
  if (questions.length === 0) {
    print(
      texts.length === 0
        ? 'Both folders hold the same rules.'
        : `At ${formatTime(atMs)} both folders judge every destination and purpose by the same text: ask for another ` +
            'instant with --at.',
    );
    return EXIT.ok;
  }
  print(`At ${formatTime(atMs)}:`);
  for (const change of [...scopeChanges(questions), ...changesBeside(was, is, questions)]) print(change);
  // People are asked about as they would be who state nothing.
  const unplaced = questions.filter(({ place }) => place === null);
  const tally = new Map<string, { readonly change: Change; people: number }>();
  const affected = { gains: 0, loses: 0, barred: 0, let_in: 0, other_clause: 0 };
  const viewKeys = new ViewKeys(log);
  const people = await eachLiveView({ redis: await redis(), viewKeys, peopleMax, doing: 'comparing' }, (view) => {
    const changes = changesFor(view, unplaced, atMs);
    for (const change of changes) {
      const { question, effect, clauseBefore, clauseAfter } = change;
      const row = `${question.destination}/${question.purpose}/${effect}/${clauseBefore}/${clauseAfter}`;
      const known = tally.get(row) ?? { change, people: 0 };
      known.people += 1;
      tally.set(row, known);
    }
    for (const effect of new Set(changes.map((change) => change.effect))) affected[effect] += 1;
  });
  print(tableOf([...tally.values()].sort((a, b) => b.people - a.people)));
  print(
    `${unplaced.length} destinations and purposes are judged otherwise. Of ${people} people, ` +
      `${affected.gains} gain somewhere, ${affected.loses} lose somewhere, ${affected.other_clause} keep ` +
      `by another clause, ${affected.barred} are barred somewhere by a state, ${affected.let_in} no more; ` +
      'by the visible data, stating nothing.',
  );
  return EXIT.ok;
}

function tableOf(rows: readonly { readonly change: Change; readonly people: number }[]): string {
  const table = new Table({
    style: { head: [], border: [] },
    head: ['destination', 'purpose', 'people', 'who', 'clause before', 'clause after', 'rule before', 'rule after'],
  });
  const cite = (policy: Change['question']['before']): string =>
    rulesIn(policy)
      .map(({ rule }) => `${rule.id} v${rule.version}`)
      .join(', ') || '–';
  for (const {
    change: { question, effect, clauseBefore, clauseAfter },
    people,
  } of rows) {
    table.push([
      question.destination,
      question.purpose,
      people,
      EFFECT_WORDS[effect],
      clauseBefore ?? '–',
      clauseAfter ?? '–',
      cite(question.before),
      cite(question.after),
    ]);
  }
  return table.toString();
}
