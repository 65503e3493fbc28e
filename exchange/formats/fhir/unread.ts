/**
 * Whether an element of a document is one that nothing here reads: a name that stands twice in such a one decides
 * nothing. Laboratories in production send patients' addresses so. It must never call unread what is read.
 */

import { elementsOf } from './schema.ts';

/** Of a bundle, beside those of every resource. */
const BUNDLE_ELEMENTS = ['entry', 'type'];
const RESOURCE_ELEMENTS = ['resourceType', 'id', 'contained', 'meta', 'modifierExtension', 'implicitRules'];
const OF_ANY: ReadonlySet<string> = new Set(RESOURCE_ELEMENTS);

/** @param path from the document's root to the name. @param root as it was parsed */
export function isUnread(path: readonly (string | number)[], root: unknown): boolean {
  let at = root;
  for (const part of path) {
    const type = typeOf(at);
    if (type !== '' && typeof part === 'string' && !readIn(type).has(part)) return true;
    at = (at as Readonly<Record<string | number, unknown>> | null)?.[part];
  }
  return false;
}

const KNOWN = new Map<string, ReadonlySet<string>>();

function readIn(type: string): ReadonlySet<string> {
  const own = type === 'Bundle' ? BUNDLE_ELEMENTS : elementsOf(type);
  if (own.length === 0) return OF_ANY;
  const known = KNOWN.get(type) ?? new Set([...RESOURCE_ELEMENTS, ...own]);
  KNOWN.set(type, known);
  return known;
}

function typeOf(value: unknown): string {
  const type = (value as { readonly resourceType?: unknown } | null | undefined)?.resourceType;
  return typeof type === 'string' ? type : '';
}
