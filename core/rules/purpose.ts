/**
 * What a person wants to do, and where: the purposes, which are few and fixed, and the kinds of place within them,
 * which are data, for announcements name new ones. A scope is either; it never says who may go there.
 */

import { Type } from '@sinclair/typebox';

export const PURPOSES = [
  'entry',
  'leaving',
  'public_place',
  'key_place',
  'transport',
  'air',
  'rail',
  'hotel',
  'hospital',
  'estate',
  'workplace',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** A purpose with all its kinds of place, or one kind alone: `public_place`, `public_place/bar`. */
export type Scope = Purpose | `${Purpose}/${string}`;

export const KIND_NAME = '[a-z][a-z0-9_]{0,31}';
export const SCOPE = `^(?:${PURPOSES.join('|')})(?:/${KIND_NAME})?$`;

export const scopeSchema = (description: string) =>
  Type.Unsafe<Scope>({ type: 'string', pattern: SCOPE, description, examples: ['public_place', 'public_place/bar'] });
export const scopesSchema = (description: string) =>
  Type.Array(scopeSchema('a purpose, or a kind of place within it'), { minItems: 1, uniqueItems: true, description });

export function purposeOf(scope: Scope): Purpose {
  const slash = scope.indexOf('/');
  return (slash < 0 ? scope : scope.slice(0, slash)) as Purpose;
}

/** Null: the purpose with all its kinds. */
export function kindIn(scope: Scope): string | null {
  const slash = scope.indexOf('/');
  return slash < 0 ? null : scope.slice(slash + 1);
}

/** @param kind null: the purpose without a kind */
export function scopeOf(purpose: Purpose, kind: string | null): Scope {
  return kind === null ? purpose : `${purpose}/${kind}`;
}

/** Whether all of the inner scope lies in the outer one. */
export function covers(outer: Scope, inner: Scope): boolean {
  return outer === inner || outer === purposeOf(inner);
}

/** The scopes that are named, less those that are left to others. */
export interface ScopesNamed {
  readonly purposes: readonly Scope[];
  readonly except?: readonly Scope[];
}

/** What of those named is this scope itself, or the purpose around it; null: none, or it's left to others. */
export function namedFor({ purposes, except = [] }: ScopesNamed, scope: Scope): 'itself' | 'around' | null {
  if (purposes.includes(scope)) return except.includes(scope) ? null : 'itself';
  if (!purposes.includes(purposeOf(scope)) || except.some((one) => covers(one, scope))) return null;
  return 'around';
}

/** The scopes of a purpose that are named, whether they are meant or left to others. */
export function kindsNamed({ purposes, except = [] }: ScopesNamed, purpose: Purpose): string[] {
  return [...purposes, ...except].flatMap((scope) => {
    const kind = kindIn(scope);
    return kind === null || purposeOf(scope) !== purpose ? [] : [kind];
  });
}
