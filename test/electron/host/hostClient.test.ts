import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../../core/problems/problem.js';
import type { HostPort } from '../../../electron/host/hostClient.js';
import { CANCEL_PATIENCE_MS, HostClient } from '../../../electron/host/hostClient.js';
import type { HostProgress, HostReply, HostRequest } from '../../../electron/host/protocol.js';
import type { HostTaskTable } from '../../../electron/host/serveHost.js';
import { serveHost } from '../../../electron/host/serveHost.js';

/** A host in this thread; messages pass by the event loop as in a real one. */
class LocalHost implements HostPort {
  killed = false;
  deaf = false;
  readonly requests: HostRequest[] = [];
  #toHost: ((message: HostRequest) => void) | undefined;
  #toClient: ((message: HostReply) => void) | undefined;
  #onExit: ((code: number | undefined) => void) | undefined;

  constructor(tasks: Partial<HostTaskTable>) {
    const endpoint = {
      postMessage: (message: HostReply) => {
        if (!this.killed) queueMicrotask(() => this.#toClient?.(structuredClone(message)));
      },
      onMessage: (callback: (message: HostRequest) => void) => {
        this.#toHost = callback;
      },
    };
    serveHost(endpoint, tasks);
  }
  postMessage(message: HostRequest): void {
    this.requests.push(message);
    if (!this.deaf || message.type === 'run') queueMicrotask(() => this.#toHost?.(structuredClone(message)));
  }
  onMessage(callback: (message: HostReply) => void): void {
    this.#toClient = callback;
  }
  onExit(callback: (code: number | undefined) => void): void {
    this.#onExit = callback;
  }
  kill(): void {
    this.exit(undefined);
  }
  exit(code: number | undefined): void {
    this.killed = true;
    this.#onExit?.(code);
  }
}

/** A client whose hosts are kept for inspection. */
function clientOf(tasks: Partial<HostTaskTable>) {
  const hosts: LocalHost[] = [];
  const client = new HostClient(() => {
    const host = new LocalHost(tasks);
    hosts.push(host);
    return host;
  });
  return { client, hosts };
}

const problem = { code: 'media.empty', severity: 'error', message: 'a.mp4 is empty.', tip: 'Copy it again.' } as const;

/** Waits until it is cancelled, as well-behaved tasks do. */
const patient: HostTaskTable['bundles'] = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the client of the analysis host', () => {
  it('answers with what the task answers and passes its progress on', async () => {
    const seen: HostProgress[] = [];
    const step: HostProgress = { step: 'Look', stepNumber: 1, stepCount: 1, fraction: 0.5 };
    const { client, hosts } = clientOf({
      providers: (_, { onProgress }) => {
        onProgress(step);
        return Promise.resolve(['auto', 'cpu']);
      },
    });
    const answer = await client.run('providers', {}, { onProgress: (progress) => seen.push(progress) });
    expect(answer).toEqual(['auto', 'cpu']);
    expect(seen).toEqual([step]);
    await client.run('providers', {});
    expect(hosts).toHaveLength(1);
  });

  it('rejects with the same Problem that the host met', async () => {
    const { client } = clientOf({ bundles: () => Promise.reject(new ProblemError(problem)) });
    const run = client.run('bundles', { modelsDir: '' });
    await expect(run).rejects.toThrow(ProblemError);
    await expect(run).rejects.toMatchObject({ problem });
  });

  it('rejects with message and stack of a bug in the host', async () => {
    const { client } = clientOf({ bundles: () => Promise.reject(new TypeError('x is not a function')) });
    const error = await client.run('bundles', { modelsDir: '' }).catch((e: unknown) => e as Error);
    expect(error).toMatchObject({ message: 'x is not a function' });
    expect((error as Error).stack).toContain('hostClient.test');
  });

  it('cancels a task that listens without ending the host', async () => {
    const { client, hosts } = clientOf({ bundles: patient });
    const controller = new AbortController();
    const run = client.run('bundles', { modelsDir: '' }, { signal: controller.signal });
    controller.abort();
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(hosts[0]?.killed).toBe(false);
    await vi.advanceTimersByTimeAsync(2 * CANCEL_PATIENCE_MS);
    expect(hosts[0]?.killed).toBe(false);
  });

  it('kills a host that does not hear a cancellation within 700 ms and starts another for the next task', async () => {
    const { client, hosts } = clientOf({ bundles: patient, providers: () => Promise.resolve(['cpu']) });
    const controller = new AbortController();
    const run = client.run('bundles', { modelsDir: '' }, { signal: controller.signal });
    hosts[0]!.deaf = true;
    let ended = false;
    run.catch(() => (ended = true));
    controller.abort();
    await vi.advanceTimersByTimeAsync(CANCEL_PATIENCE_MS - 1);
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(hosts[0]?.killed).toBe(true);
    expect(await client.run('providers', {})).toEqual(['cpu']);
    expect(hosts).toHaveLength(2);
  });

  it('does not start a task whose signal is already aborted', async () => {
    const { client, hosts } = clientOf({ bundles: patient });
    await expect(client.run('bundles', { modelsDir: '' }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(hosts).toHaveLength(0);
  });

  it('turns the end of the host into a Problem for every running task and starts another for the next', async () => {
    const { client, hosts } = clientOf({ bundles: patient, providers: () => Promise.resolve(['cpu']) });
    const runs = [client.run('bundles', { modelsDir: '' }), client.run('bundles', { modelsDir: '' })];
    hosts[0]!.exit(134);
    for (const run of runs) {
      await expect(run).rejects.toMatchObject({ problem: { code: 'host.ended' } });
      await expect(run).rejects.toThrow('exit code 134');
    }
    expect(await client.run('providers', {})).toEqual(['cpu']);
  });

  it('ends the host and its tasks when disposed', async () => {
    const { client, hosts } = clientOf({ bundles: patient });
    const run = client.run('bundles', { modelsDir: '' });
    client.dispose();
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(hosts[0]?.killed).toBe(true);
    await expect(client.run('bundles', { modelsDir: '' })).rejects.toThrow('disposed');
  });

  it('keeps tasks that run at the same time apart', async () => {
    const { client } = clientOf({
      bundles: ({ modelsDir }) => Promise.reject(new ProblemError({ ...problem, message: modelsDir })),
    });
    await Promise.all(
      ['a', 'b', 'c'].map((name) => expect(client.run('bundles', { modelsDir: name })).rejects.toThrow(name)),
    );
  });
});
