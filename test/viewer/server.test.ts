import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { savart } from '../cli/support.js';
import { type Served, serve } from './browser.js';

describe('the server of savart view', () => {
  let served: Served;
  let port: number;
  beforeAll(async () => {
    served = await serve({ 'scan.csv': 'x_mm,y_mm,z_mm,bz_uT\n0,0,5,1\n' });
    port = Number(new URL(served.origin).port);
  });
  afterAll(() => served?.stop());

  /** A request exactly as it is written; `fetch` would clean the path and forbid the Host. */
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method, headers }, response => {
        let body = '';
        response.on('data', chunk => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
      });
      sent.on('error', reject);
      sent.end();
    });
  const dial = (options: { protocols?: string[]; origin?: string; host?: string; path?: string }) =>
    new Promise<{ names: string[]; bytes: string[] } | number>((resolve, reject) => {
      const { protocols = ['savart', served.token], origin = served.origin, host, path = '/socket' } = options;
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, {
        origin,
        ...(host === undefined ? {} : { headers: { host } }),
      });
      const names: string[] = [];
      const bytes: string[] = [];
      socket.on('message', (data, binary) => {
        (binary ? bytes : names).push(String(data));
        if (bytes.length === 1) {
          socket.close();
          resolve({ names: [...names], bytes: [...bytes] });
        }
      });
      socket.on('unexpected-response', (_, response) => {
        resolve(response.statusCode!);
        socket.terminate();
      });
      socket.on('error', error => (error.message.includes('before the connection') ? undefined : reject(error)));
    });

  it('gives its own files, to be run and styled by nothing else', async () => {
    const { status, headers, body } = await ask('/');
    expect(status).toBe(200);
    expect(body).toContain('<title>Savart</title>');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).not.toContain(" 'unsafe-eval'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect((await ask('/', {}, 'HEAD')).body).toBe('');
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async method => {
    expect((await ask('/', {}, method)).status).toBe(405);
  });

  it.each([
    '/../package.json',
    '/assets/../../../../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '//etc/passwd',
    '/etc/passwd',
    '/scan.csv',
    '/socket',
    '/constructor',
  ])('has nothing at %s', async path => {
    expect((await ask(path)).status).toBe(404);
  });

  it('answers only to this computer’s names', async () => {
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', '127.0.0.1:1']) {
      expect((await ask('/', { host })).status, host).toBe(403);
    }
    expect((await ask('/', { host: `localhost:${port}` })).status).toBe(200);
  });

  it('gives the files over the socket to the page alone', async () => {
    expect(await dial({})).toEqual({
      names: ['{"type":"file","name":"scan.csv"}'],
      bytes: ['x_mm,y_mm,z_mm,bz_uT\n0,0,5,1\n'],
    });
    expect(await dial({ protocols: ['savart', served.token.replace(/^./, c => (c === '0' ? '1' : '0'))] })).toBe(403);
    expect(await dial({ protocols: ['savart', 'short'] })).toBe(403);
    expect(await dial({ protocols: ['savart'] })).toBe(403);
    expect(await dial({ protocols: [] })).toBe(403);
    expect(await dial({ origin: 'http://evil.example' })).toBe(403);
    expect(await dial({ origin: 'null' })).toBe(403);
    expect(await dial({ host: `evil.example:${port}` })).toBe(403);
    expect(await dial({ path: '/other' })).toBe(403);
  });

  it('a file that is not there is told on the command line', () => {
    const { status, stderr } = savart(['view', '--no-open', 'nothing.h5']);
    expect(status).toBe(1);
    expect(stderr).toContain('nothing.h5: there is no such file');
  });
});
