/**
 * A document taken apart: a bundle's entries, or one resource alone, as resources with their places. A bundle within a
 * bundle is a document of its own. It must never read what a resource means, nor leave out an entry unsaid.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import { type Held, heldAt, Sources } from './sources.ts';

/** An entry that is no resource that could be read, or one that is none by design. */
export interface Aside {
  readonly kind: 'refused' | 'ignored';
  readonly within: string;
  readonly fault: FormatFault;
}

/** Resources among which references are resolved. */
export interface Scope {
  readonly sources: Sources;
  readonly aside: readonly Aside[];
  /** Why nothing of it may be taken; null where it may. */
  readonly fault: FormatFault | null;
  readonly isTest: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const TAKEN_TYPES = ['message', 'transaction', 'batch', 'collection'];
const BUNDLES_DEPTH_MAX = 3;
/** Of a bundle, whatever they hold. */
const ENTRIES_MAX = 50_000;

/** @param value as JSON was read; null where it is no resource */
export function scopesOf(value: unknown): readonly Scope[] | null {
  const held = heldAt('', value, null);
  return held === null ? null : scopesIn({ ...held, path: held.type }, { depth: 0, fault: null, isTest: false });
}

/** What holds of all that is within a bundle. */
interface Around extends Pick<Scope, 'fault' | 'isTest'> {
  readonly depth: number;
}

function scopesIn(held: Held, around: Around): readonly Scope[] {
  if (held.type !== 'Bundle')
    return [{ sources: new Sources(withContained(held)), aside: [], fault: null, isTest: isTest(held.resource) }];
  const { entry } = held.resource;
  const entries: readonly unknown[] = Array.isArray(entry) ? entry : [];
  if (entries.length > ENTRIES_MAX) return [TOO_LONG(held.path)];
  const fault = around.fault ?? typeFaultOf(held);
  const test = around.isTest || isTest(held.resource) || entries.some((one) => isTest(headerOf(one)?.resource ?? {}));
  const top: Held[] = [];
  const inner: Scope[] = [];
  const aside: Aside[] = [];
  entries.forEach((entry: unknown, index) => {
    const place = `${held.path}.entry[${index}]`;
    const { resource, fullUrl, request } = (typeof entry === 'object' && entry !== null ? entry : {}) as Json;
    const one = heldAt(`${place}.resource`, resource, fullUrl);
    const told = asideOf(one, request, place);
    if (told !== null || one === null) aside.push(told ?? NO_RESOURCE(place));
    else if (one.type !== 'Bundle') top.push(one);
    else if (around.depth < BUNDLES_DEPTH_MAX)
      for (const scope of scopesIn(one, { depth: around.depth + 1, fault, isTest: test })) inner.push(scope);
    else aside.push(refused(one.path, '', 'is a bundle too deep within others', 'send it by itself'));
  });
  return [{ sources: new Sources(top.flatMap(withContained)), aside, fault, isTest: test }, ...inner];
}

const TOO_LONG = (path: string): Scope => ({
  sources: new Sources([]),
  aside: [refused(path, '.entry', 'holds more than 50000 entries', 'send them in several bundles')],
  fault: null,
  isTest: false,
});

function headerOf(entry: unknown): Held | null {
  const held = heldAt('', (entry as Json | null)?.['resource'], null);
  return held?.type === 'MessageHeader' ? held : null;
}

function withContained(held: Held): readonly Held[] {
  const contained = held.resource['contained'];
  if (!Array.isArray(contained)) return [held];
  const inner = contained.map((one, index) => heldAt(`${held.path}.contained[${index}]`, one, null, held));
  return [held, ...inner.filter((one) => one !== null)];
}

function typeFaultOf({ path, resource }: Held): FormatFault | null {
  const { type } = resource;
  if (typeof type === 'string' && TAKEN_TYPES.includes(type)) return null;
  return {
    field: `${path}.type`,
    reason: `is none of ${TAKEN_TYPES.join(', ')}`,
    hint: 'send the resources as a collection, each in the version that counts',
  };
}

/** Transactions and batches say what is to be done with an entry. */
function asideOf(held: Held | null, request: unknown, place: string): Aside | null {
  const { method, url } = (typeof request === 'object' && request !== null ? request : {}) as Json;
  if (method === 'GET' || method === 'HEAD')
    return { ...refused(place, '.request.method', 'only asks for something', 'nothing to send'), kind: 'ignored' };
  if (method === 'PATCH') return refused(place, '.request.method', 'changes parts of a resource', SEND_WHOLE);
  if (method !== 'DELETE') return null;
  const what = typeof url === 'string' ? url : (held?.type ?? '');
  return /Observation|DiagnosticReport|Immunization/.test(what)
    ? refused(place, '.request.method', 'deletes a result, without saying which', TAKE_BACK)
    : { ...refused(place, '.request.method', 'deletes what is no result', 'nothing to send'), kind: 'ignored' };
}

const SEND_WHOLE = 'send the whole resource';
const TAKE_BACK = 'send the report again with the status entered-in-error';
const NO_RESOURCE = (place: string) => refused(place, '.resource', 'is no resource', 'send one in each entry');

function refused(within: string, field: string, reason: string, hint: string): Aside {
  return { kind: 'refused', within, fault: { field: `${within}${field}`, reason, hint } };
}

/** Marked as not live: table 0103 (T training, D debugging), or the code of test data. */
export function isTest({ meta }: Json): boolean {
  const { tag, security } = (typeof meta === 'object' && meta !== null ? meta : {}) as Json;
  const codings = [tag, security].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  return codings.some((coding) => {
    const { system, code } = (typeof coding === 'object' && coding !== null ? coding : {}) as Json;
    return (
      code === 'HTEST' || (typeof system === 'string' && system.endsWith('v2-0103') && (code === 'T' || code === 'D'))
    );
  });
}
