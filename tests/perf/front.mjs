// The reverse proxy that a real installation has: TLS and HTTP/2 before congress-server, as the peers were measured.
// It can go down (connections cut and refused), counts bytes, and serves the floor page from the same place.
import crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import path from 'node:path';

// Not `localhost`: browsers treat that name specially. Chromium is told where it is (cdp.mjs).
export const HOST = 'app.test';
const FLOOR = Buffer.from(`<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sàn</title><body><h1 id="floor">Sổ tay Đại biểu</h1><p>Trang tĩnh nhỏ nhất từ cùng một máy chủ, để so sánh.</p></body></html>`);
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection', 'http2-settings']);

/** Self-signed certificate for HOST, and the SPKI hash that Chromium must be told to accept. */
export function certificate(dir) {
  fs.mkdirSync(dir, { recursive: true });
  const key = path.join(dir, 'key.pem'), cert = path.join(dir, 'cert.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key,
    '-out', cert, '-days', '2', '-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`], { stdio: 'ignore' });
  const pem = fs.readFileSync(cert);
  const der = new crypto.X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  return { key: fs.readFileSync(key), cert: pem, spki: crypto.createHash('sha256').update(der).digest('base64') };
}

/** Starts a front for the server on `port`. */
export async function front({ key, cert }, port) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  const counted = { api: 0, all: 0 };
  const handler = (req, res) => {
    if (req.url.startsWith('/floor')) {
      req.resume();
      res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', 'content-length': FLOOR.length });
      res.end(FLOOR);
      return;
    }
    const headers = { 'x-forwarded-proto': 'https', host: req.headers[':authority'] ?? req.headers.host };
    for (const [name, value] of Object.entries(req.headers)) if (!name.startsWith(':') && !HOP_BY_HOP.has(name)) headers[name] = value;
    const up = http.request({ host: '127.0.0.1', port, agent, method: req.method, path: req.url, headers }, answer => {
      const back = {};
      for (const [name, value] of Object.entries(answer.headers)) if (!HOP_BY_HOP.has(name)) back[name] = value;
      res.writeHead(answer.statusCode, back);
      answer.on('data', chunk => {
        counted.all += chunk.length;
        if (req.url.startsWith('/api/')) counted.api += chunk.length;
      });
      answer.pipe(res);
    });
    up.on('error', () => { if (!res.headersSent) res.writeHead(502); res.end(); });
    res.on('close', () => up.destroy());
    req.pipe(up);
  };
  const server = http2.createSecureServer({ key, cert, allowHTTP1: true }, handler);
  const open = new Set();
  let down = false;
  server.on('connection', socket => {
    if (down) { socket.destroy(); return; }
    open.add(socket); socket.setNoDelay(true);
    socket.on('close', () => open.delete(socket)); socket.on('error', () => {});
  });
  server.on('secureConnection', socket => socket.on('error', () => {}));
  server.on('sessionError', () => {});
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    origin: `https://${HOST}:${server.address().port}`,
    counted,
    /** A real outage: open connections are cut and new ones refused, for pages and workers alike. */
    setDown: value => { down = value; if (value) for (const socket of open) socket.destroy(); },
    close: () => new Promise(resolve => { server.close(resolve); for (const socket of open) socket.destroy(); agent.destroy(); }),
  };
}
