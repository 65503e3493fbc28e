/** `hutong policy check`: every fault of a folder of rules, and every case whose answer is another than expected. */

import Table from 'cli-table3';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { PURPOSES } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { NATIONAL } from '#core/terms/source.ts';
import { answerCase, coverageFaults, differencesOf, readCases } from '#exchange/policy/cases.ts';
import { type FileFault, faultText, located } from '#exchange/policy/checked.ts';
import { daysIn, gapsOf, intervalText } from '#exchange/policy/covered.ts';
import { readPolicies } from '#exchange/policy/files.ts';
import { locationOf } from '#exchange/policy/json.ts';
import { remarksOn } from '#exchange/policy/remarks.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';

/** 0 when nothing is wrong, else 1. */
export async function checkPolicies(folder: string, print: Print): Promise<number> {
  const { rules, book, faults } = await readPolicies(folder);
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
  printRemarks(rules, print);
  printGaps(
    rules.map(({ rule }) => rule),
    print,
  );
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
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

/** None of it is a fault: a reader must judge. */
function printRemarks(rules: Awaited<ReturnType<typeof readPolicies>>['rules'], print: Print): void {
  const texts = rules.map(({ rule }) => rule);
  for (const { index, ...remark } of remarksOn(texts)) {
    const inFile = rules[index];
    if (inFile !== undefined) print(`remark: ${faultText(located(inFile, remark))}`);
  }
}

/** For each province that has rules of its own: which days of 2022 these leave out. */
function printGaps(texts: readonly RuleText[], print: Print): void {
  const table = new Table({
    style: { head: [], border: [] },
    head: ['province', 'purpose', 'days of 2022 without an own rule'],
  });
  for (const code of PROVINCE_CODES)
    for (const purpose of PURPOSES) {
      const gaps = gapsOf(texts, code, purpose);
      const said = gaps.map((gap) => `${intervalText(gap)}${gap.isBetween ? ', between two versions' : ''}`);
      const isWhole = gaps.length === 1 && gaps[0] !== undefined && daysIn(gaps[0]) >= DAYS_OF_2022;
      if (gaps.length > 0) table.push([code, purpose, isWhole ? 'all' : said.join('; ')]);
    }
  print(table.toString());
}

const DAYS_OF_2022 = 365;

function printFaults(faults: readonly FileFault[], print: Print): number {
  for (const fault of faults) print(faultText(fault));
  print(`${faults.length} fault${faults.length === 1 ? '' : 's'}`);
  return EXIT.failed;
}
