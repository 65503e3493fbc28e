/**
 * A province's sample, item by item: each event judged by the door's own intake, with that province's rights, and what
 * is found put into findings. Pure but for the clock that it is given; it holds no event longer than it looks at it.
 */

import { hash, randomBytes } from 'node:crypto';
import { eventFaultOf } from '#core/events/event-rules.ts';
import type { EventType, PersonEvent } from '#core/events/events.ts';
import type { PersonKey } from '#core/field/identity.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { contentOf } from '#core/view/registers.ts';
import { EVENT_FORMS } from '#exchange/formats/event-json.ts';
import type { Location, Outgoing } from '#exchange/formats/location.ts';
import type { Item } from '#exchange/formats/reader.ts';
import { callerHolding } from '#exchange/identity/caller.ts';
import { provincePrincipal } from '#exchange/identity/principals.ts';
import { type Judge, judgeEvent, rawEventOf } from '#exchange/intake/judge.ts';
import type { CountsSomewhere } from './counts-somewhere.ts';
import type { Findings } from './findings.ts';
import { recordFaultOf } from './record.ts';
import { foundOfFormat, foundOfRefusal } from './steps.ts';
import { allPreliminary, clockAhead, countsNowhere, idTwice, noRecord, repeated } from './words.ts';

export interface SampleSettings {
  readonly province: ProvinceCode;
  readonly nowMs: number;
  readonly clockSkewMs: number;
  readonly counts: CountsSomewhere;
  readonly findings: Findings;
}

export interface Tally {
  acceptable: number;
  refused: number;
}

/** Of which nobody knows the type too. */
export type TalliedAs = EventType | 'unknown';

/** Ids that its sender set are this one's only where they are told: the exchange makes any other. */
const NO_ID = '00000000-0000-7000-8000-000000000000';

export class Sample {
  readonly tallies = new Map<TalliedAs, Tally>();
  readonly #settings: SampleSettings;
  readonly #judge: Judge;
  /** By the sender's event id, what the event states. */
  readonly #contentOfId = new Map<string, string>();
  readonly #contents = new Set<string>();
  readonly #tests = { preliminary: 0, all: 0 };

  constructor(settings: SampleSettings) {
    const { province, nowMs, clockSkewMs } = settings;
    this.#settings = settings;
    const delivery = { eventId: NO_ID, acceptedAtMs: nowMs, producerInstance: `${province}-contract` };
    this.#judge = {
      caller: callerHolding(provincePrincipal(province), { provinces: [province] }),
      served: PROVINCE_CODES,
      deliveryFor: () => delivery,
      speaksForNation: true, // a province may not, whatever the door
      // Of this one run: by it people are told apart, and it is thrown away.
      options: { secrets: [randomBytes(32)], clockSkewMs },
    };
  }

  get size(): number {
    let size = 0;
    for (const { acceptable, refused } of this.tallies.values()) size += acceptable + refused;
    return size;
  }

  /** @returns the event, where a door should take it too; null: there is none, or it was refused */
  take(item: Item, file: string): Outgoing | null {
    const { findings } = this.#settings;
    const location: Location = { file, at: item.at, within: item.kind === 'file_fault' ? '' : item.within };
    if (item.kind === 'file_fault') findings.add(foundOfFormat(item.fault), location);
    else if (item.kind === 'event') {
      const outgoing = { json: item.json, location, origins: item.origins };
      return this.#takeEvent(outgoing) ? outgoing : null;
    } else {
      for (const fault of item.faults)
        findings.add({ ...foundOfFormat(fault), ...(item.kind === 'refused' ? {} : { step: 'warning' }) }, location);
      if (item.kind === 'refused') this.#tally('unknown').refused += 1;
    }
    return null;
  }

  /** What only the whole sample shows. */
  finish(): void {
    const { preliminary, all } = this.#tests;
    if (all > 0 && preliminary === all) this.#settings.findings.add(allPreliminary());
  }

  #takeEvent({ json, location, origins }: Outgoing): boolean {
    const { findings } = this.#settings;
    const raw = rawEventOf(Buffer.from(json));
    const taken = judgeEvent(raw, this.#judge);
    const tally = this.#tally(typeIn(raw.value));
    const fault = taken.ok ? recordFaultOf(taken.event) : null;
    if (!taken.ok) findings.add(foundOfRefusal(taken.refusal, origins), location);
    else if (fault !== null) findings.add(noRecord(fault), location);
    else {
      tally.acceptable += 1;
      this.#lookAt(taken.key, taken.event, location);
      return true;
    }
    tally.refused += 1;
    return false;
  }

  /** What isn't wrong with an event, and may not be meant. */
  #lookAt(key: PersonKey, event: PersonEvent, location: Location): void {
    const { findings, nowMs, counts } = this.#settings;
    const content = hash('sha256', `${key.toString('latin1')}${contentOf(event)}`, 'base64');
    if (event.eventId !== NO_ID) {
      const known = this.#contentOfId.get(event.eventId);
      if (known !== undefined && known !== content) findings.add(idTwice(), location);
      this.#contentOfId.set(event.eventId, known ?? content);
    }
    if (this.#contents.has(content)) findings.add(repeated(), location);
    this.#contents.add(content);
    const ahead = eventFaultOf(event, nowMs, 0);
    if (ahead !== null) findings.add(clockAhead(ahead), location);
    if (event.type !== 'TestReported') return;
    this.#tests.all += 1;
    if (event.status === 'preliminary') this.#tests.preliminary += 1;
    const lacking = event.status === 'retracted' ? null : counts.lackOf(event);
    if (lacking !== null) findings.add(countsNowhere(lacking), location);
  }

  #tally(type: TalliedAs): Tally {
    const known = this.tallies.get(type);
    if (known !== undefined) return known;
    const tally = { acceptable: 0, refused: 0 };
    this.tallies.set(type, tally);
    return tally;
  }
}

function typeIn(value: unknown): TalliedAs {
  const type = (value as { readonly type?: unknown } | null)?.type;
  return typeof type === 'string' && Object.hasOwn(EVENT_FORMS, type) ? (type as EventType) : 'unknown';
}
