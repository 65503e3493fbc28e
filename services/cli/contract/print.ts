/** What a contract test found, for people and for programs. It decides nothing, and holds no value of an event. */

import { nameOfProvince, type ProvinceCode } from '#core/field/regions.ts';
import type { Print } from '#services/cli/shared/print.ts';
import type { AtDoor } from './at-door.ts';
import { type Finding, type Findings, STEPS } from './findings.ts';
import type { Sample } from './sample.ts';

export interface Tested {
  readonly province: ProvinceCode;
  readonly files: readonly string[];
  readonly sample: Sample;
  readonly findings: Findings;
  /** Null: no door was asked. */
  readonly door: (AtDoor & { readonly url: string }) | null;
}

export function printTested(tested: Tested, print: Print): void {
  const { province, files, sample, findings, door } = tested;
  const name = nameOfProvince(province);
  print(`${name.zh} / ${name.en} (${province}): ${files.length} files, ${sample.size} events.`);
  for (const [type, { acceptable, refused }] of sample.tallies)
    print(`  ${type === 'unknown' ? 'of no known type' : type}: ${acceptable} acceptable, ${refused} refused`);
  if (door !== null) print(doorWords(door));
  const all = findings.all;
  const mends = all.filter(({ step }) => step !== 'warning');
  if (mends.length > 0) print('\nTo mend, in this order; each step may hide faults of the next:');
  printSteps(mends, print);
  printSteps(
    all.filter(({ step }) => step === 'warning'),
    print,
  );
  if (findings.others > 0) print(`\n… and ${findings.others} faults of further kinds.`);
  print('');
  if (!findings.isClean) print('Mend these, and test again.');
  else print(sample.size === 0 ? 'The sample holds no event.' : `Nothing to mend. Ready to send: ${kindsOf(sample)}.`);
}

/** One object. */
export function testedJson({ province, files, sample, findings, door }: Tested): string {
  return JSON.stringify({
    province,
    files,
    clean: findings.isClean,
    events: Object.fromEntries(sample.tallies),
    findings: findings.all,
    otherFaults: findings.others,
    door,
  });
}

function doorWords({ url, acceptable, refused, away }: NonNullable<Tested['door']>): string {
  return away === null
    ? `The door at ${url} would take ${acceptable} of ${acceptable + refused} that it was asked about.`
    : `The door at ${url} is not available: ${away}.`;
}

function kindsOf({ tallies }: Sample): string {
  return [...tallies.keys()].join(', ');
}

function printSteps(findings: readonly Finding[], print: Print): void {
  for (const [step, of] of Map.groupBy(findings, (finding) => finding.step)) {
    print(`\n${STEPS[step]}`);
    for (const { code, field, detail, hint, count, first } of of) {
      const subject = field === '' ? '' : `${field}: `;
      const kind = code === '' ? '' : ` [${code}]`;
      const where = first === null ? '' : count === 1 ? `; ${first}` : `; first at ${first}`;
      print(`  ${count} × ${subject}${detail}${kind}${where}`);
      if (hint !== '') print(`      To mend: ${hint}`);
    }
  }
}
