/**
 * Puts the rules of a day of 2022 in force, as an operator would: today nothing is asked, and every question would get
 * the same answer. It changes no rule.
 */

import { runHutong } from './command.ts';

/** The questions are judged by the rules of this day. */
const RULES_AS_OF = '2022-09-15';

/** The check: its name, whether it passed, and what it found. */
export async function publishRules(brokers: string): Promise<readonly [string, boolean, string]> {
  const args = ['policy', 'publish', '--as-of', RULES_AS_OF, '--by', 'demo', '--kafka', brokers];
  const { status, output } = await runHutong(args);
  return [
    'rules of a stated day',
    status === 0,
    status === 0
      ? `those of ${RULES_AS_OF}, by hutong policy publish --as-of; every answer says that they are re-dated`
      : `publishing ended with status ${status}: ${output.slice(-600)}`,
  ];
}
