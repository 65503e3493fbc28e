/**
 * `make demo`: starts a stack of its own, runs the demo on it, reports, and stops it again unless KEEP=1. Exit status 0
 * only if every check held.
 */

import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DASHBOARD_PATH } from '#infra/parts/prometheus.ts';
import { StackError } from '#infra/process/stack-error.ts';
import { stoppedByHand, unlessStopped } from '#infra/process/stopped-by-hand.ts';
import type { ServiceSpec } from '#infra/stack/services.ts';
import { type Stack, startStack } from '#infra/stack/stack.ts';
import { ROOT } from '#platform/folders.ts';
import { fact, heading, say, seconds, styled } from './print.ts';
import { DemoRun, PRODUCERS, SILENT_PRODUCER } from './run.ts';
import { type DemoSettings, readDemoSettings } from './settings.ts';
import { type DemoReport, printFigures, printOutcome, writeReport } from './summary.ts';

const startedMs = performance.now();
const startedAt = new Date().toISOString();
const stopped = stoppedByHand();

try {
  process.exitCode = (await demo(readDemoSettings())) ? 0 : 1;
} catch (error) {
  say();
  say(styled(['bold', 'red'], 'The demo could not run:'));
  say(
    error instanceof StackError || error instanceof RangeError
      ? error.message
      : String(error instanceof Error ? error.stack : error),
  );
  process.exitCode = 1;
}
process.exit();

async function demo(settings: DemoSettings): Promise<boolean> {
  mkdirSync(settings.runDir, { recursive: true });
  say(styled('bold', '互通 Hutong') + styled('dim', '  32 provinces in, one view per person, one answer out'));
  const stack = await start(settings);
  const run = new DemoRun(stack, settings, Date.now());
  let failure: unknown = null;
  try {
    await unlessStopped(run.run(), stopped);
  } catch (error) {
    failure = error;
    run.checks.push({ name: 'the run', passed: false, detail: error instanceof Error ? error.message : String(error) });
  } finally {
    await run.close();
  }
  const report = reportOf(run, settings, stack);
  writeReport(settings.runDir, report);
  heading('Summary');
  printFigures(report.figures);
  printOutcome(report, relative(process.cwd(), join(settings.runDir, 'logs')));
  if (failure instanceof Error && !(failure instanceof StackError)) say(styled('dim', failure.stack ?? ''));
  await finish(stack, settings, report);
  return report.passed;
}

async function start(settings: DemoSettings): Promise<Stack> {
  heading('The parts and services start');
  const beganMs = performance.now();
  const stack = await startStack({
    runDir: settings.runDir,
    services: [
      { kind: 'producer', name: 'main', provinces: PRODUCERS.main },
      { kind: 'producer', name: SILENT_PRODUCER, provinces: PRODUCERS.silent },
      { kind: 'materialiser', ...(settings.plantedBug === null ? {} : planting(settings.plantedBug)) },
      { kind: 'lookup' },
    ],
    signal: stopped,
  });
  fact(
    'Ready',
    `after ${seconds(performance.now() - beganMs)}: Kafka, schema registry, Redis, Prometheus, ` +
      'producers, materialiser, look-up',
  );
  fact(
    'Producers',
    '32, each with a queue and a watermark of its own: 31 provinces in one process, Qinghai in another',
  );
  return stack;
}

/** The bug reaches the merge through a module hook, so that no source has to be changed for it. */
function planting(bug: string): Pick<ServiceSpec, 'env' | 'fromSources'> {
  say(`   ${styled('yellow', 'Planted in the merge:')} ${bug}`);
  return {
    fromSources: true,
    env: { NODE_OPTIONS: `--import=${join(ROOT, 'exercises/planted/plant-bug.ts')}`, HUTONG_PLANTED_BUG: bug },
  };
}

function reportOf(run: DemoRun, settings: DemoSettings, stack: Stack): DemoReport {
  const { prometheus = '', lookup = '', intakes } = stack.addresses;
  return {
    passed: run.checks.length > 0 && run.checks.every(({ passed }) => passed),
    startedAt,
    tookSeconds: Math.round((performance.now() - startedMs) / 100) / 10,
    settings: { people: settings.people, events: settings.events, seed: settings.seed },
    figures: run.figures,
    happened: run.happened,
    answers: run.answers.map(({ question, answer, asExpected }) => ({
      id: question.id,
      title: question.title,
      expected: question.expected,
      outcome: answer.outcome,
      reason: answer.reason,
      sentence: answer.sentence,
      asExpected,
    })),
    checks: run.checks,
    addresses: {
      dashboard: `${prometheus}${DASHBOARD_PATH}`,
      lookupApi: `${lookup}/docs`,
      intakeApi: `${intakes['main'] ?? ''}/docs`,
    },
  };
}

async function finish(stack: Stack, { keep, runDir }: DemoSettings, { addresses }: DemoReport): Promise<void> {
  say();
  fact('Dashboard', addresses['dashboard'] ?? '');
  fact('API documentation', `${addresses['lookupApi']} (look-up), ${addresses['intakeApi']} (intake)`);
  fact('These figures', join(relative(process.cwd(), runDir), 'demo.json'));
  if (keep && !stopped.aborted) {
    fact('Still running', 'until make down; Qinghai stays silent, as the dashboard shows');
    return;
  }
  await stack.stop();
  fact('Stopped', 'everything; make demo KEEP=1 leaves it running, so that these addresses can be visited');
}
