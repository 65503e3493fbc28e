/**
 * The people of the stream and what is reported of them: few people and few registers, so that versions, repeats and
 * cuts of the same register meet again and again. The same seed gives the same events, but for their times.
 */

import type { PersonKey } from '#core/field/identity.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS, formatTime, HOUR_MS, MINUTE_MS } from '#core/field/time.ts';
import {
  codeAssignedJson,
  exposureRecordedJson,
  samplingRecordedJson,
  testReportedJson,
  vaccinationJson,
} from '#exercises/town/door-events.ts';
import { type Document, populate } from '#exercises/town/people.ts';
import { type Random, weighted } from '#exercises/town/random.ts';

const PEOPLE = 240;
/** More than a view keeps of any kind, so that some are cut. */
const REGISTERS = 11;
const STATUSES = ['final', 'final', 'final', 'preliminary', 'corrected', 'retracted'] as const;
const RESULTS = ['negative', 'negative', 'negative', 'negative', 'positive', 'indeterminate', 'invalid'] as const;
const STATES = ['green', 'yellow', 'red', 'pop_up'] as const;
const PURPOSES = ['entry', 'transport', 'public_place', 'hospital'] as const;

const kindOf = weighted([55, 15, 10, 12, 8]);
const KINDS = [testJson, samplingJson, doseJson, codeJson, exposureJson] as const;

export interface Asking {
  readonly person: Document;
  readonly personKey: PersonKey;
  readonly destination: ProvinceCode;
  readonly purpose: (typeof PURPOSES)[number];
}

export class Crowd {
  readonly #documents: readonly Document[];
  readonly #keys: readonly PersonKey[];
  readonly #startedMs = Date.now();

  constructor(keyOf: (document: Document) => PersonKey) {
    const population = populate(PEOPLE);
    this.#documents = Array.from({ length: PEOPLE }, (_, person) => population.documentOf(person));
    this.#keys = this.#documents.map(keyOf);
  }

  /** Events as a province sends them. */
  events(random: Random, provinces: readonly ProvinceCode[], count: number): object[] {
    return Array.from({ length: count }, () => {
      const register = random.below(REGISTERS);
      return KINDS[kindOf(random)]?.({
        person: random.pick(this.#documents),
        province: random.pick(provinces),
        register,
        status: random.pick(STATUSES),
        baseMs: this.#startedMs - (register + 1) * 5 * HOUR_MS,
        random,
      }) as object;
    });
  }

  asking(random: Random): Asking {
    const person = random.below(PEOPLE);
    return {
      person: this.#documents[person] as Document,
      personKey: this.#keys[person] as PersonKey,
      destination: random.pick(PROVINCE_CODES),
      purpose: random.pick(PURPOSES),
    };
  }

  someone(random: Random): PersonKey {
    return random.pick(this.#keys);
  }
}

interface Made {
  readonly person: Document;
  readonly province: ProvinceCode;
  readonly register: number;
  readonly status: (typeof STATUSES)[number];
  /** When the sample of this register was taken. */
  readonly baseMs: number;
  readonly random: Random;
}

type Json = Parameters<typeof testReportedJson>[0];

function testJson({ person, province, register, status, baseMs, random }: Made): object {
  return testReportedJson(person as Json, {
    province,
    sampleId: `s${register}`,
    status,
    result: random.pick(RESULTS),
    sampledAt: formatTime(baseMs),
    reportIssuedAt: formatTime(baseMs + HOUR_MS + random.below(180) * MINUTE_MS),
  });
}

function samplingJson({ person, province, register, status, baseMs, random }: Made): object {
  return samplingRecordedJson(person as Json, {
    province,
    sampleId: `s${register}`,
    status,
    sampledAt: formatTime(baseMs),
    recordedAt: formatTime(baseMs + random.below(60) * MINUTE_MS),
  });
}

function doseJson({ person, province, register, status, random }: Made): object {
  return vaccinationJson(person as Json, {
    province,
    doseId: `d${register % 3}`,
    doseNumber: 1 + (register % 3),
    status,
    givenAt: `2021-0${4 + (register % 3)}-1${random.below(10)}`,
  });
}

function codeJson({ person, province, register, status, baseMs, random }: Made): object {
  const assigned = {
    province,
    decisionId: `k${register}`,
    status,
    assignedAt: formatTime(baseMs),
    recordedAt: formatTime(baseMs + random.below(60) * MINUTE_MS),
  };
  return codeAssignedJson(person as Json, {
    ...assigned,
    state: random.pick(STATES),
    expiresAt: formatTime(baseMs + 7 * DAY_MS),
  });
}

function exposureJson({ person, province, register, status, baseMs, random }: Made): object {
  return exposureRecordedJson(person as Json, {
    province,
    exposureId: `e${register}`,
    status,
    from: formatTime(baseMs - DAY_MS),
    to: random.chance(0.5) ? null : formatTime(baseMs),
    recordedAt: formatTime(baseMs + random.below(60) * MINUTE_MS),
  });
}
