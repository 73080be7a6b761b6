import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { inetSocketsOf } from './inetSockets.js';
import { launchApp } from './launchApp.js';

const LOOPBACK = '0100007F';
const REFUSED = [/Content Security Policy/, /Failed to load resource/, /ERR_/, /Not allowed to (load|navigate)/];

describe('the window', () => {
  it('runs the page in the sandbox, isolated and without Node', async () => {
    await using running = await launchApp();
    const preferences = await running.app.evaluate(({ BrowserWindow, session }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents as Electron.WebContents & {
        getLastWebPreferences(): Electron.WebPreferences;
      };
      const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences();
      const spelling = session.defaultSession.isSpellCheckerEnabled();
      return { sandbox, contextIsolation, nodeIntegration, webviewTag, spelling };
    });
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spelling: false,
    });
    const globals = await running.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter((name) => name in window),
    );
    expect(globals).toEqual([]);
  });

  it('gives the page the three functions of the contract and no more', async () => {
    await using running = await launchApp();
    const bridge = await running.page.evaluate(() => Object.keys(window.lacuna).sort());
    expect(bridge).toEqual(['call', 'on', 'openDropped']);
  });
});

describe('network', () => {
  it.runIf(process.platform === 'linux')('opens no socket but the two debugging ports of this test', async () => {
    await using running = await launchApp({ args: ['--sample'] });
    await running.page.locator('video').first().waitFor();
    const sockets = await inetSocketsOf(running.app.process().pid!);
    const listeners = sockets.filter((socket) => socket.listening);
    expect(listeners).toHaveLength(2);
    expect(listeners.every((socket) => socket.local === LOOPBACK)).toBe(true);
    const debugging = new Set(listeners.map((socket) => socket.localPort));
    expect(sockets.filter((socket) => !debugging.has(socket.localPort))).toEqual([]);
  });

  it('reaches nothing by fetch, WebSocket, image, event stream, beacon, script or peer connection', async () => {
    let connections = 0;
    const server = createServer((_request, response) => response.end());
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await using running = await launchApp({ expectedErrors: REFUSED });
      const outcomes = await running.page.evaluate(async (address) => {
        const failed = (target: EventTarget, wait: string, ...opened: string[]): Promise<string> =>
          new Promise((resolve) => {
            target.addEventListener(wait, () => resolve('refused'));
            for (const event of opened) target.addEventListener(event, () => resolve('reached'));
          });
        const attempt = (make: () => Promise<string>): Promise<string> => make().catch(() => 'refused');
        const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${address}` }] });
        peer.createDataChannel('x');
        await peer.setLocalDescription();
        const element = <K extends 'img' | 'script'>(tag: K) => {
          const made = document.createElement(tag);
          made.src = `http://${address}/${tag}`;
          document.head.append(made);
          return failed(made, 'error', 'load');
        };
        const hint = document.createElement('link');
        hint.rel = 'preconnect';
        hint.href = `http://${address}`;
        document.head.append(hint);
        navigator.sendBeacon(`http://${address}/beacon`, 'x');
        return Promise.all([
          attempt(async () => ((await fetch(`http://${address}/fetch`)).ok ? 'reached' : 'refused')),
          attempt(() => failed(new WebSocket(`ws://${address}/socket`), 'error', 'open')),
          attempt(() => failed(new EventSource(`http://${address}/events`), 'error', 'open')),
          attempt(() => element('img')),
          attempt(() => element('script')),
        ]);
      }, host);
      expect(outcomes).toEqual(Array.from({ length: 5 }, () => 'refused'));
    } finally {
      server.closeAllConnections();
      server.close();
    }
    expect(connections).toBe(0);
  });

  it('refuses what gets past the policy of the page: requests of main in the same session', async () => {
    await using running = await launchApp();
    const outcome = await running.app.evaluate(({ session }) =>
      session.defaultSession.fetch('http://127.0.0.1:9/').then(
        () => 'reached',
        (error: Error) => error.message,
      ),
    );
    expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT');
  });
});

