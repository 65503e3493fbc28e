/**
 * The end of the demo: what was checked, the figures, where to look; on the screen and in RUN_DIR/demo.json.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { count, latency, say, styled } from './print.ts';

export interface Figures {
  people: number;
  eventsSent: number;
  eventsAccepted: number;
  eventsDuplicate: number;
  eventsRefused: number;
  eventsHeldBack: number;
  eventsPerSecond: number;
  eventsPerSecondMax: number;
  lagRecordsMax: number;
  publishToVisibleP50Seconds: number | null;
  publishToVisibleP99Seconds: number | null;
  lookupsPerSecond: number;
  lookupP50Seconds: number | null;
  lookupP99Seconds: number | null;
  deadLetters: number;
  hl7Accepted: number;
  hl7Refused: number;
  viewsCompared: number;
  viewsDifferent: number;
  acceptedMissing: number;
}

export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

export interface DemoReport {
  readonly passed: boolean;
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly settings: object;
  readonly figures: Partial<Figures>;
  readonly happened: Readonly<Record<string, number>>;
  readonly answers: readonly object[];
  readonly checks: readonly Check[];
  readonly addresses: Readonly<Record<string, string>>;
}

export function writeReport(runDir: string, report: DemoReport): void {
  writeFileSync(join(runDir, 'demo.json'), `${JSON.stringify(report, null, 2)}\n`);
}

export function printFigures(figures: Partial<Figures>): void {
  const table = new Table({ style: { head: [], border: [] }, colAligns: ['left', 'right', 'left'] });
  const row = (name: string, value: string | undefined, remark: string): void =>
    void (value !== undefined && table.push([name, value, remark]));
  const whole = (value: number | undefined): string | undefined => (value === undefined ? undefined : count(value));
  row(
    'events accepted',
    whole(figures.eventsAccepted),
    `${whole(figures.eventsDuplicate)} duplicate, ${whole(figures.eventsRefused)} refused, ` +
      `${whole(figures.eventsHeldBack)} held back in Qinghai`,
  );
  row(
    'rate',
    figures.eventsPerSecond === undefined ? undefined : `${whole(figures.eventsPerSecond)}/s`,
    `highest ${whole(figures.eventsPerSecondMax)}/s over 3 s`,
  );
  row(
    'publish to visible p50',
    figures.publishToVisibleP50Seconds === undefined ? undefined : latency(figures.publishToVisibleP50Seconds),
    'interpolated from the histogram’s buckets',
  );
  row(
    'publish to visible p99',
    figures.publishToVisibleP99Seconds === undefined ? undefined : latency(figures.publishToVisibleP99Seconds),
    `highest lag ${whole(figures.lagRecordsMax)} records`,
  );
  row(
    'look-ups',
    figures.lookupsPerSecond === undefined ? undefined : `${whole(figures.lookupsPerSecond)}/s`,
    'one process, beside all the rest',
  );
  row(
    'look-up p50, p99',
    figures.lookupP99Seconds === undefined
      ? undefined
      : `${latency(figures.lookupP50Seconds ?? null)}, ${latency(figures.lookupP99Seconds)}`,
    'measured by the client',
  );
  row('dead letters', whole(figures.deadLetters), 'records that could not be read');
  row('views compared', whole(figures.viewsCompared), 'byte for byte, with the oracle’s');
  row('views that differ', whole(figures.viewsDifferent), '');
  row('accepted events missing', whole(figures.acceptedMissing), 'accepted, but not in the log');
  if (table.length > 0) say(table.toString().replace(/^/gm, '   '));
}

export function printOutcome(report: DemoReport, logs: string): void {
  const failed = report.checks.filter(({ passed }) => !passed);
  say();
  if (failed.length === 0) {
    say(
      `   ${styled(['bold', 'green'], `All ${report.checks.length} checks held`)} in ` +
        `${report.tookSeconds.toFixed(0)} s.`,
    );
    return;
  }
  say(`   ${styled(['bold', 'red'], `${failed.length} of ${report.checks.length} checks failed:`)}`);
  for (const { name, detail } of failed) say(`   ✗ ${name}: ${detail}`);
  say(`   Logs: ${logs}`);
}
