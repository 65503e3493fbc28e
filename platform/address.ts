/** Addresses of servers, as settings and options state them. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** @param text host:port[,host:port] */
export function parseAddresses(text: string): Address[] {
  return text.split(',').map((address) => {
    const [host = '', port = ''] = address.split(':');
    return { host, port: Number(port) };
  });
}
