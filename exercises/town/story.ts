/**
 * Plays the demo's story: makes events of the same stream as the crowd's, and questions of a gate, out of
 * story.json. What happens to whom is never decided here. The numbers of its people are well formed and belong to
 * the district's serial 999, which the simulated crowd never uses.
 */

import { readFileSync } from 'node:fs';
import { residentCheckDigit } from '#core/field/identity.ts';
import { type ProvinceCode, PROVINCE_CODES } from '#core/field/regions.ts';
import { formatTime, HOUR_MS } from '#core/field/time.ts';
import type { WrittenDelivery } from './deliveries.ts';
import type { Document } from './people.ts';

export const SILENT_PROVINCE: ProvinceCode = '63';

interface Told {
  readonly people: Readonly<Record<string, { readonly district: string; readonly birthday: string }>>;
  readonly happened: readonly Happened[];
  /** Asked while every province is up to date. */
  readonly whileFresh: readonly ToldQuestion[];
  /** Asked once one province has fallen silent for longer than its bound. */
  readonly onceSilent: readonly ToldQuestion[];
}

/** A time: so many hours before the end of the simulated day. */
interface HoursAgo {
  readonly hoursAgo: number;
}

/** What a province's systems send in one go. */
interface Happened {
  readonly province: ProvinceCode;
  readonly hoursAgo: number;
  /** As the door takes them, but for the province, times, and the name of the person. */
  readonly events: readonly ({ readonly type: string; readonly person: string } & ToldFields)[];
}

type ToldFields = Readonly<Record<string, string | number | HoursAgo>>;

export type QuestionId =
  | 'one_look'
  | 'across_provinces'
  | 'sampling_record'
  | 'corrected'
  | 'paper'
  | 'nothing_yet'
  | 'silent';

interface ToldQuestion {
  readonly id: QuestionId;
  readonly title: string;
  /** What the reader knows and the gate doesn't. */
  readonly story: string;
  readonly person: string;
  readonly destination: ProvinceCode;
  readonly purpose: string;
  readonly presented?: readonly ToldFields[];
  readonly expected: 'recognised' | 'not_recognised' | 'no_evidence' | 'undetermined';
  /** What the same answer must show of everything else on record, and the demo prints. */
  readonly standing?: { readonly codes: number; readonly exposures: number; readonly doses: number };
  /** Why this is the right answer. */
  readonly because: string;
}

export interface Question extends Omit<ToldQuestion, 'person' | 'presented'> {
  readonly person: Document;
  readonly presented?: readonly unknown[];
}

export interface Story {
  readonly written: readonly WrittenDelivery[];
  readonly whileFresh: readonly Question[];
  readonly onceSilent: readonly Question[];
}

/** Nobody of the crowd has such a number. */
export function resident(district: string, birthday: string): Document {
  const first17 = `${district}${birthday}999`;
  return { documentType: 'resident_identity_card', documentNumber: first17 + residentCheckDigit(first17) };
}

const STORY = JSON.parse(readFileSync(new URL('./story.json', import.meta.url), 'utf8')) as Told;

export function tellStory(nowMs: number): Story {
  return {
    written: STORY.happened.map((happened) => deliveryOf(happened, nowMs)),
    whileFresh: STORY.whileFresh.map((told) => questionOf(told, nowMs)),
    onceSilent: STORY.onceSilent.map((told) => questionOf(told, nowMs)),
  };
}

function deliveryOf({ province, hoursAgo, events }: Happened, nowMs: number): WrittenDelivery {
  return {
    kind: 'written',
    province: PROVINCE_CODES.indexOf(province),
    atMs: nowMs - hoursAgo * HOUR_MS,
    lines: events.map(({ type, person, ...fields }) =>
      JSON.stringify({ type, person: documentOf(person), province, ...timed(fields, nowMs) }),
    ),
  };
}

function questionOf({ person, presented, ...told }: ToldQuestion, nowMs: number): Question {
  return {
    ...told,
    person: documentOf(person),
    ...(presented === undefined ? {} : { presented: presented.map((fields) => timed(fields, nowMs)) }),
  };
}

function documentOf(name: string): Document {
  const person = STORY.people[name];
  if (person === undefined) throw new RangeError(`there is no ${name} in the story`);
  return resident(person.district, person.birthday);
}

function timed(fields: ToldFields, nowMs: number): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'object' ? formatTime(nowMs - value.hoursAgo * HOUR_MS) : value,
    ]),
  );
}
