import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import * as v from 'valibot';
import type { CallName } from '../contract/contract.js';
import { argumentSchemas } from '../contract/contract.js';
import type { CallReply } from './channels.js';
import { CALL_CHANNEL, DROP_CHANNEL } from './channels.js';
import type { Handlers } from './contractHandlers.js';
import { isTrustedSender } from './security.js';

/** The one call that carries paths: it is served on its own channel, out of the page's reach. */
const DROP_CALL = 'recording/openDropped' satisfies CallName;

/** Answers the calls of the contract. Nothing reaches a handler before its sender and its argument were checked. */
export function serveCalls(ipc: Pick<IpcMain, 'handle'>, handlers: Handlers): void {
  ipc.handle(CALL_CHANNEL, (event: IpcMainInvokeEvent, name: unknown, argument: unknown) =>
    reply(event, () => {
      if (!isCallName(name) || name === DROP_CALL) throw new Error('There is no such call.');
      return answer(handlers, name, argument);
    }),
  );
  ipc.handle(DROP_CHANNEL, (event: IpcMainInvokeEvent, paths: unknown) =>
    reply(event, () => answer(handlers, DROP_CALL, paths)),
  );
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(argumentSchemas, name);
}

async function answer<N extends CallName>(handlers: Handlers, name: N, argument: unknown): Promise<unknown> {
  const parsed = v.safeParse(argumentSchemas[name], argument);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new Error(`${name} was refused: ${v.getDotPath(issue) ?? 'the argument'} does not fit (${issue.message}).`);
  }
  return (handlers[name] as (argument: unknown) => Promise<unknown>)(parsed.output);
}

async function reply(event: IpcMainInvokeEvent, work: () => Promise<unknown>): Promise<CallReply> {
  try {
    if (!isTrustedSender(event.senderFrame)) throw new Error('Only the workbench may call.');
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
