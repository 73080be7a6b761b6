/** The bridge between the page and main. No logic: names go through, main checks everything. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { LacunaBridge } from '../contract/contract.js';
import type { CallReply } from '../main/channels.js';
import { CALL_CHANNEL, DROP_CHANNEL, EVENT_CHANNEL } from '../main/channels.js';

async function invoke(channel: string, ...values: readonly unknown[]): Promise<unknown> {
  const reply = (await ipcRenderer.invoke(channel, ...values)) as CallReply;
  if (!reply.ok) throw new Error(reply.message);
  return reply.value;
}

const bridge = {
  call: (name: string, argument: unknown) => invoke(CALL_CHANNEL, name, argument),
  // The only place where a File becomes a path; the page never sees one and cannot send one.
  openDropped: (files: readonly File[]) =>
    invoke(
      DROP_CHANNEL,
      files.map((file) => webUtils.getPathForFile(file)),
    ),
  on: (name: string, listener: (payload: unknown) => void) => {
    const receive = (_event: unknown, eventName: string, payload: unknown): void => {
      if (eventName === name) listener(payload);
    };
    ipcRenderer.on(EVENT_CHANNEL, receive);
    return () => {
      ipcRenderer.off(EVENT_CHANNEL, receive);
    };
  },
} as LacunaBridge;

contextBridge.exposeInMainWorld('lacuna', bridge);
