/** How a command ends: what the world did to it is said in a sentence, a bug keeps its stack. */

import { readFile } from 'node:fs/promises';
import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { HutongError } from '#platform/errors.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';

async function ended(work: () => Promise<unknown>): Promise<readonly [number, string]> {
  const said: string[] = [];
  const status = await withMessage(
    (text) => void said.push(text),
    async () => {
      await work();
      return 0;
    },
  );
  return [status, said.join('\n')];
}
const failing = (error: Error) => () => Promise.reject(error);

describe('a sentence and a hint for', () => {
  it.each([
    [
      'an error of the project',
      failing(new HutongError('REDIS_UNAVAILABLE', 'redis is away', { retriable: true, hint: 'start it' })),
      'redis is away\nTo mend: start it',
    ],
    [
      'a file that isn’t there',
      () => readFile('/none/at/all'),
      "ENOENT: no such file or directory, open '/none/at/all'\nTo mend: ",
    ],
    [
      'a port that nobody listens on',
      failing(
        Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED', syscall: 'connect' }),
      ),
      'connect ECONNREFUSED 127.0.0.1:1\nTo mend: ',
    ],
    [
      'an error of the Kafka client',
      failing(new kafkajs.KafkaJSConnectionError('Connection timeout')),
      'kafka: Connection timeout\nTo mend: is Kafka up',
    ],
    [
      'one that says nothing itself',
      failing(Object.assign(new kafkajs.KafkaJSNonRetriableError(''), { cause: new Error('refused') })),
      'kafka: refused\nTo mend: ',
    ],
  ])('%s', async (_name, work, message) => {
    expect(await ended(work)).toEqual([1, expect.stringMatching(new RegExp(`^${message.replaceAll('/', '\\/')}`))]);
  });
});

it.each([new TypeError('x is not a function'), new Error('oops'), new SyntaxError('bad')])(
  'a bug keeps its stack: %s',
  async (error) => {
    await expect(withMessage(() => undefined, failing(error))).rejects.toBe(error);
  },
);
