/**
 * Changes that are no failure, and must not look like one: instances come and go, and everything is replaced by a newer
 * version.
 */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import type { Injection, InjectionKind } from '#exercises/faults/scene/injection.ts';
import { nextVersionIn } from '#exercises/faults/scene/next-version.ts';
import type { Scene } from '#exercises/faults/scene/scene.ts';
import { registerNewerVersion } from '#exercises/faults/scene/unreadable-records.ts';
import { testReported } from '#exercises/town/events.ts';
import type { Random } from '#exercises/town/random.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { KafkaSender } from '#platform/kafka/sender.ts';

const NEWER_EVERY_MS = 40;
const COMINGS = { short: 2, long: 8 };

/** An instance joins and leaves, in an orderly way or killed, again and again: the group has no rest. */
export const comingAndGoing: InjectionKind = () => {
  let visitor: string | null = null;
  let comings = 0;
  let before = 0;
  return {
    name: 'instances of the materialiser come and go',
    breaks: ['materialisers'],
    needs: ['kafka', 'registry', 'redis', 'network'],
    async inject(scene, random) {
      before = await scene.reloadsFor('assigned');
      for (let coming = scene.long ? COMINGS.long : COMINGS.short; coming > 0; coming -= 1) {
        visitor = await scene.visit(visitor);
        comings += 1;
        await scene.lasts(random, { fromMs: 200, toMs: 1_500 });
        await (random.chance(0.5) ? scene.stack.kill(visitor) : scene.stack.stopPart(visitor));
      }
    },
    async heal(scene) {
      if (visitor !== null && scene.parts.run(visitor)) await scene.stack.stopPart(visitor);
    },
    async bites(scene) {
      await scene.atRest(); // the last to go is missed only when its session ends
      return [
        { what: 'comings and goings', count: comings },
        { what: 'partitions given away and back', count: (await scene.reloadsFor('assigned')) - before },
      ];
    },
  } satisfies Injection;
};

/**
 * Every part is replaced, one after the other, the services by a next version that reads and writes a newer schema.
 * From the beginning a producer that is new already writes by it, and the old ones go on by theirs until it's their
 * turn.
 */
export const rollingRestart: InjectionKind = () => {
  let restarted = 0;
  let written = 0;
  return {
    name: 'everything restarted in turn, with a newer schema',
    breaks: ['kafka', 'redis', 'registry', 'producers', 'materialisers', 'lookups', 'log'],
    needs: ['network'],
    async inject(scene, random) {
      const ended = new AbortController();
      const restart = async (...given: Parameters<Scene['stack']['restart']>): Promise<void> => {
        await scene.stack.restart(...given);
        restarted += 1;
      };
      const before = scene.stream.pastTheDoors.size;
      const { encode } = await registerNewerVersion(operatorRegistry(scene.stack));
      const newer = writeNewer(scene, encode, random, ended.signal);
      newer.catch(() => undefined); // what fails is told below, when all is restarted
      try {
        const next = nextVersionIn(join(scene.stack.runDir, 'next-version'));
        for (const part of (['materialiser', 'lookup', 'producer'] as const).flatMap((kind) => scene.services(kind)))
          await restart(part, next);
        for (const part of [
          ...(scene.long ? ['registry'] : []),
          ...scene.redisNodes(),
          ...(scene.long ? scene.brokers() : []),
        ])
          await restart(part);
      } finally {
        ended.abort();
        await newer;
        written = scene.stream.pastTheDoors.size - before;
      }
    },
    async heal(scene) {
      for (const part of [
        ...scene.redisNodes(),
        ...scene.brokers(),
        ...scene.parts.names('registry'),
        ...scene.services('materialiser'),
        ...scene.services('lookup'),
        ...scene.services('producer'),
      ]) {
        if (!scene.parts.run(part)) await scene.stack.restart(part);
      }
    },
    async bites() {
      return [
        { what: 'parts restarted', count: restarted },
        { what: 'records of the newer schema', count: written },
      ];
    },
  } satisfies Injection;
};

/** Stands in for producers of the next version; what the broker acknowledges counts as accepted. */
async function writeNewer(
  { exchange, stream, crowd }: Scene,
  encode: (event: object) => Buffer,
  random: Random,
  ended: AbortSignal,
): Promise<void> {
  const sender = await KafkaSender.connect(exchange.kafka);
  try {
    for (let sample = 0; !ended.aborted; sample += 1) {
      const key = random.chance(0.5) ? crowd.someone(random) : randomBytes(16);
      const eventId = uuidv7();
      const nowMs = Date.now();
      const province = random.pick(PROVINCE_CODES);
      const event = testReported({
        eventId,
        acceptedAtMs: nowMs,
        producerInstance: `${province}-newer`,
        province,
        sampleId: `n${sample}`,
        sampledAtMs: nowMs - 7_200_000,
        reportIssuedAtMs: nowMs - 3_600_000,
      });
      try {
        const partition = partitionOf(key, exchange.partitions);
        const record = { topic: 'tests', partition, key, value: encode(event), headers: {} };
        await sender.send([exchange.taggedBy(province, record)]);
        stream.pastTheDoors.add(eventId);
      } catch {
        await sender.renew().catch(() => undefined); // the broker is being restarted
      }
      await delay(NEWER_EVERY_MS);
    }
  } finally {
    await sender.close();
  }
}
