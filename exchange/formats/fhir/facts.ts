/**
 * Whose a result is, of which sample, from which laboratory: what is said of it in other resources than its own. Where
 * two of them say different things none is chosen, and what is referred to must be in the document.
 */

import { fault, type FormatFault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import type { PersonDocumentJson } from '#exchange/formats/person-document-schema.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import { tidyName } from '#exchange/formats/tidy-name.ts';
import { personOf } from './person.ts';
import type { Identifier, Reference, Resource } from './schema.ts';
import type { Held, Sources } from './sources.ts';
import type { PlacedSpecimen } from './specimen.ts';
import type { Source } from './times.ts';

/** A resource that was read, with its place. */
export interface Placed<T extends 'Observation' | 'DiagnosticReport'> {
  readonly held: Held;
  readonly resource: Resource<T>;
}

/** A reference with its own place, and the resource that it stands in. */
export interface PlacedReference {
  readonly path: string;
  readonly reference: Reference;
  readonly from: Held;
}

export function placedAt(from: Held, field: string, reference: Reference | undefined): readonly PlacedReference[] {
  return reference === undefined ? [] : [{ path: `${from.path}.${field}`, reference, from }];
}

export function placedAll(
  from: Held,
  field: string,
  references: readonly Reference[] = [],
): readonly PlacedReference[] {
  return references.map((reference, index) => ({ path: `${from.path}.${field}[${index}]`, reference, from }));
}

export class Facts {
  readonly #sources: Sources;
  readonly #settings: MappingSettings;
  readonly #people = new Map<Held, Reading<PersonDocumentJson>>();

  constructor(sources: Sources, settings: MappingSettings) {
    this.#sources = sources;
    this.#settings = settings;
  }

  /** @param path where the first of them would stand */
  person(references: readonly PlacedReference[], path: string): Reading<PersonDocumentJson> {
    const [first, ...others] = references.map((one) => this.#personOf(one));
    if (first === undefined) return fault(path, 'is missing: whose the result is isn’t known', 'send the Patient');
    const broken = [first, ...others].find((one) => !one.ok);
    if (broken !== undefined) return broken;
    return new Set([first, ...others].map((one) => JSON.stringify(one))).size > 1
      ? fault(
          path,
          'is another person than report or specimen say',
          'send each person’s results in a report of its own',
        )
      : first;
  }

  #personOf({ path, reference, from }: PlacedReference): Reading<PersonDocumentJson> {
    const { identifier } = reference;
    // A reference by the document itself, without a Patient.
    if ((reference.reference ?? '') === '' && identifier !== undefined)
      return personOf({ path, identifiers: [identifier] }, this.#settings);
    const found = this.#sources.find(reference, path, from, ['Patient']);
    if (!found.ok) return found;
    const known = this.#people.get(found.value) ?? this.#patient(found.value);
    this.#people.set(found.value, known);
    return known;
  }

  #patient(held: Held): Reading<PersonDocumentJson> {
    const read = this.#sources.read(held, 'Patient');
    if (!read.ok) return read;
    const { identifier: identifiers = [], birthDate, gender } = read.value;
    return personOf({ path: held.path, identifiers, birthDate, gender }, this.#settings);
  }

  specimens(references: readonly PlacedReference[]): Reading<readonly PlacedSpecimen[]> {
    return specimensAmong(this.#sources, references);
  }

  /**
   * The report's own number, that of the laboratory before that of who asked for the test; of a report on several
   * specimens, and of an observation without one, the specimen's.
   */
  sampleId(
    observation: Placed<'Observation'>,
    report: Placed<'DiagnosticReport'> | null,
    specimen: PlacedSpecimen | null,
    isOnlySpecimen: boolean,
  ): Reading<Source> {
    const { accessionIdentifier, identifier = [] } = specimen?.specimen ?? {};
    const ofSpecimen = [
      [`${specimen?.path}.accessionIdentifier`, accessionIdentifier === undefined ? [] : [accessionIdentifier]],
      [`${specimen?.path}.identifier`, identifier],
    ] as const;
    const ofReport = [[`${report?.held.path}.identifier`, report?.resource.identifier ?? []]] as const;
    const ofObservation = [[`${observation.held.path}.identifier`, observation.resource.identifier ?? []]] as const;
    const ways = isOnlySpecimen ? [...ofReport, ...ofSpecimen] : ofSpecimen;
    for (const [path, identifiers] of report === null ? [...ofSpecimen, ...ofObservation] : ways) {
      const chosen = ownNumber(identifiers, path);
      if (chosen !== null) return chosen;
    }
    return fault(`${(report ?? observation).held.path}.identifier`, 'holds no number of the sample', SEND_NUMBER);
  }

  /** @param performers of the observation, or else of its report. @param path where they would stand */
  laboratory(performers: readonly PlacedReference[], path: string): Reading<Source> {
    const own = this.#onlyOrganisation(performers, path);
    if (!own.ok) return own;
    if (own.value !== null) return taken(own.value);
    const sender = this.#sender();
    if (!sender.ok) return sender;
    const given = this.#settings.laboratory ?? '';
    if (sender.value !== null) return taken(sender.value);
    if (given !== '') return taken({ path: '--laboratory', text: given });
    return fault(path, 'names no laboratory', 'send the Organization that has tested it');
  }

  /** One that must be named. */
  organisation(references: readonly PlacedReference[], path: string): Reading<Source> {
    const own = this.#onlyOrganisation(references, path);
    if (!own.ok) return own;
    return own.value === null
      ? fault(path, 'names no organisation', 'send the Organization with its name')
      : taken(own.value);
  }

  #onlyOrganisation(references: readonly PlacedReference[], path: string): Reading<Source | null> {
    const names = new Map<string, Source>();
    for (const reference of references) {
      const named = this.#organisation(reference);
      if (!named.ok) return named;
      if (named.value !== null) names.set(named.value.text, named.value);
    }
    const [own, another] = names.values();
    if (another !== undefined) return fault(path, 'names several organisations', 'name the one that it is of');
    return taken(own ?? null);
  }

  #sender(): Reading<Source | null> {
    const [header] = this.#sources.ofType('MessageHeader');
    if (header === undefined) return taken(null);
    const read = this.#sources.read(header, 'MessageHeader');
    if (!read.ok) return read;
    const { sender } = read.value;
    if (sender === undefined) return taken(null);
    return this.#organisation({ path: `${header.path}.sender`, reference: sender, from: header });
  }

  /** Null where it is a person, who is no laboratory. */
  #organisation({ path, reference, from }: PlacedReference): Reading<Source | null> {
    const found = this.#sources.find(reference, path, from, null);
    if (found.ok) return this.#organisationOf(found.value);
    const written = reference.reference ?? '';
    const isOrganisation = reference.type === 'Organization' || written.includes('Organization/');
    if (isOrganisation && reference.display !== undefined)
      return taken({ path: `${path}.display`, text: reference.display });
    return isOrganisation || written.startsWith('urn:') ? found : taken(null);
  }

  #organisationOf(held: Held): Reading<Source | null> {
    if (held.type === 'Organization') return this.#nameOf(held);
    if (held.type !== 'PractitionerRole') return taken(null);
    const role = this.#sources.read(held, 'PractitionerRole');
    if (!role.ok) return role;
    const { organization } = role.value;
    if (organization === undefined) return taken(null);
    const of = this.#sources.find(organization, `${held.path}.organization`, held, ['Organization']);
    return of.ok ? this.#nameOf(of.value) : of;
  }

  #nameOf(held: Held): Reading<Source> {
    const read = this.#sources.read(held, 'Organization');
    if (!read.ok) return read;
    return taken({ path: `${held.path}.name`, text: read.value.name ?? '' });
  }
}

