/**
 * Preloaded into a service (NODE_OPTIONS=--import): connections to a local port go to another one, so that proxies of
 * the test stand between the service and servers that advertise their own addresses. TEST_ROUTE=from:to[,from:to].
 */

import net from 'node:net';

const routes = new Map(
  (process.env['TEST_ROUTE'] ?? '').split(',').map((route) => route.split(':').map(Number) as [number, number]),
);
const { connect } = net.Socket.prototype;

// Every connection, whether under TLS or not, comes through here.
net.Socket.prototype.connect = function (this: net.Socket, ...parameters: unknown[]): net.Socket {
  const [first, ...rest] = parameters;
  // Node hands on its arguments in a list that it has put in order: options first.
  const options = (Array.isArray(first) ? first[0] : first) as Partial<net.TcpNetConnectOpts> | undefined;
  const to = routes.get(Number(options?.port));
  if (to === undefined || options === undefined) return Reflect.apply(connect, this, parameters) as net.Socket;
  options.port = to;
  return Reflect.apply(connect, this, [first, ...rest]) as net.Socket;
} as typeof connect;
