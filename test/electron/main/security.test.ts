import { describe, expect, it } from 'vitest';
import { pageFileOf } from '../../../electron/main/appProtocol.js';
import { mediaUrl, PAGE_URL, recordingIdOf } from '../../../electron/main/schemes.js';
import { CONTENT_SECURITY_POLICY, isAllowedRequest, isTrustedSender } from '../../../electron/main/security.js';

describe('requests', () => {
  it.each([PAGE_URL, mediaUrl('rec-0123456789ab'), 'lacuna-app://app/assets/index.js'])('lets %s through', (url) => {
    expect(isAllowedRequest(url, false)).toBe(true);
  });

  it.each([
    'https://example.org/',
    'http://127.0.0.1:8080/',
    'ws://example.org/',
    'wss://example.org/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'data:text/html,x',
    'blob:https://example.org/x',
    'chrome://version',
    'devtools://devtools/bundled/x.js',
    'lacuna-app.evil://app/',
    '',
    'not a url',
  ])('refuses %s', (url) => {
    expect(isAllowedRequest(url, false)).toBe(false);
  });

  it('lets DevTools load only where they exist', () => {
    expect(isAllowedRequest('devtools://devtools/bundled/x.js', true)).toBe(true);
  });

  it('has a policy without wildcards and without inline or evaluated scripts', () => {
    expect(CONTENT_SECURITY_POLICY).toContain("default-src 'self'");
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|\*|https?:/);
  });
});

describe('senders', () => {
  it('trusts the top frame of the page only', () => {
    expect(isTrustedSender({ url: PAGE_URL, parent: null })).toBe(true);
    expect(isTrustedSender({ url: PAGE_URL, parent: {} })).toBe(false);
    expect(isTrustedSender({ url: 'https://example.org/', parent: null })).toBe(false);
    expect(isTrustedSender({ url: 'lacuna-app://app.evil/', parent: null })).toBe(false);
    expect(isTrustedSender(null)).toBe(false);
  });
});

describe('files of the page', () => {
  const folder = '/app/out/renderer';

  it('maps a URL to the file inside the folder', () => {
    expect(pageFileOf(folder, PAGE_URL)).toBe('/app/out/renderer/index.html');
    expect(pageFileOf(folder, 'lacuna-app://app/assets/a%20b.js?v=1#x')).toBe('/app/out/renderer/assets/a b.js');
  });

  it.each([
    'lacuna-app://app/../main/index.js',
    'lacuna-app://app/%2e%2e/main/index.js',
    'lacuna-app://app/..%2f..%2f..%2fetc/passwd.js',
    'lacuna-app://app/assets/..%2f..%2f..%2fmain%2findex.js',
    'lacuna-app://app/%2fetc%2fpasswd.js',
    'lacuna-app://app/..%5c..%5cmain%5cindex.js',
    'lacuna-app://app/index.html%00.js',
    'lacuna-app://app/%E0%A4%A',
    'lacuna-app://other/index.html',
    'lacuna-app://app/',
    'lacuna-app://app/assets/secret.pem',
  ])('gives nothing for %s', (url) => {
    expect(pageFileOf(folder, url)).toBeUndefined();
  });
});

describe('media URLs', () => {
  it('carry the recording id and nothing else', () => {
    expect(recordingIdOf(mediaUrl('rec-0123456789ab'))).toBe('rec-0123456789ab');
  });

  it.each([
    'lacuna-media://recording/../x',
    'lacuna-media://recording/%2fetc%2fpasswd',
    'lacuna-media://recording/rec-1/extra',
    'lacuna-media://recording/',
    'lacuna-media://other/rec-1',
    'lacuna-app://recording/rec-1',
  ])('%s is none', (url) => {
    expect(recordingIdOf(url)).toBeUndefined();
  });
});
