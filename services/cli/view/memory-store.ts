/**
 * A view in memory, of some partitions and, with slices, of some of their people: what the log comes to. It holds the
 * views as they would be stored, so that they can be compared byte for byte.
 */

import type { PersonKey } from '#core/field/identity.ts';
import { type Freshness, NO_FRESHNESS, type Position } from '#core/view/snapshot.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { decodeView, encodeView } from '#exchange/view/codec.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import {
  type LoadedPartition,
  NO_POSITION,
  type Step,
  type StoredPosition,
  storedPosition,
  type ViewStore,
} from '#exchange/view/store.ts';
import type { State } from './looks.ts';

interface Held {
  position: Position | null;
  freshness: Freshness;
  /** Keys and views as latin1, which takes a byte a character; buffers so small take several times as much. */
  readonly views: Map<string, string>;
}

export class MemoryViewStore implements ViewStore {
  readonly #keeps: (key: PersonKey) => boolean;
  readonly #partitions = new Map<number, Held>();

  constructor(keeps: (key: PersonKey) => boolean) {
    this.#keeps = keeps;
  }

  /** Of nobody: the position alone. */
  stateOf(partition: number, keys: readonly PersonKey[]): State {
    const { position, freshness, views } = this.#of(partition);
    return {
      position,
      acceptedUpToMs: freshness.acceptedUpToMs,
      views: keys.map((key) => bytesOf(views.get(key.toString('latin1')))),
    };
  }

  *people(partition: number): Generator<PersonKey> {
    for (const key of this.#of(partition).views.keys()) yield Buffer.from(key, 'latin1');
  }

  has(partition: number, key: PersonKey): boolean {
    return this.#of(partition).views.has(key.toString('latin1'));
  }

  async loadPartition(partition: number): Promise<LoadedPartition> {
    const { position, freshness } = this.#of(partition);
    return {
      generation: FIRST_GENERATION,
      stored: position === null ? NO_POSITION : storedPosition(position),
      position,
      freshness,
    };
  }

  async readViews({ partition }: { readonly partition: number }, keys: readonly PersonKey[]): Promise<PersonView[]> {
    const { views } = this.#of(partition);
    return keys.map((key) => {
      const bytes = bytesOf(views.get(key.toString('latin1')));
      return bytes === null ? EMPTY_VIEW : decodeView(bytes);
    });
  }

  async commit({ partition, position, freshness, views }: Step): Promise<StoredPosition> {
    const held = this.#of(partition);
    for (const [key, view] of views)
      if (this.#keeps(key)) held.views.set(key.toString('latin1'), encodeView(view).toString('latin1'));
    held.position = position;
    held.freshness = freshness;
    return storedPosition(position);
  }

  #of(partition: number): Held {
    const known = this.#partitions.get(partition);
    if (known !== undefined) return known;
    const made: Held = { position: null, freshness: NO_FRESHNESS, views: new Map() };
    this.#partitions.set(partition, made);
    return made;
  }
}

function bytesOf(text: string | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text, 'latin1');
}
