import type { IpcMainInvokeEvent } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { argumentSchemas } from '../../../electron/contract/contract.js';
import type { CallReply } from '../../../electron/main/channels.js';
import { CALL_CHANNEL, DROP_CHANNEL } from '../../../electron/main/channels.js';
import type { Handlers } from '../../../electron/main/contractHandlers.js';
import { PAGE_URL } from '../../../electron/main/schemes.js';
import { serveCalls } from '../../../electron/main/serveCalls.js';

type Listener = (event: IpcMainInvokeEvent, ...values: unknown[]) => Promise<CallReply>;

const trusted = { senderFrame: { url: PAGE_URL, parent: null } } as unknown as IpcMainInvokeEvent;
let channels: Map<string, Listener>;
let handlers: Record<string, ReturnType<typeof vi.fn>>;
const call = (name: unknown, argument?: unknown, event = trusted) => channels.get(CALL_CHANNEL)!(event, name, argument);

beforeEach(() => {
  channels = new Map();
  handlers = Object.fromEntries(Object.keys(argumentSchemas).map((name) => [name, vi.fn().mockResolvedValue(null)]));
  const ipc = { handle: (channel: string, listener: Listener) => channels.set(channel, listener) };
  serveCalls(ipc, handlers as unknown as Handlers);
});

describe('calls from the page', () => {
  it('reach their handler with the parsed argument', async () => {
    handlers['job/cancel']!.mockResolvedValue('done');
    expect(await call('job/cancel', { jobId: 'job-1' })).toEqual({ ok: true, value: 'done' });
    expect(handlers['job/cancel']).toHaveBeenCalledWith({ jobId: 'job-1' });
  });

  it.each([
    ['job/cancel', undefined],
    ['job/cancel', { jobId: '../../etc' }],
    ['job/cancel', { jobId: 'job-1', extra: 1 }],
    ['recording/reopen', { recordingId: '/etc/passwd' }],
    ['recording/reopen', { recordingId: { toString: 'x' } }],
    ['app/info', { anything: true }],
    ['job/analyze', { recordingId: 'rec-1', segments: 'many', marks: [], parameters: {} }],
    ['job/perceive', { recordingId: 'rec-1', cues: [{ range: { start: 0.5, end: 1 }, text: 'x' }], thresholds: {} }],
    ['recording/choose', '/etc/passwd'],
  ])('%s with a hostile argument is refused before its handler', async (name, argument) => {
    const reply = await call(name, argument);
    expect(reply).toMatchObject({ ok: false });
    if (!reply.ok) expect(reply.message).toContain(name);
    expect(handlers[name]).not.toHaveBeenCalled();
  });

  it.each([['constructor'], ['__proto__'], ['toString'], ['job/unknown'], [42], [undefined], [{}]])(
    'there is no call %s',
    async (name) => {
      expect(await call(name, undefined)).toEqual({ ok: false, message: 'There is no such call.' });
    },
  );

  it('cannot open files by path: only the drop channel can, and the page cannot reach it', async () => {
    expect(await call('recording/openDropped', ['/etc/passwd'])).toMatchObject({ ok: false });
    expect(handlers['recording/openDropped']).not.toHaveBeenCalled();
    expect(await channels.get(DROP_CHANNEL)!(trusted, ['/data/a.mp4'])).toMatchObject({ ok: true });
    expect(handlers['recording/openDropped']).toHaveBeenCalledWith(['/data/a.mp4']);
  });

  it.each([
    ['a frame inside the page', { url: PAGE_URL, parent: {} }],
    ['another origin', { url: 'https://example.org/', parent: null }],
    ['no frame', null],
  ])('from %s are refused', async (_who, senderFrame) => {
    const event = { senderFrame } as unknown as IpcMainInvokeEvent;
    expect(await call('app/info', undefined, event)).toMatchObject({ ok: false });
    expect(handlers['app/info']).not.toHaveBeenCalled();
  });

  it('answer an error of the handler as its message alone', async () => {
    handlers['app/info']!.mockRejectedValue(new Error('The bundle folder is gone.'));
    expect(await call('app/info')).toEqual({ ok: false, message: 'The bundle folder is gone.' });
  });
});
