/**
 * Which records a document's observations are, and of which report each: what DiagnosticReport.result names, and what
 * such an observation has as members. It must never put an observation under two reports.
 */

import type { FormatFault, Reading } from '#exchange/formats/format-fault.ts';
import { type Placed, placedAll, placedAt, type PlacedReference, specimensAmong } from './facts.ts';
import type { Part } from './map-result.ts';
import { REFUSED } from './refusals.ts';
import type { Resource } from './schema.ts';
import type { Held, Sources } from './sources.ts';
import type { PlacedSpecimen } from './specimen.ts';
import { hasValue } from './value.ts';

/** A record that can't be read. */
export interface Unread {
  readonly within: string;
  readonly fault: FormatFault;
}

type Report = Placed<'DiagnosticReport'>;
type Observed = Placed<'Observation'>;

export interface Parts {
  readonly parts: readonly Part[];
  readonly unread: readonly Unread[];
  readonly hasReports: boolean;
}

export function partsOf(sources: Sources): Parts {
  const claims = new Claims(sources);
  const unread = [...claims.unread];
  const parts: Part[] = [];
  for (const held of sources.ofType('Observation')) {
    const observation = claims.observed.get(held);
    if (observation === undefined) continue;
    const [report = null, another] = claims.reportsOf.get(held) ?? [];
    const pieces = piecesOf(observation);
    const specimens = claims.specimensOf(report, observation);
    for (const piece of pieces)
      if (another !== undefined) unread.push({ within: piece.path, fault: REFUSED.twoReports });
      else parts.push({ ...piece, observation, report, specimens });
  }
  return { parts, unread, hasReports: sources.ofType('DiagnosticReport').length > 0 };
}

/** Which report has which observations. */
class Claims {
  readonly observed = new Map<Held, Observed>();
  readonly reportsOf = new Map<Held, Set<Report>>();
  readonly unread: Unread[] = [];
  readonly #sources: Sources;
  readonly #specimens = new Map<Report, Reading<readonly PlacedSpecimen[]>>();
  readonly #members = new Map<Report, Observed[]>();

  constructor(sources: Sources) {
    this.#sources = sources;
    for (const held of sources.ofType('Observation')) {
      const read = sources.read(held, 'Observation');
      if (read.ok) this.observed.set(held, { held, resource: read.value });
      else this.unread.push({ within: held.path, fault: read.fault });
    }
    for (const held of sources.ofType('DiagnosticReport')) {
      const read = sources.read(held, 'DiagnosticReport');
      if (read.ok) this.#report({ held, resource: read.value });
      else this.unread.push({ within: held.path, fault: read.fault });
    }
  }

  #report(report: Report): void {
    const { held, resource } = report;
    const results = placedAll(held, 'result', resource.result);
    if (results.length === 0)
      this.unread.push({ within: held.path, fault: { ...REFUSED.noResults, field: `${held.path}.result` } });
    this.#members.set(report, []);
    this.#claim(report, results);
  }

  /** Not by calls within calls: members of members may go as deep as a document is long. */
  #claim(report: Report, results: readonly PlacedReference[]): void {
    const open = [...results];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const found = this.#sources.find(next.reference, next.path, next.from, ['Observation']);
      if (!found.ok) {
        this.unread.push({ within: next.path, fault: found.fault });
        continue;
      }
      const observation = this.observed.get(found.value);
      const reports = this.reportsOf.get(found.value) ?? new Set<Report>();
      if (observation === undefined || reports.has(report)) continue;
      this.reportsOf.set(found.value, reports.add(report));
      this.#members.get(report)?.push(observation);
      for (const member of placedAll(found.value, 'hasMember', observation.resource.hasMember)) open.push(member);
    }
  }

  /** Of all that the report speaks of; of an observation alone its own. */
  specimensOf(report: Report | null, observation: Observed): Reading<readonly PlacedSpecimen[]> {
    if (report === null) return specimensAmong(this.#sources, ownSpecimen(observation));
    const known =
      this.#specimens.get(report) ??
      specimensAmong(this.#sources, [
        ...placedAll(report.held, 'specimen', report.resource.specimen),
        ...(this.#members.get(report) ?? []).flatMap(ownSpecimen),
      ]);
    this.#specimens.set(report, known);
    return known;
  }
}

function ownSpecimen({ held, resource }: Observed): readonly PlacedReference[] {
  return placedAt(held, 'specimen', resource.specimen);
}

/** Each component is a record, and the observation's own value another. */
function piecesOf({ held, resource }: Observed): readonly Pick<Part, 'path' | 'valued'>[] {
  const components = (resource.component ?? []).map((valued, index) => ({
    path: `${held.path}.component[${index}]`,
    valued,
  }));
  const own = { path: held.path, valued: resource as Resource<'Observation'> };
  return components.length === 0 || hasValue(resource) ? [own, ...components] : components;
}
