/** A sender by MLLP, as a laboratory's system is one: it sends a frame and waits for its acknowledgement. */

import { once } from 'node:events';
import { connect } from 'node:tls';
import type { Principal } from '#exchange/identity/principals.ts';
import { filesOf, Identity, type TlsFiles } from '#platform/tls.ts';

const END = '\u001c\r';

/** @param as null: shows no certificate. @returns the acknowledgement's segments; rejects where there is none */
export async function sendByMllp(
  address: string,
  message: string,
  tls: TlsFiles,
  as: Principal | null,
): Promise<readonly string[]> {
  const [host, port] = address.split(':');
  const { ca, cert, key } = new Identity(filesOf(tls, as ?? 'operator')).options;
  const socket = connect({ host: host as string, port: Number(port), ca, ...(as === null ? {} : { cert, key }) });
  try {
    await once(socket, 'secureConnect');
    socket.write(`\u000b${message}${END}`);
    let said = '';
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      said += chunk.toString('latin1');
      if (said.endsWith(END)) return said.slice(1, -END.length).split('\r').slice(0, -1);
    }
    throw new Error('the connection ended without an acknowledgement');
  } finally {
    socket.destroy();
  }
}
