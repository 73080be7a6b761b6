import type { JobKind } from '../contract/types.js';
import type { RunOptions } from '../host/hostClient.js';
import type { HostAnswer, HostArgument } from '../host/protocol.js';
import { type JobHost, laneOf } from './jobs.js';

/** Runs every kind of job in the host process of its lane, so that ending one does not touch the other. */
export function laneHosts(hosts: Readonly<Record<ReturnType<typeof laneOf>, JobHost>>): JobHost {
  return {
    run: <K extends JobKind>(kind: K, argument: HostArgument<K>, options: RunOptions): Promise<HostAnswer<K>> =>
      hosts[laneOf(kind)].run(kind, argument, options),
  };
}
