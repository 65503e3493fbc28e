/**
 * Preloaded into a service (NODE_OPTIONS=--import): connections to one local port go to another, so that a proxy of the
 * test stands between the service and a broker that advertises its own address.
 */
import net from 'node:net';

const [from, to] = (process.env['TEST_ROUTE'] ?? '').split(':').map(Number);
const connect = net.connect.bind(net) as (...parameters: unknown[]) => net.Socket;

net.connect = net.createConnection = ((...parameters: unknown[]) => {
  const [first, ...rest] = parameters;
  const options = typeof first === 'object' && first !== null ? (first as net.TcpNetConnectOpts) : null;
  return options?.port === from ? connect({ ...options, port: to }, ...rest) : connect(...parameters);
}) as typeof net.connect;
