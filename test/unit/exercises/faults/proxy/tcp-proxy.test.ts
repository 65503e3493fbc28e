/** The proxy's troubles, each on a connection to a server that repeats what it hears. */

import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { TcpProxy } from '#exercises/faults/proxy/tcp-proxy.ts';

let heard: string;
let server: net.Server;
let proxy: TcpProxy;

beforeEach(async () => {
  heard = '';
  server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      socket.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await use({});
});

afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

async function use(options: { isKafka?: boolean }): Promise<void> {
  await proxy?.close().catch(() => undefined);
  proxy = await TcpProxy.start((server.address() as net.AddressInfo).port, options);
}

class Client {
  readonly socket = net.connect(proxy.port, '127.0.0.1');
  answered = '';
  readonly closed = new Promise((resolve) => this.socket.once('close', resolve));

  constructor() {
    this.socket.on('error', () => undefined);
    this.socket.on('data', (data: Buffer) => (this.answered += data.toString('latin1')));
  }

  async says(text: string | Buffer): Promise<this> {
    await until(() => !this.socket.connecting);
    this.socket.write(text);
    return this;
  }

  async hears(text: string): Promise<void> {
    await until(() => this.answered.includes(text));
  }
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

/** A frame as Kafka's: length, type of request, version, correlation; an answer has the correlation first. */
function frame(apiKey: number, correlation: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeInt32BE(8, 0);
  bytes.writeInt16BE(apiKey, 4);
  bytes.writeInt32BE(correlation, 8);
  return bytes;
}

describe('a proxy', () => {
  it('without trouble passes on', async () => {
    const client = await new Client().says('one');
    await client.hears('one');
    expect(heard).toBe('one');
  });
  it('leaves no listener behind, however often a connection was full', async () => {
    const warnings: string[] = [];
    const warned = ({ name }: Error) => void warnings.push(name);
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));
    const client = await new Client().says('');
    const much = 'x'.repeat(16_000_000);
    for (let times = 0; times < 15; times += 1) {
      heard = client.answered = '';
      client.socket.pause();
      await client.says(much);
      await until(() => heard.length === much.length); // and nobody takes the answer
      client.socket.resume();
      await until(() => client.answered.length === much.length);
    }
    expect(warnings).toEqual([]);
  });
  it('that cuts resets what is open, refuses what is new, and takes connections again once healed', async () => {
    const client = await new Client().says('one');
    await client.hears('one');
    proxy.trouble = { kind: 'cut' };
    await client.closed;
    await new Client().closed;
    proxy.heal();
    await (await new Client().says('two')).hears('two');
    expect(heard).toBe('onetwo');
  });
  it('that is silent loses what is said, and resets the connection when it ends', async () => {
    const client = await new Client().says('one');
    await client.hears('one');
    proxy.trouble = { kind: 'silent', loses: 'both' };
    await client.says('two');
    const other = await new Client().says('three');
    proxy.heal();
    await Promise.all([client.closed, other.closed]);
    expect([heard, client.answered]).toEqual(['one', 'one']);
  });
  it('that loses answers lets the request arrive', async () => {
    proxy.trouble = { kind: 'silent', loses: 'answers' };
    const client = await new Client().says('one');
    await until(() => heard === 'one');
    proxy.heal();
    await client.closed;
    expect(client.answered).toBe('');
  });
  it('that holds back delivers late, in order', async () => {
    proxy.trouble = { kind: 'held' };
    const client = await new Client().says('one ');
    await client.says('two');
    expect(heard).toBe('');
    proxy.heal();
    await client.hears('one two');
  });
  it.each([{ kind: 'delay', ms: 60 } as const, { kind: 'bandwidth', bytesPerSecond: 100 } as const])(
    'that is slow delivers after a while: $kind',
    async (trouble) => {
      proxy.trouble = trouble;
      const startedMs = performance.now();
      await (await new Client().says('six by')).hears('six by');
      expect(performance.now() - startedMs).toBeGreaterThan(100);
    },
  );
  it('tells of a request that holds a text', async () => {
    const seen = proxy.requestWith('needle', new AbortController().signal);
    await new Client().says('hay needle hay');
    await seen;
    expect(proxy.trouble).toEqual({ kind: 'none' });
  });
  it('meets the request that holds a text with the trouble that is made of it', async () => {
    const client = await new Client().says('before ');
    await client.hears('before ');
    const seen = proxy.requestWith('needle', new AbortController().signal, () => {
      proxy.trouble = { kind: 'silent', loses: 'both' };
    });
    await client.says('needle');
    await seen;
    await until(() => proxy.hits.silent > 0);
    expect(heard).toBe('before ');
  });
});

describe('a proxy before a broker', () => {
  beforeEach(() => use({ isKafka: true }));

  it('drops the acknowledgement of a Produce that has arrived, and its connection; of nothing else', async () => {
    proxy.trouble = { kind: 'drop_acks', share: 1, chance: () => 0 };
    // The server repeats the request, whose correlation stands where an answer's does only if its type and version do.
    const metadata = frame(3, 0);
    const client = await new Client().says(metadata.subarray(0, 5));
    await client.says(metadata.subarray(5));
    await client.hears(metadata.toString('latin1'));
    await client.says(frame(0, 0));
    await client.closed;
    expect([proxy.hits.drop_acks, heard.length, client.answered.length]).toEqual([1, 24, 12]);
  });
});

describe('what a proxy has hit', () => {
  const NONE = { cut: 0, held: 0, delay: 0, bandwidth: 0, silent: 0, drop_acks: 0 };

  it('is nothing while nothing passes, whatever the trouble', async () => {
    for (const kind of ['held', 'cut'] as const) proxy.trouble = { kind };
    proxy.heal();
    await (await new Client().says('one')).hears('one');
    expect(proxy.hits).toEqual(NONE);
  });
  it('are connections that were cut, and those that were refused', async () => {
    const client = await new Client().says('one');
    await client.hears('one');
    proxy.trouble = { kind: 'cut' };
    await client.closed;
    await new Client().closed;
    expect(proxy.hits).toEqual({ ...NONE, cut: 2 });
  });
  it('are bytes that were lost or held back', async () => {
    proxy.trouble = { kind: 'held' };
    const client = await new Client().says('four');
    await until(() => proxy.hits.held > 0);
    proxy.heal();
    await client.hears('four');
    proxy.trouble = { kind: 'silent', loses: 'both' };
    await client.says('three');
    await until(() => proxy.hits.silent > 0);
    expect(proxy.hits).toEqual({ ...NONE, held: 4, silent: 5 });
  });
  it('says how often a producer asked for an identity', async () => {
    await use({ isKafka: true });
    const client = await new Client().says(frame(22, 0));
    await client.hears(frame(22, 0).toString('latin1'));
    expect([proxy.identitiesAsked, proxy.hits.drop_acks]).toEqual([1, 0]);
  });
});