/** The specimens that are referred to, each once. */
export function specimensAmong(
  sources: Sources,
  references: readonly PlacedReference[],
): Reading<readonly PlacedSpecimen[]> {
  const placed = new Map<Held, PlacedSpecimen>();
  for (const { path, reference, from } of references) {
    const found = sources.find(reference, path, from, ['Specimen']);
    if (!found.ok) return found;
    const read = sources.read(found.value, 'Specimen');
    if (!read.ok) return read;
    placed.set(found.value, { held: found.value, path: found.value.path, specimen: read.value });
  }
  return taken([...placed.values()]);
}

/** A name as it is compared. @param hint what to send where it fills no field */
export function nameOf(source: Source, hint: string): Reading<string> {
  const name = tidyName(source.text);
  if (name.ok) return taken(name.value);
  const reason = {
    garbled: 'is not readable as text',
    placeholder: 'is empty or holds a placeholder',
    too_long: 'is longer than the exchange takes',
  }[name.why];
  return fault(source.path, reason, name.why === 'too_long' ? 'send a shorter one; it is not cut' : hint);
}

/** Filler and accession numbers are the laboratory's; a placer number is of who asked for the test. */
const NUMBER_ORDER = ['FILL', 'ACSN', '', null, 'PLAC'] as const;

/** Null where it has none. */
export function ownNumber(identifiers: readonly Identifier[], path: string): Reading<Source> | null {
  const filled = identifiers.filter(({ value = '', use }) => value.trim() !== '' && use !== 'old');
  for (const rank of NUMBER_ORDER) {
    const ofRank = filled.filter((one) => rankOf(one) === rank);
    const numbers = new Set(ofRank.map(({ value = '' }) => value.trim()));
    const [number, another] = numbers;
    if (another !== undefined)
      return fault(
        path,
        'holds different numbers of one kind',
        'say in identifier.type which is the laboratory’s (FILL)',
      );
    if (number !== undefined) return taken({ path, text: number });
  }
  return null;
}

/** Null: of a type that says nothing of whose it is. */
function rankOf({ type }: Identifier): (typeof NUMBER_ORDER)[number] {
  const code = type?.coding?.find((one) => one.code !== undefined)?.code ?? '';
  return NUMBER_ORDER.find((rank) => rank === code) ?? null;
}

const SEND_NUMBER = 'send the laboratory’s own number of the sample as DiagnosticReport.identifier';

export function faultsIn(readings: readonly Reading<unknown>[]): readonly FormatFault[] {
  return readings.flatMap((one) => (one.ok ? [] : [one.fault]));
}
