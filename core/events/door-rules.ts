/**
 * What the door refuses beyond event-rules.ts. Those rules hold for the log too; these don't, for a record that was
 * accepted must never become a dead letter by a newer rule.
 */

import { DAY_MS } from '#core/field/time.ts';
import { type EventFault, FAULTS } from './event-faults.ts';
import { EARLIEST_MS } from './event-rules.ts';
import { METHODS, type PersonEvent, REPORT_DAYS_MAX, type TestReported } from './events.ts';

export function doorFaultOf(event: PersonEvent): EventFault | null {
  return event.type === 'TestReported' ? testFault(event) : null;
}

function testFault({
  accessionedOnDay,
  method,
  sampledAtMs,
  reportIssuedAtMs,
  status,
}: TestReported): EventFault | null {
  // A specimen that was filed before the disease was known would be cut from every view for its age, unseen.
  if (accessionedOnDay !== null && accessionedOnDay * DAY_MS < EARLIEST_MS)
    return { field: 'accessionedOnDay', ...FAULTS.timeBefore2019 };
  // A positive by `PCR` would stop nobody, and a negative count nowhere.
  if (!isMethod(method)) return { field: 'method', ...FAULTS.unknownMethod };
  // Who corrects or takes back may do so later.
  const isFirst = status === 'preliminary' || status === 'final';
  return isFirst && sampledAtMs !== null && reportIssuedAtMs - sampledAtMs > REPORT_DAYS_MAX * DAY_MS
    ? { field: 'reportIssuedAtMs', ...FAULTS.reportTooLate }
    : null;
}

function isMethod(name: string): boolean {
  return METHODS.some((known) => known === name) || /^other:\S/.test(name);
}
