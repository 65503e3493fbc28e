/**
 * What a specimen says: the word for it, whether the sample is a patient's, and of how many samples a pool is. A
 * control's result is nobody's, and a pool's positive is not yet anyone's.
 */

import { EVENT_LIMITS } from '#core/events/events.ts';
import { fault, type FormatFault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import { poolSizeSaid } from '#exchange/formats/result-rules.ts';
import { specimenWord } from '#exchange/formats/specimen-codes.ts';
import type { Component, Concept, Extension, Resource } from './schema.ts';
import type { Held } from './sources.ts';
import { SNOMED, wordsOf } from './value.ts';

export interface PlacedSpecimen {
  readonly held: Held;
  readonly path: string;
  readonly specimen: Resource<'Specimen'>;
}

const ENVIRONMENT = /environment|surface|sewage|waste ?water|环境|物表|物体表面|污水|冷链|外包装/i;
/** SNOMED CT: not detected, and detected, in a pooled specimen. */
const POOLED_RESULT = /^(895231008|462371000124108)$/;
const WORDING_CHARS_MAX = 200;
/** Table 0369: blind samples, calibrators, controls of every kind, replicates, tests of skill. */
const NO_PATIENTS = /^[BCEFOQRV]$/i;
/** Grouped, and pooled; also in the words of R5, of which R4 has the element as an extension. */
const POOLED_ROLE = /^([GL]|grouped|pooled)$/i;
/** R4 has no element for a pool's size: extensions whose URL ends so carry it, by HL7's number of the field too. */
const SIZE_EXTENSION = /(^|[/#:.])SPM[.-]13$|(specimen-count|pool-?size)$/i;
const ROLE_EXTENSION = /(^|[/#:.])SPM[.-]11$|Specimen\.combined$/i;
const EXTENSION_DEPTH_MAX = 5;

export function specimenKind({ specimen }: PlacedSpecimen): string | null {
  const codings = specimen.type?.coding ?? [];
  return specimenWord(codings.map(({ code = '', system = '' }) => [code, SNOMED.test(system) ? 'SCT' : '']));
}

/** Why no result can be taken of the sample; null where one may be. */
export function strangerOf({ path, specimen }: PlacedSpecimen): FormatFault | null {
  const at = (field: string, reason: string, hint: string): FormatFault => ({ field: `${path}${field}`, reason, hint });
  if (specimen.status === 'entered-in-error')
    return at('.status', 'says that the specimen was entered in error', 'take its results back with entered-in-error');
  if (extensionsOf(specimen).roles.some((role) => NO_PATIENTS.test(role)))
    return at('.extension', 'says that the sample is a control or the like, no patient’s', 'nothing to send');
  return textsOf(specimen.type).some((text) => ENVIRONMENT.test(text.slice(0, WORDING_CHARS_MAX)))
    ? at('.type', 'says that the sample was taken from the environment, no person', 'nothing to send')
    : null;
}

/** How many samples were tested together; null: one alone. @param ordered the report's code */
export function poolSizeOf(
  placed: PlacedSpecimen | null,
  valued: Component,
  ordered: Concept | undefined,
): Reading<number | null> {
  const { path, specimen } = placed ?? { path: '', specimen: {} as Resource<'Specimen'> };
  const { roles, sizes } = extensionsOf(specimen);
  const at = placed === null ? 'Specimen.parent' : `${path}.parent`;
  const parents = specimen.parent?.length ?? 0;
  const all = new Set([...sizes, ...(parents > 1 ? [String(parents)] : [])]);
  const numbers = [...all].map((text) => (/^\d{1,4}$/.test(text) ? Number(text) : 0));
  if (numbers.some((size) => size < 1 || size > EVENT_LIMITS.poolSizeMax))
    return fault(at, `is no number of samples from 1 to ${EVENT_LIMITS.poolSizeMax}`, 'send how many were pooled');
  const [stated = null, another] = numbers;
  const words = wordsOf(valued);
  const names = [specimen.type, valued.code, ordered].flatMap(textsOf);
  const size = another === undefined ? poolSizeSaid(stated, [...words, ...names]) : 'contradiction';
  if (size === 'contradiction') return fault(at, 'contradicts the size of the pool beside it', 'send one size');
  const isPooled = roles.some((role) => POOLED_ROLE.test(role)) || words.some((word) => POOLED_RESULT.test(word));
  if (size === 'unsized' || (isPooled && size === null))
    return fault(at, 'is missing: of how many samples the pool is isn’t known', 'send each of them as parent');
  return taken(isPooled || (size ?? 1) > 1 ? size : null);
}

function textsOf(concept: Concept | undefined): readonly string[] {
  const displays = (concept?.coding ?? []).flatMap(({ code = '', display = '' }) => [code, display]);
  return [...displays, concept?.text ?? ''];
}

interface Extensions {
  readonly roles: readonly string[];
  readonly sizes: readonly string[];
}

/** Read once for a specimen, however many results are of it. */
const KNOWN = new WeakMap<Resource<'Specimen'>, Extensions>();

function extensionsOf(specimen: Resource<'Specimen'>): Extensions {
  const { extension } = specimen;
  const known = KNOWN.get(specimen) ?? {
    roles: extensionTexts(extension, ROLE_EXTENSION),
    sizes: extensionTexts(extension, SIZE_EXTENSION),
  };
  KNOWN.set(specimen, known);
  return known;
}

/** What extensions of that name say, however deep they stand within others. */
function extensionTexts(extensions: readonly unknown[] = [], name: RegExp, depth = 0): readonly string[] {
  if (depth > EXTENSION_DEPTH_MAX) return [];
  return extensions.flatMap((one) => {
    if (typeof one !== 'object' || one === null) return [];
    const extension = one as Extension;
    const own = typeof extension.url === 'string' && name.test(extension.url) ? valueOf(extension) : undefined;
    const inner = Array.isArray(extension.extension) ? extensionTexts(extension.extension, name, depth + 1) : [];
    return own === undefined ? inner : [String(own).trim(), ...inner];
  });
}

function valueOf(extension: Extension): string | number | undefined {
  const { valueInteger, valuePositiveInt, valueUnsignedInt, valueQuantity, valueString, valueCode } = extension;
  return valueInteger ?? valuePositiveInt ?? valueUnsignedInt ?? valueQuantity?.value ?? valueCode ?? valueString;
}
