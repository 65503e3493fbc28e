/** Whether the registry of an exchange holds the schemas that this version writes by. It registers none. */

import { RegistrySchemas } from '#exchange/topics/registry.ts';
import { HutongError } from '#platform/errors.ts';
import type { HttpAccess } from '#platform/fetch-as.ts';
import type { Found } from './findings.ts';

/** @param registry null: nobody has named one, and nothing is said of it */
export async function schemasFound(registry: HttpAccess | null): Promise<Found | null> {
  if (registry === null) return null;
  try {
    await new RegistrySchemas(registry).currentIds();
    return null;
  } catch (error) {
    if (!(error instanceof HutongError)) throw error;
    const isMissing = error.code === 'REGISTRY_SCHEMA_MISSING';
    return {
      step: isMissing ? 'record' : 'warning',
      code: isMissing ? 'schema-not-registered' : 'registry-away',
      field: '',
      detail: error.message,
      hint: error.hint ?? 'tell who runs the exchange',
    };
  }
}
