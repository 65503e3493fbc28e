/**
 * One document as what its records come to: each observation, component and dose once, as an event, refused, or ignored
 * by design. It must never take one that another of the same sample contradicts, nor drop one unsaid.
 */

import type { TestReportedJson, VaccinationAdministeredJson } from '#exchange/formats/event-json.ts';
import type { FormatFault } from '#exchange/formats/format-fault.ts';
import type { Meaning } from '#exchange/formats/hl7/observation.ts';
import type { Origins } from '#exchange/formats/location.ts';
import { type MappedResult, RELATED_BESIDE } from '#exchange/formats/mapped-result.ts';
import type { Candidate } from '#exchange/formats/one-per-sample.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import { isTest, type Scope, scopesOf } from './bundle.ts';
import { Facts } from './facts.ts';
import { mapImmunization } from './map-immunization.ts';
import { mapResult, type Part } from './map-result.ts';
import { meaningOf } from './meaning.ts';
import { partsOf } from './parts.ts';
import { IGNORED, inFhirName, NOT_LIVE, NOTHING_IN_IT, REFUSED, TOO_MANY, UNCLEAR_HINT } from './refusals.ts';
import type { Held } from './sources.ts';
import { hasValue } from './value.ts';
import { chooseAmong } from './versions.ts';

export type Told =
  | {
      readonly kind: 'event';
      readonly within: string;
      readonly event: TestReportedJson | VaccinationAdministeredJson;
      readonly origins: Origins;
    }
  /** `note`: overlooked in an event that is taken. */
  | {
      readonly kind: 'refused' | 'ignored' | 'note';
      readonly within: string;
      readonly faults: readonly FormatFault[];
    };

/** Records of one document: as many events as the door takes at once. */
export const RECORDS_MAX = 10_000;

/** @param pause called between records, for documents that are long */
export async function mapDocument(
  value: unknown,
  settings: MappingSettings,
  pause: () => Promise<void> = async () => undefined,
): Promise<readonly Told[]> {
  const scopes = scopesOf(value);
  if (scopes === null) return [refused('', REFUSED.noResource)];
  const each: (readonly Told[])[] = [];
  for (const scope of scopes) each.push(await scopeTold(scope, settings, pause));
  const told = each.flat();
  if (told.length === 0) return [refused('', NOTHING_IN_IT)];
  return told.length > RECORDS_MAX
    ? [refused('', TOO_MANY)]
    : told.toSorted((left, right) => BY_PLACE.compare(left.within, right.within));
}

/** In the document's order; what is noted of an event stands before it. */
const BY_PLACE = new Intl.Collator('en', { numeric: true });

async function scopeTold(
  scope: Scope,
  settings: MappingSettings,
  pause: () => Promise<void>,
): Promise<readonly Told[]> {
  const { sources, aside } = scope;
  const doses = sources.ofType('Immunization');
  const { parts, unread, hasReports } = partsOf(sources);
  if (aside.length + unread.length + parts.length + doses.length > RECORDS_MAX) return [refused('', TOO_MANY)];
  const told: Told[] = aside.map(({ kind, within, fault }) => ({ kind, within, faults: [fault] }));
  for (const { within, fault } of unread) told.push(refused(within, fault));
  const whole = scope.fault ?? (scope.isTest && settings.isTraining !== true ? NOT_LIVE : null);
  if (whole !== null) {
    const places = [...parts.map(({ path }) => path), ...doses.map(({ path }) => path)];
    return [...told, ...places.map((within) => refused(within, whole))];
  }
  const facts = new Facts(sources, settings);
  for (const one of await partsTold(parts, hasReports, facts, settings, pause)) told.push(one);
  for (const held of doses) {
    const read = sources.read(held, 'Immunization');
    if (!read.ok) told.push(refused(held.path, read.fault));
    else if (isTest(held.resource) && settings.isTraining !== true) told.push(refused(held.path, NOT_LIVE));
    else told.push({ within: held.path, ...mapImmunization(held, read.value, facts, settings) });
    await pause();
  }
  return told;
}

interface Read {
  readonly part: Part;
  readonly meaning: Meaning;
  readonly mapped: MappedResult;
}

