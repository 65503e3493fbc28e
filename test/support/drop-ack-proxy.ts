/**
 * A proxy before a broker that lets it append, then drops some acknowledgements of Produce and closes the connection:
 * the fault in which an overlapping kafkajs producer loses acknowledged records.
 */
import net from 'node:net';

const PRODUCE = 0;
const LENGTH_BYTES = 4;

export interface DropAckProxy {
  readonly port: number;
  readonly dropped: () => number;
  close(): Promise<void>;
}

/** @param dropRate decides, per acknowledgement, by a seeded sequence */
export async function startDropAckProxy(brokerPort: number, dropRate: number, seed: number): Promise<DropAckProxy> {
  const random = lcg(seed);
  const sockets = new Set<net.Socket>();
  let dropped = 0;
  const server = net.createServer((client) => {
    const broker = net.connect(brokerPort, '127.0.0.1');
    for (const socket of [client, broker]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    const close = (): void => {
      client.destroy();
      broker.destroy();
    };
    const produces = new Set<number>();
    eachFrame(client, (frame) => {
      if (frame.readInt16BE(LENGTH_BYTES) === PRODUCE) produces.add(frame.readInt32BE(LENGTH_BYTES + 4));
      broker.write(frame);
    });
    eachFrame(broker, (frame) => {
      if (produces.delete(frame.readInt32BE(LENGTH_BYTES)) && random() < dropRate) {
        dropped += 1;
        close();
      } else client.write(frame);
    });
    client.on('close', close);
    broker.on('close', close);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    dropped: () => dropped,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Calls with each whole frame of the Kafka protocol, its length included. */
function eachFrame(socket: net.Socket, use: (frame: Buffer) => void): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (data) => {
    pending = Buffer.concat([pending, data as Buffer]);
    while (pending.length >= LENGTH_BYTES) {
      const bytes = LENGTH_BYTES + pending.readInt32BE(0);
      if (pending.length < bytes) return;
      const frame = pending.subarray(0, bytes);
      pending = pending.subarray(bytes);
      use(frame);
    }
  });
}

function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}
