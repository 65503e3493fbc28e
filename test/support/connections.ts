/**
 * Whether a process has an open connection to a server of this machine, as the kernel sees it. It only looks: it never
 * asks the process or the server.
 */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const ESTABLISHED = '01';

export function isConnected(pid: number, serverPort: number): boolean {
  const own = socketsOf(pid);
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .some(([, , remote = '', state, , , , , , inode = '']) => {
      const port = Number.parseInt(remote.split(':')[1] ?? '', 16);
      return state === ESTABLISHED && port === serverPort && own.has(inode);
    });
}

/** The inodes of its sockets. */
function socketsOf(pid: number): ReadonlySet<string> {
  const folder = `/proc/${pid}/fd`;
  return new Set(
    readdirSync(folder).flatMap((name) => /^socket:\[(\d+)\]$/.exec(linkAt(`${folder}/${name}`))?.[1] ?? []),
  );
}

/** Empty for one that was closed meanwhile. */
function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
