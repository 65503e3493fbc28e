/** The ids of the cluster and of topics, from the bytes of a Metadata answer of version 12. */

import { describe, expect, it } from 'vitest';
import { decodeResponse, readLogIdentity } from '#platform/kafka/topic-ids.ts';
import { answer, clusterThatAnswers, list, NO_TAGS, text, topic } from './metadata-answer.ts';

const TESTS_ID = Buffer.from(Array.from({ length: 16 }, (_, index) => index + 1));
const ANSWER = answer(
  topic(text('tests'), TESTS_ID, 3),
  topic(text('vaccinations'), Buffer.alloc(16, 7), 0),
  topic(text('gone'), Buffer.alloc(16), 0, 3),
  topic(Buffer.of(0), Buffer.alloc(16, 8), 0),
);

describe('a Metadata answer', () => {
  it('gives the cluster’s id and those of the topics that exist, whatever else it holds', () => {
    const { clusterId, topicIds } = decodeResponse(ANSWER);
    expect(clusterId).toBe('cluster-1');
    expect([...topicIds]).toEqual([
      ['tests', TESTS_ID.toString('base64url')],
      ['vaccinations', Buffer.alloc(16, 7).toString('base64url')],
    ]);
  });
  it('that ends too early is an error', () => {
    expect(() => decodeResponse(ANSWER.subarray(0, 40))).toThrow(RangeError);
  });
});

describe('asking for the identity of the log', () => {
  it('asks by name and makes no topic', async () => {
    const sent: Buffer[] = [];
    await expect(readLogIdentity(clusterThatAnswers(ANSWER, sent), ['tests', 'vaccinations'])).resolves.toMatchObject({
      clusterId: 'cluster-1',
    });
    const asked = (name: string) => Buffer.concat([Buffer.alloc(16), text(name), NO_TAGS]);
    expect(sent).toEqual([
      Buffer.concat([NO_TAGS, list(asked('tests'), asked('vaccinations')), Buffer.of(0, 0), NO_TAGS]),
    ]);
  });
  it('goes on to the next broker where one is down', async () => {
    await expect(readLogIdentity(clusterThatAnswers(ANSWER, [], 2), ['tests'])).resolves.toMatchObject({
      clusterId: 'cluster-1',
    });
  });
  it('is tried again where a topic is missing or nobody answers', async () => {
    await expect(readLogIdentity(clusterThatAnswers(ANSWER), ['tests', 'gone'])).rejects.toMatchObject({
      code: 'KAFKA_UNAVAILABLE',
      retriable: true,
      message: expect.stringContaining('gone') as string,
    });
    await expect(readLogIdentity(clusterThatAnswers(new Error('away')), ['tests'])).rejects.toMatchObject({
      code: 'KAFKA_UNAVAILABLE',
      retriable: true,
    });
  });
});