describe('known attacks', () => {
  it('the window navigates nowhere', async () => {
    await using running = await launchApp({ expectedErrors: REFUSED });
    const before = running.page.url();
    for (const target of [
      'https://example.org/',
      'file:///etc/passwd',
      'data:text/html,x',
      'lacuna-app://app/x.html',
    ]) {
      await running.page.evaluate((url) => {
        const link = document.createElement('a');
        link.href = url;
        document.body.append(link);
        link.click();
        location.assign(url);
      }, target);
      expect(running.page.url()).toBe(before);
      expect(await running.page.evaluate(() => typeof window.lacuna)).toBe('object');
    }
    expect(running.app.windows()).toHaveLength(1);
  });

  it('no new window opens', async () => {
    await using running = await launchApp({ expectedErrors: REFUSED });
    const opened = await running.page.evaluate(() =>
      ['https://example.org/', 'lacuna-app://app/index.html', 'about:blank'].map((url) => window.open(url) === null),
    );
    expect(opened).toEqual([true, true, true]);
    expect(running.app.windows()).toHaveLength(1);
  });

  it('a recording that nobody opened is not served', async () => {
    await using running = await launchApp({ expectedErrors: REFUSED });
    const outcome = await running.page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const video = document.createElement('video');
          video.onerror = () => resolve('refused');
          video.onloadedmetadata = () => resolve('played');
          video.src = 'lacuna-media://recording/rec-000000000000';
        }),
    );
    expect(outcome).toBe('refused');
    const status = await running.app.evaluate(async ({ session }) => {
      const answer = await session.defaultSession.fetch('lacuna-media://recording/..%2f..%2fetc%2fpasswd');
      return answer.status;
    });
    expect(status).toBe(403);
  });

  it('the page scheme serves nothing outside its folder', async () => {
    await using running = await launchApp();
    const statuses = await running.app.evaluate(async ({ session }) => {
      const urls = ['..%2f..%2fpackage.json', '%2e%2e%2f%2e%2e%2fpackage.json', '..%5c..%5cpackage.json', 'missing.js'];
      const answers = urls.map((url) => session.defaultSession.fetch(`lacuna-app://app/${url}`));
      return (await Promise.all(answers)).map((answer) => answer.status);
    });
    expect(statuses).toEqual([404, 404, 404, 404]);
  });

  it('hostile arguments are refused with a message and paths cannot be sent', async () => {
    await using running = await launchApp();
    const messages = await running.page.evaluate(async () => {
      const bridge = window.lacuna as unknown as { call: (name: string, argument?: unknown) => Promise<unknown> };
      const outcome = (name: string, argument?: unknown): Promise<string> =>
        bridge.call(name, argument).then(
          () => 'answered',
          (error: Error) => error.message,
        );
      return Promise.all([
        outcome('job/cancel', { jobId: '../../x' }),
        outcome('recording/reopen', { recordingId: '/etc/passwd' }),
        outcome('recording/openDropped', ['/etc/passwd']),
        outcome('job/perceive', { recordingId: 'rec-1', cues: 'all', thresholds: {} }),
        outcome('__proto__'),
      ]);
    });
    expect(messages[0]).toMatch(/^job\/cancel was refused: jobId does not fit/);
    expect(messages[1]).toMatch(/^recording\/reopen was refused: recordingId does not fit/);
    expect(messages[2]).toBe('There is no such call.');
    expect(messages[3]).toMatch(/^job\/perceive was refused: cues does not fit/);
    expect(messages[4]).toBe('There is no such call.');
  });

  it('permissions are denied', async () => {
    await using running = await launchApp({ expectedErrors: REFUSED });
    const states = await running.page.evaluate(async () => {
      const names = ['camera', 'microphone', 'geolocation', 'notifications', 'persistent-storage'];
      const answers = names.map((name) => navigator.permissions.query({ name: name as PermissionName }));
      return [...(await Promise.all(answers)).map((answer) => answer.state), await Notification.requestPermission()];
    });
    expect(states).toEqual(Array.from({ length: 6 }, () => 'denied'));
  });
});
