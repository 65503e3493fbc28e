/** Stacks on the real parts: started, shown, doubled, broken and stopped, each leaving no process behind. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from 'ioredis';
import { afterEach, beforeEach, expect, inject, it, onTestFinished } from 'vitest';
import { registryAccess } from '#exchange/identity/operator.ts';
import { templateIn } from '#exchange/identity/pki.ts';
import { until } from '#exercises/oracle/exchange.ts';
import { openRedisNode } from '#exercises/oracle/redis-node.ts';
import { readAddresses, readState } from '#infra/process/state.ts';
import { operatorRedis } from '#infra/stack/identities.ts';
import { startStack } from '#infra/stack/stack.ts';
import { processesOf, stopRecorded } from '#infra/stack/stop-stack.ts';
import { readStatus } from '#infra/status.ts';
import { fetchOf } from '#platform/fetch-as.ts';
import { ROOT } from '#platform/folders.ts';
import { redisLogin } from '#platform/redis.ts';
import { kafkaOfWorker } from '#test/support/exchange.ts';

let runDir: string;
let otherRunDir: string;
beforeEach(() => {
  runDir = mkdtempSync(join(tmpdir(), 'hutong-launcher-'));
  otherRunDir = mkdtempSync(join(tmpdir(), 'hutong-launcher-'));
});
afterEach(async () => {
  for (const dir of [runDir, otherRunDir]) {
    await stopRecorded(dir);
    rmSync(dir, { recursive: true });
  }
});

const processes = (dir: string): number => processesOf(dir).length;

function launcher(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [join(ROOT, 'infra/launcher.ts'), ...args], {
    env: { ...process.env, RUN_DIR: runDir, ...env },
  });
  // Or it would go on starting what is stopped after the test.
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Resolves when the launcher has written down that it started all of these. */
function started(...parts: readonly string[]): Promise<void> {
  return until(`${parts.join(', ')} started`, () => {
    const names = readState(runDir).parts.map(({ name }) => name);
    return parts.every((part) => names.includes(part));
  });
}

async function run(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ status: number; output: string }> {
  const child = launcher(args, env);
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()));
  const [status] = (await once(child, 'close')) as [number];
  return { status, output };
}

async function ping(address: string, dir = runDir): Promise<string> {
  const redis = openRedisNode({ tls: templateIn(join(dir, 'pki')) }, address, { maxRetriesPerRequest: 1 });
  redis.on('error', () => {}); // the command below fails
  return redis.ping().finally(() => redis.disconnect());
}

it('starts the parts with their addresses, shows them, starts them once, and leaves no process behind', async () => {
  const up = await run(['up', '--only-parts']);
  expect(up.status, up.output).toBe(0);
  const { kafka, registry, redis, prometheus } = readAddresses(runDir);
  expect(kafka).toMatch(/^127\.0\.0\.1:\d+$/);
  const asOperator = fetchOf(registryAccess(registry ?? '', templateIn(join(runDir, 'pki'))));
  expect(await (await asOperator(`${registry}/subjects`)).json()).toEqual([]);
  expect(await ping(redis ?? '')).toBe('PONG');
  expect((await fetch(`${prometheus}/consoles/hutong.html`)).status).toBe(200);
  const shown = await run(['status']);
  expect(shown.status).toBe(0);
  for (const name of ['kafka', 'registry', 'redis', 'prometheus', 'issuer'])
    expect(shown.output).toMatch(new RegExp(`${name}.*running`));
  const again = await run(['up', '--only-parts']);
  expect(again).toEqual(shown);
  expect(processes(runDir)).toBe(6);
  expect((await run(['down'])).output).toContain('Stopped:');
  expect(processes(runDir)).toBe(0);
  expect(existsSync(join(runDir, 'addresses.json'))).toBe(false);
  expect(await run(['status'])).toEqual({ status: 1, output: `Nothing runs in ${runDir}.\n` });
});

it('runs two stacks that start at the same moment side by side', async () => {
  const stacks = await Promise.all(
    [runDir, otherRunDir].map(async (dir) => startStack({ runDir: dir, parts: ['redis', 'prometheus'], services: [] })),
  );
  const [first, second] = stacks.map(({ addresses }) => addresses);
  expect(first?.redis).not.toBe(second?.redis);
  expect(first?.prometheus).not.toBe(second?.prometheus);
  await stacks[0]?.stop();
  expect([processes(runDir), processes(otherRunDir)]).toEqual([0, 2]);
  expect(await ping(second?.redis ?? '', otherRunDir)).toBe('PONG');
  await stacks[1]?.stop();
});

