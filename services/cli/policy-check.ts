/** `hutong policy check`: every fault of a folder of rules, and every case whose answer is another than expected. */
import Table from 'cli-table3';
import { NATIONAL } from '#core/policy.ts';
import { compilePolicyBook } from '#core/policy-book.ts';
import { answerCase, differencesOf, readCases } from '#policy/cases.ts';
import { faultText, readPolicies } from '#policy/files.ts';

/** 0 when nothing is wrong, else 1. */
export async function checkPolicies(folder: string, print: (text: string) => void): Promise<number> {
  const { rules, faults } = await readPolicies(folder);
  for (const fault of faults) print(faultText(fault));
  if (faults.length > 0) {
    print(`${faults.length} fault${faults.length === 1 ? '' : 's'}`);
    return 1;
  }
  const book = compilePolicyBook(rules.map(({ rule }) => rule));
  let [run, failed] = [0, 0];
  for (const { file, cases } of await readCases(folder)) {
    for (const one of cases.cases) {
      run += 1;
      const differences = differencesOf(cases.rule, one, answerCase(book, cases.rule, one));
      if (differences.length > 0) failed += 1;
      for (const difference of differences) print(`${file} "${one.name}": ${difference}`);
    }
  }
  const own = rules.filter(({ rule }) => rule.province !== NATIONAL);
  const table = new Table({ style: { head: [], border: [] }, head: ['rules', 'in force or past', 'unconfirmed', 'provinces with own rules', 'cases', 'failed'] });
  table.push([rules.length, rules.filter(({ rule }) => rule.confirmed).length, rules.filter(({ rule }) => !rule.confirmed).length, new Set(own.filter(({ rule }) => rule.confirmed).map(({ rule }) => rule.province)).size, run, failed]);
  print(table.toString());
  return failed === 0 ? 0 : 1;
}
