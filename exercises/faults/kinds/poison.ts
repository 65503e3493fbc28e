/** Records that can't become events, appended past every door between good ones. */

import { randomBytes } from 'node:crypto';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import type { UnreadableReason } from '#exchange/topics/records.ts';
import type { Injection, InjectionKind } from '#exercises/faults/scene/injection.ts';
import type { Scene } from '#exercises/faults/scene/scene.ts';
import { PERSONAL_REASONS, PoisonMaker } from '#exercises/faults/scene/unreadable-records.ts';
import type { Random } from '#exercises/town/random.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';

interface Poison {
  readonly reason: UnreadableReason;
  readonly record: OutgoingRecord;
}

function poisoning(
  name: string,
  make: (maker: PoisonMaker, scene: Scene, random: Random) => Promise<Poison[]>,
): InjectionKind {
  return () => {
    let appended = 0;
    return {
      name: `poison: ${name}`,
      breaks: ['log'],
      needs: ['kafka', 'registry'],
      async inject(scene, random) {
        const { exchange, poison } = scene;
        const maker = await PoisonMaker.with(exchange);
        const before = poison.reasons.size;
        await poison.append(exchange.kafka, await make(maker, scene, random));
        appended = poison.reasons.size - before;
      },
      async heal() {
        // What is in the log stays there; its letters are what the round's checks look for.
      },
      async bites() {
        return [{ what: 'unreadable records', count: appended }];
      },
    } satisfies Injection;
  };
}

/** One of each reason, some of people of the stream. */
export const personalPoison = poisoning('of known people', (maker, { crowd }, random) =>
  Promise.all(
    PERSONAL_REASONS.map(async (reason) => ({
      reason,
      record: await maker.personal(reason, random.chance(0.3) ? crowd.someone(random) : randomBytes(16)),
    })),
  ),
);

export const nobodysPoison = poisoning('of nobody known', async (maker, { exchange }, random) => [
  { reason: 'no_person_key', record: maker.keyless(random.below(exchange.partitions), random.pick(PROVINCE_CODES)) },
  { reason: 'wrong_partition', record: maker.misplaced(randomBytes(16), random.pick(PROVINCE_CODES)) },
]);

/** Whole and good but for their tags: of people of the stream, and of others. */
export const forgedPoison = poisoning('forged', async (maker, { crowd }, random) =>
  [crowd.someone(random), randomBytes(16)].map((key) => ({
    reason: 'bad_tag' as const,
    record: maker.forged(key, random.pick(PROVINCE_CODES)),
  })),
);
