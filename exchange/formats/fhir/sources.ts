/**
 * The resources of one document, each with its FHIRPath, and the resolving of references among them (FHIR R4,
 * bundle.html#references): inside the document alone. It must never fetch anything, nor choose between two.
 */

import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import { formFaultOf, type Reference, type Resource, type ResourceType } from './schema.ts';

/** A resource where it stands. */
export interface Held {
  /** `Bundle.entry[3].resource`, or `Observation` where it stands alone. */
  readonly path: string;
  readonly type: string;
  readonly id: string | null;
  readonly fullUrl: string | null;
  readonly resource: Readonly<Record<string, unknown>>;
  /** Of one that is contained: whose. */
  readonly container: Held | null;
}

const RESOURCE_TYPE = /^[A-Z][A-Za-z]{1,63}$/;

/** @param resource what an entry holds; null where it is no resource, or says no type */
export function heldAt(path: string, resource: unknown, fullUrl: unknown, container: Held | null = null): Held | null {
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) return null;
  const { resourceType, id } = resource as Readonly<Record<string, unknown>>;
  if (typeof resourceType !== 'string' || !RESOURCE_TYPE.test(resourceType)) return null;
  return {
    path,
    type: resourceType,
    id: typeof id === 'string' && id !== '' ? id : null,
    fullUrl: typeof fullUrl === 'string' && fullUrl !== '' ? fullUrl : null,
    resource: resource as Readonly<Record<string, unknown>>,
    container,
  };
}

export class Sources {
  /** In the document's order, each before what it contains. */
  readonly all: readonly Held[];
  readonly #byUrl = new Map<string, Held[]>();
  readonly #byId = new Map<string, Held[]>();
  readonly #contained = new Map<Held, Map<string, Held[]>>();
  readonly #forms = new Map<Held, Reading<unknown>>();

  constructor(held: readonly Held[]) {
    this.all = held;
    for (const one of held) {
      if (one.container !== null) {
        const own = this.#contained.get(one.container) ?? new Map<string, Held[]>();
        this.#contained.set(one.container, own);
        add(own, one.id, one);
        continue;
      }
      add(this.#byUrl, one.fullUrl, one);
      add(this.#byId, one.id === null ? null : `${one.type}/${one.id}`, one);
    }
  }

  ofType(type: ResourceType): readonly Held[] {
    return this.all.filter((held) => held.type === type);
  }

  /** A resource as the form that is read of it. */
  read<T extends ResourceType>(held: Held, type: T): Reading<Resource<T>> {
    const known = this.#forms.get(held) ?? formOf(held, type);
    this.#forms.set(held, known);
    return known as Reading<Resource<T>>;
  }

  /** @param path of the reference itself. @param types of which it must be one; null: any */
  find(reference: Reference, path: string, from: Held, types: readonly ResourceType[] | null): Reading<Held> {
    const written = reference.reference ?? '';
    if (written === '') return fault(path, 'refers to nothing in the document', SEND_IT);
    const [first, second] = this.#candidates(written, from);
    if (first === undefined) return fault(path, 'refers to a resource that isn’t in the document', SEND_IT);
    if (second !== undefined)
      return fault(path, 'may refer to several resources of the document', 'give each entry a fullUrl of its own');
    if (types !== null && !types.some((type) => type === first.type))
      return fault(path, `refers to a resource that is no ${types.join(' or ')}`, 'refer to the right one');
    return taken(first);
  }

  #candidates(written: string, from: Held): readonly Held[] {
    if (written.startsWith('#')) {
      const container = from.container ?? from;
      return written === '#' ? [container] : (this.#contained.get(container)?.get(written.slice(1)) ?? []);
    }
    const version = written.indexOf('/_history/');
    const reference = version === -1 ? written : written.slice(0, version);
    const exact = this.#byUrl.get(written) ?? this.#byUrl.get(reference);
    if (exact !== undefined) return exact;
    if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return [];
    const base = /^(https?:\/\/.*\/)[A-Z][A-Za-z]+\/[^/]+$/.exec((from.container ?? from).fullUrl ?? '')?.[1];
    const based = base === undefined ? undefined : this.#byUrl.get(`${base}${reference}`);
    return based ?? this.#byId.get(reference) ?? [];
  }
}

const SEND_IT = 'send what it refers to in the same bundle';

function formOf(held: Held, type: ResourceType): Reading<unknown> {
  const wrong = formFaultOf(type, held.resource);
  if (wrong !== null)
    return fault(
      `${held.path}${wrong}`,
      `has another form than FHIR R4 gives it in ${type}, or too many parts`,
      'send it as R4 says',
    );
  const { modifierExtension, implicitRules } = held.resource;
  if (Array.isArray(modifierExtension) && modifierExtension.length > 0)
    return fault(
      `${held.path}.modifierExtension`,
      'may change what the resource means, and isn’t known',
      'send the resource without it, if it means the same',
    );
  if (implicitRules !== undefined)
    return fault(`${held.path}.implicitRules`, 'names rules that aren’t known', 'send the resource without it');
  return taken(held.resource);
}

function add(index: Map<string, Held[]>, key: string | null, held: Held): void {
  if (key === null) return;
  const known = index.get(key);
  if (known === undefined) index.set(key, [held]);
  else known.push(held);
}
