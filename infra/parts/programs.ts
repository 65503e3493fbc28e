/**
 * The programs that a stack runs, where they are on this machine. One that's missing is named together with the command
 * that installs it; nothing is installed from here.
 */

import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { javaPartsDir } from '#infra/process/settings.ts';
import { StackError } from '#infra/process/stack-error.ts';

export function java(): string {
  const home = process.env['JAVA_HOME'];
  const own = home === undefined ? undefined : join(home, 'bin', 'java');
  return own !== undefined && existsSync(own) ? own : findProgram('java');
}

export const redisServer = (): string => findProgram('redis-server');
export const redisCli = (): string => findProgram('redis-cli');
export const prometheus = (): string => findProgram('prometheus');
export const wrk = (): string => findProgram('wrk', 'apt-get install wrk');

/** The folder of Kafka's jars (`kafka/`) and of the unpacked registry. @throws StackError if it isn't there */
export function javaParts(cacheDir: string): string {
  const dir = javaPartsDir(cacheDir);
  if (!existsSync(dir)) throw new StackError(`${dir} is missing: run make install`);
  return dir;
}

function findProgram(name: string, mend = 'make install'): string {
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(dir, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not in this folder
    }
  }
  throw new StackError(`${name} is missing: run ${mend}`);
}