async function partsTold(
  parts: readonly Part[],
  hasReports: boolean,
  facts: Facts,
  settings: MappingSettings,
  pause: () => Promise<void>,
): Promise<readonly Told[]> {
  const told: Told[] = [];
  const related: Part[] = [];
  const reads: Read[] = [];
  for (const part of parts) {
    const meaning = meaningOf(part.valued, part.report?.resource.code, settings.testCodes);
    const why = whyNot(part, meaning, hasReports, settings);
    if (why !== null) told.push({ within: part.path, ...why });
    else if (meaning.kind === 'related') related.push(part);
    else if ('method' in meaning)
      reads.push({ part, meaning, mapped: mapResult(part, meaning.method, facts, settings) });
    await pause();
  }
  const byReport: (readonly Candidate[])[] = [];
  for (const ofReport of Map.groupBy(reads, ({ part }) => standingOf(part)).values()) {
    const candidates: Candidate[] = [];
    for (const one of reportTold(ofReport, candidates)) told.push(one);
    byReport.push(candidates);
  }
  const { kept, refused: contradicting, ignored: leftOut } = chooseAmong(byReport);
  const readAt = new Map(reads.map((read) => [read.part.path, read] as const));
  const answered = new Set<Held>();
  for (const { within, event, origins } of kept) {
    const { part, mapped } = readAt.get(within) as Read;
    answered.add(standingOf(part));
    // What is overlooked is told of what is taken alone.
    if (mapped.ok && mapped.notes.length > 0) told.push({ kind: 'note', within, faults: mapped.notes });
    told.push({ kind: 'event', within, event, origins });
  }
  for (const { within, fault } of contradicting) told.push(refused(within, fault));
  for (const { within, fault } of leftOut) told.push(ignored(within, fault));
  for (const part of related)
    if (answered.has(standingOf(part))) told.push(ignored(part.path, { field: '', ...RELATED_BESIDE }));
    else told.push(refused(part.path, { ...REFUSED.related, field: `${part.path}.code` }));
  return told;
}

/** What a part is reported by: its report, or its observation alone. */
function standingOf({ report, observation }: Part): Held {
  return report?.held ?? observation.held;
}

/** Why a part is no result that could be taken; null where it may be one. */
function whyNot(
  { path, valued, observation, report }: Part,
  meaning: Meaning,
  hasReports: boolean,
  settings: MappingSettings,
): { readonly kind: 'refused' | 'ignored'; readonly faults: readonly FormatFault[] } | null {
  const because = (kind: 'refused' | 'ignored', fault: FormatFault) =>
    ({ kind, faults: [{ ...fault, field: `${path}${fault.field}` }] }) as const;
  if (report === null && hasReports)
    return 'method' in meaning ? because('refused', REFUSED.noReport) : because('ignored', IGNORED.noReport);
  if (!hasValue(valued) && (observation.resource.hasMember ?? []).length > 0 && valued === observation.resource)
    return because('ignored', IGNORED.heading);
  if (meaning.kind === 'other') return because('ignored', IGNORED.otherTest);
  if (meaning.kind === 'antibody') return because('refused', REFUSED.antibody);
  if (meaning.kind === 'unclear')
    return because('refused', { field: '.code', reason: inFhirName(meaning.reason), hint: UNCLEAR_HINT });
  return isTest(observation.held.resource) && settings.isTraining !== true ? because('refused', NOT_LIVE) : null;
}

function reportTold(reads: readonly Read[], candidates: Candidate[]): readonly Told[] {
  const hasWhole = reads.some(({ meaning }) => meaning.kind === 'virus');
  const isBroken = !hasWhole && reads.some(({ mapped }) => !mapped.ok);
  return reads.flatMap(({ part: { path }, meaning, mapped }): readonly Told[] => {
    if (!mapped.ok) return [{ kind: 'refused', within: path, faults: mapped.faults }];
    if (isBroken) return [refused(path, { ...REFUSED.brokenTarget, field: `${path}.value` })];
    candidates.push({
      within: path,
      isTarget: meaning.kind === 'target',
      event: mapped.event,
      origins: mapped.origins,
    });
    return [];
  });
}

function refused(within: string, fault: FormatFault): Told {
  return { kind: 'refused', within, faults: [fault] };
}

function ignored(within: string, fault: FormatFault): Told {
  return { kind: 'ignored', within, faults: [fault] };
}
