/**
 * The one kind of event that the importer makes itself, as the producer's door takes it; only types.
 * Lines of NDJSON go to the door as they are and need no type.
 */

import type { Status, TestResult } from '#core/events/events.ts';
import type { IdentityDocument } from '#core/field/identity.ts';
import type { ProvinceCode } from '#core/field/regions.ts';

export interface DoorTestReported {
  readonly type: 'TestReported';
  readonly person: IdentityDocument;
  readonly province: ProvinceCode;
  readonly laboratory: string;
  readonly sampleId: string;
  readonly status: Status;
  readonly method: string;
  readonly specimen: string | null;
  readonly poolSize: number | null;
  /** ISO 8601 with offset, or a date, or null. */
  readonly sampledAt: string | null;
  /** `YYYY-MM-DD`. */
  readonly accessionedOn: string | null;
  readonly testedAt: string | null;
  readonly reportIssuedAt: string;
  readonly result: TestResult;
}
