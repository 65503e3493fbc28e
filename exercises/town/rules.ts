/**
 * Puts the rules of a day of 2022 in force, as an operator would: today nothing is asked, and every question would get
 * the same answer. It changes no rule.
 */

import { runHutong } from './command.ts';

/** The questions are judged by the rules of this day. */
export const RULES_AS_OF = '2022-09-15';

/**
 * @param runDir of the stack: where it is, and by which certificate the operator is known
 * @throws Error with what the command said
 */
export async function publishRulesOfADay(runDir: string): Promise<void> {
  const args = ['policy', 'publish', '--as-of', RULES_AS_OF, '--by', 'exercise', '--run-dir', runDir];
  const { status, output } = await runHutong(args);
  if (status !== 0) throw new Error(`publishing the rules ended with status ${status}: ${output.slice(-600)}`);
}
