/** `hutong policy check`: every fault of a folder of rules, and every case whose answer is another than expected. */

import Table from 'cli-table3';
import type { PolicyBook } from '#core/book/policy-book.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { PURPOSES } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { NATIONAL } from '#core/terms/source.ts';
import { answerCase, coverageFaults, differencesOf, readCases } from '#exchange/policy/cases.ts';
import { type FileFault, faultText, type InFile, located, placeText } from '#exchange/policy/checked.ts';
import { daysIn, gapsOf, intervalText } from '#exchange/policy/covered.ts';
import { readPolicies } from '#exchange/policy/files.ts';
import type { RuleFault } from '#exchange/policy/forgotten.ts';
import { locationOf } from '#exchange/policy/json.ts';
import { remarksOn, unreadIn } from '#exchange/policy/remarks.ts';
import { gapsWithoutRule } from '#exchange/policy/silent.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';

/** 0 when nothing is wrong, else 1. */
export async function checkPolicies(folder: string, print: Print): Promise<number> {
  const { rules, provinces, book, faults } = await readPolicies(folder);
  if (book === null) return printFaults(faults, print);
  const { cases: files, faults: ofCases } = await readCases(folder);
  const uncovered = ofCases.length > 0 ? [] : coverageFaults(rules, files);
  if (ofCases.length + uncovered.length > 0) return printFaults([...ofCases, ...uncovered], print);
  let [run, failed] = [0, 0];
  for (const { file, locations, value } of files) {
    for (const [at, one] of value.cases.entries()) {
      run += 1;
      const differences = differencesOf(value.rule, one, answerCase(book, value.rule, one));
      if (differences.length > 0) failed += 1;
      const { line, column } = locationOf(locations, `/cases/${at}`);
      for (const difference of differences) print(`${file}:${line}:${column} "${one.name}": ${difference}`);
    }
  }
  const texts = rules.map(({ rule }) => rule);
  printRemarks(rules, remarksOn(texts), print);
  printRemarks(provinces, unreadIn(provinces.map(({ value }) => value)), print);
  printGaps(texts, book, print);
  const own = rules.filter(({ rule }) => rule.province !== NATIONAL);
  const table = new Table({
    style: { head: [], border: [] },
    head: ['rules', 'in force or past', 'unconfirmed', 'provinces with own rules', 'cases', 'failed'],
  });
  table.push([
    rules.length,
    rules.filter(({ rule }) => rule.confirmed).length,
    rules.filter(({ rule }) => !rule.confirmed).length,
    new Set(own.filter(({ rule }) => rule.confirmed).map(({ rule }) => rule.province)).size,
    run,
    failed,
  ]);
  print(table.toString());
  print(
    failed === 0
      ? 'No fault: every case is answered as expected.'
      : `${failed} cases are answered otherwise than expected: named above.`,
  );
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

/** None of it is a fault: a reader must judge. What can be done is said once for all of a kind. */
function printRemarks(files: readonly InFile<unknown>[], remarks: readonly RuleFault[], print: Print): void {
  for (const [mend, alike] of Map.groupBy(remarks, (one) => one.mend)) {
    print(`${alike.length} remark${alike.length === 1 ? '' : 's'}, no fault. To do: ${mend}`);
    for (const { index, ...remark } of alike) {
      const inFile = files[index];
      if (inFile !== undefined) print(`remark: ${placeText(located(inFile, remark))}`);
    }
  }
}

/** Which days of 2022 a province's own rules leave out, and on which of these no national rule stands in either. */
function printGaps(texts: readonly RuleText[], book: PolicyBook, print: Print): void {
  const table = new Table({
    style: { head: [], border: [], compact: true },
    head: ['province', 'purpose', 'days of 2022 without an own rule', 'of these without any'],
  });
  for (const code of PROVINCE_CODES) {
    const silent = gapsWithoutRule(book, code);
    for (const purpose of PURPOSES) {
      const gaps = gapsOf(texts, code, purpose);
      const said = gaps.map((gap) => `${intervalText(gap)}${gap.isBetween ? ', between two versions' : ''}`);
      const isWhole = gaps.length === 1 && gaps[0] !== undefined && daysIn(gaps[0]) >= DAYS_OF_2022;
      const without = silent.filter(({ scope }) => scope === purpose).map(intervalText);
      if (gaps.length > 0) table.push([code, purpose, isWhole ? 'all' : said.join('; '), without.join('; ')]);
    }
  }
  print('Days of 2022 on which no rule of the province judges, and those on which no national one does either:');
  print(table.toString());
}

const DAYS_OF_2022 = 365;

function printFaults(faults: readonly FileFault[], print: Print): number {
  for (const fault of faults) print(faultText(fault));
  print(`${faults.length} fault${faults.length === 1 ? '' : 's'}`);
  return EXIT.failed;
}
