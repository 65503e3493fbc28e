/**
 * The broker's acknowledgements of what producers send are lost, again and again; and while they are, the broker
 * refuses what is sent once more. A batch that was given up so may be in the log: its producer must go on under a new
 * identity, or the broker would take the next batch for a duplicate of it.
 */

import kafkajs from 'kafkajs';
import { topicsOf } from '#exchange/topics/topics.ts';
import type { Injection, InjectionKind } from '#exercises/faults/scene/injection.ts';
import { heal, type Link, trouble } from '#exercises/faults/scene/links.ts';
import type { Scene } from '#exercises/faults/scene/scene.ts';
import { until } from '#exercises/oracle/exchange.ts';

const DROPPED_SHARE = 0.2;
const REFUSED_MS_MAX = 60_000;

export const droppedAcks: InjectionKind = () => {
  let links: readonly Link[] = [];
  let before = { dropped: 0, identities: 0 };
  return {
    name: 'network: acknowledgements dropped',
    breaks: ['network'],
    needs: ['kafka', 'producers'],
    async inject(scene, random) {
      links = scene.services('producer').map((producer) => scene.links.between(producer, 'kafka'));
      before = counted(links);
      for (const link of links) trouble(link, { kind: 'drop_acks', share: DROPPED_SHARE, chance: random.next });
      await scene.lasts(random, { fromMs: 3_000, toMs: 4_000 });
      await limitRecords(scene, { 'max.message.bytes': '1' });
      try {
        // By then a batch was given up: with the first refusal a producer asks for another identity.
        await until(
          'a producer takes a new identity',
          () => counted(links).identities > before.identities,
          REFUSED_MS_MAX,
        );
      } finally {
        await limitRecords(scene, {});
      }
    },
    async heal(scene) {
      for (const link of links) heal(link);
      await limitRecords(scene, {});
    },
    async bites() {
      const { dropped, identities } = counted(links);
      return [
        { what: 'acknowledgements dropped', count: dropped - before.dropped },
        { what: 'new identities of producers', count: identities - before.identities },
      ];
    },
  } satisfies Injection;
};

function counted(links: readonly Link[]): { readonly dropped: number; readonly identities: number } {
  const proxies = links.flatMap((link) => link.proxies);
  return {
    dropped: proxies.reduce((sum, { hits }) => sum + hits.drop_acks, 0),
    identities: proxies.reduce((sum, { identitiesAsked }) => sum + identitiesAsked, 0),
  };
}

/** The shared topics as they were made, but for these settings. */
async function limitRecords({ exchange }: Scene, settings: Readonly<Record<string, string>>): Promise<void> {
  const admin = exchange.kafka.admin();
  await admin.connect();
  try {
    await admin.alterConfigs({
      validateOnly: false,
      resources: topicsOf(exchange.log)
        .filter(({ topic }) => exchange.log.topics.some((shared) => shared === topic))
        .map(({ topic, config }) => ({
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: topic,
          configEntries: Object.entries({ ...config, ...settings }).map(([name, value]) => ({ name, value })),
        })),
    });
  } finally {
    await admin.disconnect();
  }
}
