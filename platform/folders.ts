/** Where the project's own folders lie. Nothing here says whether they are there, and nothing else climbs to them. */

import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..');
/** The recognition rules that ship with the project. */
export const POLICIES = join(ROOT, 'policies');
/** Avro and JSON schemas, every version that ever existed. */
export const SCHEMAS = join(ROOT, 'schemas');
