/**
 * What every format gives to who reads a file of it: bytes in, events and faults out, each with its place in the file.
 * It never throws for what the bytes hold, and holds no more of a file than one event or message.
 */

import type { DocumentType } from '#core/field/identity.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { FormatFault } from './format-fault.ts';
import type { Origins } from './location.ts';
import type { OwnWords } from './result-codes.ts';
import type { Method } from './sars-cov-2-codes.ts';

/** Where in an HL7 message a laboratory puts the name of the run; the standard has no place for it. */
export interface RunField {
  readonly segment: (typeof RUN_SEGMENTS)[number];
  /** From 1, as the standard counts. */
  readonly field: number;
  readonly component: number;
}
export const RUN_SEGMENTS = ['OBX', 'OBR', 'SPM', 'ORC', 'MSH'] as const;

/** What a laboratory's files don't say of themselves. */
export interface MappingSettings {
  readonly province: ProvinceCode;
  /** `+08:00` */
  readonly timeZone: string;
  /** Used where a message names none. */
  readonly laboratory?: string | undefined;
  /** What the numbers of people are, where their type doesn't say it. */
  readonly documentType?: DocumentType | undefined;
  readonly issuingCountry?: string | undefined;
  readonly runFrom?: RunField | undefined;
  /** Local codes of tests, and the method of each. */
  readonly testCodes?: Readonly<Record<string, Method>> | undefined;
  /** Its own words and numbers for a result, and what each means. */
  readonly resultWords?: OwnWords | undefined;
  /** The exchange at the other end is one for training: messages that aren't live are taken. */
  readonly isTraining?: boolean | undefined;
}

/** Where in a message `within` is, in numbers from 1: its order and the observation of that, or its line. */
export type MessageSpot =
  | { readonly kind: 'observation'; readonly order: number; readonly observation: number }
  | { readonly kind: 'line'; readonly line: number };

/** `at` and `within` as in a Location. */
export type Item =
  | {
      readonly kind: 'event';
      readonly at: string;
      readonly within: string;
      readonly spot?: MessageSpot | undefined;
      readonly json: string;
      readonly origins: Origins;
    }
  /** `note`: overlooked in an event that is taken. `ignored`: no result of this exchange, such as another disease's. */
  | {
      readonly kind: 'refused' | 'note' | 'ignored';
      readonly at: string;
      readonly within: string;
      readonly spot?: MessageSpot | undefined;
      readonly faults: readonly FormatFault[];
    }
  | { readonly kind: 'file_fault'; readonly at: string; readonly fault: FormatFault };

export type FormatReader = {
  /** In sentences, such as `NDJSON`. */
  readonly title: string;
  /** Whether a line, without the space before it, begins a file of the format. */
  readonly begins: (line: string) => boolean;
  /** Whether the beginning of a file is of the format, where no line tells. Asked before all lines are. */
  readonly holds?: (start: string) => boolean;
} & (
  | { readonly needsMapping: false; readonly read: (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<Item> }
  | {
      readonly needsMapping: true;
      readonly read: (chunks: AsyncIterable<Uint8Array>, mapping: MappingSettings) => AsyncGenerator<Item>;
    }
);
