/**
 * Preloaded into a service (NODE_OPTIONS=--import): connections to a local port go to another one, so that proxies of
 * the test stand between the service and servers that advertise their own addresses. TEST_ROUTE=from:to[,from:to].
 */

import net from 'node:net';

const routes = new Map(
  (process.env['TEST_ROUTE'] ?? '').split(',').map((route) => route.split(':').map(Number) as [number, number]),
);
const connect = net.connect.bind(net) as (...parameters: unknown[]) => net.Socket;

net.connect = net.createConnection = ((...parameters: unknown[]) => {
  const [first, ...rest] = parameters;
  const options = typeof first === 'object' && first !== null ? (first as net.TcpNetConnectOpts) : null;
  const to = routes.get(Number(options?.port));
  return to === undefined ? connect(...parameters) : connect({ ...options, port: to }, ...rest);
}) as typeof net.connect;
