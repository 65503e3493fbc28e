/**
 * What the erasures of a log hide: by person, all that was accepted up to an instant, of whomever or of one publisher.
 * It hides exactly what no view would take, and never an erasure: that hides what comes to it later.
 */

import type { PersonErased, PersonEvent } from '#core/events/events.ts';
import type { PersonKey } from '#core/field/identity.ts';
import { personOf } from '#exchange/fold/step.ts';

export class Erased {
  /** By person, and by person and publisher: the latest reach. */
  readonly #throughMs = new Map<string, number>();

  add(key: PersonKey, { takes, province, erasesThroughMs }: PersonErased): void {
    const whose = takes === 'all' ? personOf(key) : personOf(key) + province;
    this.#throughMs.set(whose, Math.max(this.#throughMs.get(whose) ?? 0, erasesThroughMs));
  }

  hides(key: PersonKey, { type, province, acceptedAtMs }: PersonEvent): boolean {
    const reaches = (whose: string): boolean =>
      acceptedAtMs <= (this.#throughMs.get(whose) ?? Number.NEGATIVE_INFINITY);
    return type !== 'PersonErased' && (reaches(personOf(key)) || reaches(personOf(key) + province));
  }
}