it('reports a part that ends during its start with the end of its log, and stops the others', async () => {
  const kafkaProperties = { 'metric.reporters': 'no.such.Reporter' };
  const start = startStack({ runDir, parts: ['redis', 'kafka'], services: [], kafkaProperties });
  await expect(start).rejects.toThrow(
    /kafka ended during its start \(status \d+\)\n {2}the end of .*kafka\.log:\n[\s\S]*no\.such\.Reporter/,
  );
  expect(processes(runDir)).toBe(0);
  expect(readState(runDir).parts).toEqual([]);
});

it('shows a part that died, and starts it again on its port and data', async () => {
  await using stack = await startStack({ runDir, parts: ['redis'], services: [] });
  const { redis = '' } = stack.addresses;
  const pid = stack.pidOf('redis');
  await stack.kill('redis', 'SIGTERM');
  expect(await stack.exitOf('redis')).toEqual({ code: 0, signal: null });
  const { status, output } = await run(['status']);
  expect(status).toBe(1);
  expect(output).toMatch(/redis.*died[\s\S]*redis died\n {2}the end of .*redis\.log/);
  await stack.restart('redis');
  expect(await ping(redis)).toBe('PONG');
  expect(stack.pidOf('redis')).not.toBe(pid);
  expect(readStatus(runDir).state).toBe('healthy');
});

it('finds what a killed launcher has started', async () => {
  const child = launcher(['up', '--only-parts']);
  await started('kafka', 'redis', 'prometheus', 'issuer');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(processes(runDir)).toBe(4);
  expect((await run(['status'])).output).toContain('Its start was not finished');
  expect((await run(['down'])).status).toBe(0);
  expect(processes(runDir)).toBe(0);
});

it('stops what it has started when it is interrupted', async () => {
  const child = launcher(['up', '--only-parts']);
  await started('redis');
  expect((await run(['down'])).status).toBe(0);
  expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(1);
  expect(processes(runDir)).toBe(0);
});

it('uses the servers that it is given, and starts and stops nothing of their kind', async () => {
  await using other = await startStack({ runDir: otherRunDir, parts: ['redis'], services: [] });
  const [kafka, { registry }] = [kafkaOfWorker(), inject('parts')];
  const { redis = '' } = other.addresses;
  const stack = await startStack({
    runDir,
    parts: ['kafka', 'registry', 'redis'],
    servers: { kafka, registry, redis },
    services: [],
    topics: false,
  });
  expect(stack.addresses).toMatchObject({ kafka, registry, redis });
  expect(processes(runDir)).toBe(0);
  expect((await run(['status'])).output).toMatch(/redis.*external/);
  await stack.stop();
  expect(await ping(redis, otherRunDir)).toBe('PONG');
});

it('starts on empty data, unless it is told to keep it', async () => {
  const contents: number[] = [];
  for (const keepData of [false, true, false]) {
    await using stack = await startStack({ runDir, parts: ['redis'], services: [], keepData });
    const redis = openRedisNode(stack, stack.addresses.redis ?? '', {});
    contents.push(await redis.dbsize());
    await redis.set('key', 'value');
    redis.disconnect();
  }
  expect(contents).toEqual([0, 1, 0]);
});

it('lets a Redis cluster whose data is kept find itself again at new ports', async () => {
  const found: (string | null)[] = [];
  for (const keepData of [false, true]) {
    await using stack = await startStack({ runDir, topology: 'cluster', parts: ['redis'], services: [], keepData });
    const redis = new Cluster((stack.addresses.redis ?? '').split(','), {
      redisOptions: redisLogin(operatorRedis(stack).identity),
    });
    for (const key of ['a', 'b', 'c']) {
      found.push(await redis.get(key));
      await redis.set(key, key);
    }
    redis.disconnect();
  }
  expect(found).toEqual([null, null, null, 'a', 'b', 'c']);
});

it('gives services the same secret over restarts, and never writes it into the state', async () => {
  const stack = await startStack({ runDir, parts: ['redis'], services: [] });
  const secret = stack.serviceEnv['HUTONG_PERSON_KEY_SECRETS'] ?? '';
  expect(secret).toMatch(/^[0-9a-f]{64}/);
  expect(readFileSync(join(runDir, 'state.json'), 'utf8')).not.toContain(secret);
  await stack.stop();
  await using second = await startStack({ runDir, parts: ['redis'], services: [] });
  expect(second.serviceEnv['HUTONG_PERSON_KEY_SECRETS']).toBe(secret);
});
