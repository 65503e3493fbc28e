/**
 * What the door refuses beyond event-rules.ts. Those rules hold for the log too; these don't, for a record that was
 * accepted must never become a dead letter by a newer rule.
 */

import { DAY_MS } from '#core/field/time.ts';
import { type EventFault, FAULTS } from './event-faults.ts';
import { EARLIEST_MS } from './event-rules.ts';
import type { PersonEvent } from './events.ts';

/** A specimen that was filed before the disease was known would be cut from every view for its age, unseen. */
export function doorFaultOf(event: PersonEvent): EventFault | null {
  const isTooEarly =
    event.type === 'TestReported' && event.accessionedOnDay !== null && event.accessionedOnDay * DAY_MS < EARLIEST_MS;
  return isTooEarly ? { field: 'accessionedOnDay', ...FAULTS.timeBefore2019 } : null;
}
