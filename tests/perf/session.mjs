// One running Chromium with every target (page, workers) slowed, throttled and counted, and hands to use the app with:
// find by words as a person does, tap, type. Grown out of the harness that measured the peers, so figures compare.
import fs from 'node:fs';
import { Browser } from './cdp.mjs';

export const SLOW_4G = { rtt: 150, down: 1.6e6 / 8, up: 0.75e6 / 8 };
export const SLOW_PHONE = 4;
const PHONE = { width: 360, height: 740, deviceScaleFactor: 2, mobile: true };
const TABLET = { width: 1180, height: 820, deviceScaleFactor: 2, mobile: true };
export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

// Runs in every page before anything else: watches paints, shifts and tasks, and finds things as a person would.
const HANDS = `(() => {
  if (window.__perf || !/^https?:$/.test(location.protocol)) return;
  const p = window.__perf = { fcp: null, cls: 0, shifts: [], tasks: [], events: [], seen: {} };
  const watch = (type, fn, extra) => { try { new PerformanceObserver(l => l.getEntries().forEach(fn)).observe({ type, buffered: true, ...extra }); } catch {} };
  watch('paint', e => { if (e.name === 'first-contentful-paint') p.fcp = e.startTime; });
  watch('layout-shift', e => { if (!e.hadRecentInput) { p.cls += e.value; p.shifts.push([location.pathname, +e.value.toFixed(4), e.sources?.[0]?.node?.className || e.sources?.[0]?.node?.nodeName || '']); } });
  watch('longtask', e => p.tasks.push([e.startTime, e.duration, location.pathname]));
  watch('event', e => { if (e.interactionId) p.events.push([e.name, e.startTime, e.duration]); }, { durationThreshold: 16 });
  const shown = el => { const r = el.getBoundingClientRect(); return r.width > 0 && r.height > 0 && el.checkVisibility({ opacityProperty: true, visibilityProperty: true }); };
  const name = el => (el.getAttribute('aria-label') ?? el.innerText ?? el.value ?? '').replace(/\\s+/g, ' ').trim();
  p.control = words => [...document.querySelectorAll('button,a[href],summary,[role=button],[role=tab],[role=switch],label,input[type=submit]')]
    .filter(el => shown(el) && !el.disabled).sort((a, b) => name(a).length - name(b).length).find(el => name(el).includes(words));
  p.says = words => (document.body?.innerText ?? '').includes(words);
  p.any = css => [...document.querySelectorAll(css)].find(shown);
  p.place = el => { el.scrollIntoView({ block: 'center' }); const r = el.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; };
  // Resolves with the time at which the condition held and had been painted.
  p.painted = (test, limit = 20000) => new Promise((yes, no) => {
    const end = performance.now() + limit;
    const look = () => {
      let ok = false;
      try { ok = test(); } catch {}
      if (ok) requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => yes(performance.now()); c.port2.postMessage(0); });
      else if (performance.now() > end) no(new Error('never: ' + test)); else requestAnimationFrame(look);
    };
    look();
  });
  // From the next click to the moment when the condition is painted.
  p.timed = (test, limit) => { p.result = null; addEventListener('click', e => { p.painted(test, limit).then(t => { p.result = t - e.timeStamp; p.clickedAt = performance.timeOrigin + e.timeStamp; }, x => { p.result = String(x); }); }, { capture: true, once: true }); };
})()`;

export class Session {
  #byRequest = new Map();
  targets = new Map();
  log = [];
  swActive = null;

  static async open({ profile, spki, cpu = 1, net = null, tablet = false }) {
    const s = new Session();
    Object.assign(s, { cpu, net, tablet });
    s.browser = await Browser.launch({ profile, spki });
    try { await s.#start(); } catch (error) { await s.close(); throw error; }
    return s;
  }

  async #start() {
    const b = this.browser, note = (s, p, fn) => { const r = this.#byRequest.get(s + p.requestId); if (r) fn(r); };
    b.on('Target.attachedToTarget', p => this.#attach(p).catch(() => {}));
    b.on('Target.detachedFromTarget', p => this.targets.delete(p.sessionId));
    b.on('Network.requestWillBeSent', (p, s) => this.#byRequest.set(s + p.requestId, { url: p.request.url, from: this.targets.get(s)?.type, at: Date.now() }));
    b.on('Network.responseReceived', (p, s) => note(s, p, r => { r.sw = p.response.fromServiceWorker; r.cached = p.response.fromDiskCache; }));
    b.on('Network.loadingFinished', (p, s) => note(s, p, r => { r.bytes = p.encodedDataLength; r.done = Date.now(); this.log.push(r); }));
    b.on('Network.loadingFailed', (p, s) => note(s, p, r => { r.failed = p.errorText; r.done = Date.now(); this.log.push(r); }));
    b.on('ServiceWorker.workerVersionUpdated', p => { if (!this.swActive && p.versions.some(v => v.status === 'activated')) this.swActive = Date.now(); });
    await b.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true });
    const { targetId } = await b.send('Target.createTarget', { url: 'about:blank' });
    for (let i = 0; i < 500 && !this.page; i++) {
      this.page = [...this.targets].find(([, t]) => t.id === targetId && t.ready)?.[0];
      if (!this.page) await sleep(10);
    }
    if (!this.page) throw new Error('the page did not attach');
    await this.cmd('ServiceWorker.enable').catch(() => {});
    await this.cmd('Page.addScriptToEvaluateOnNewDocument', { source: HANDS });
    await sleep(1200);                                            // let the browser's own start-up work drain
  }

  cmd(method, params) { return this.browser.send(method, params, this.page); }

  async #attach({ sessionId, targetInfo }) {
    const t = { id: targetInfo.targetId, type: targetInfo.type };
    const go = (method, params) => this.browser.send(method, params, sessionId).catch(() => {});
    // A worker can be announced by the browser and again by its page: listen on one session only, or it counts twice.
    if ([...this.targets.values()].some(o => o.id === t.id)) { await go('Runtime.runIfWaitingForDebugger'); return; }
    this.targets.set(sessionId, t);
    const work = [];
    if (/page|worker/.test(t.type)) {
      work.push(go('Network.enable'), this.#throttle(sessionId));
      if (t.type === 'page') {
        work.push(go('Page.enable'), go('Runtime.enable'), go('Emulation.setDeviceMetricsOverride', this.tablet ? TABLET : PHONE), go('Emulation.setTouchEmulationEnabled', { enabled: true }));
        if (this.cpu > 1) work.push(go('Emulation.setCPUThrottlingRate', { rate: this.cpu }));
      }
      work.push(go('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }));
    }
    work.push(go('Runtime.runIfWaitingForDebugger'));
    await Promise.all(work);
    t.ready = true;
  }

  #throttle(sessionId) {
    const n = this.net
      ? { offline: false, latency: this.net.rtt, downloadThroughput: this.net.down, uploadThroughput: this.net.up }
      : { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    return this.browser.send('Network.emulateNetworkConditions', n, sessionId).catch(() => {});
  }

  /** Changes the network of the page and of every worker. */
  async setNet(net) {
    this.net = net;
    await Promise.all([...this.targets].filter(([, t]) => /page|worker/.test(t.type)).map(([s]) => this.#throttle(s)));
  }

  async eval(expression) {
    const r = await this.cmd('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (r.exceptionDetails) throw new Error(r.exceptionDetails.exception?.description ?? r.exceptionDetails.text);
    return r.result.value;
  }

  /** Opens an address and returns ms from navigation to the painted condition (an expression), with the paint of the shell. */
  async visit(url, condition, limit = 60000) {
    // Watched from the first moment of the document: asking later would add the time of asking.
    const source = `window.__perf?.painted(() => ${condition}, ${limit}).then(t => { __perf.shown = t }, () => {})`;
    const { identifier } = await this.cmd('Page.addScriptToEvaluateOnNewDocument', { source });
    this.navigatedAt = Date.now();
    const nav = await this.cmd('Page.navigate', { url });
    if (nav.errorText) throw new Error(`${url}: ${nav.errorText}`);
    await this.until('__perf.shown', limit, 100);
    await this.cmd('Page.removeScriptToEvaluateOnNewDocument', { identifier });
    await sleep(300);
    return this.eval('({ shown: __perf.shown, fcp: __perf.fcp, cls: __perf.cls })');
  }

  /** Waits, outside the page's own time, until an expression is true. */
  async until(condition, limit = 30000, every = 50) {
    const end = Date.now() + limit;
    while (Date.now() < end) {
      if (await this.eval(`!!(() => { try { return ${condition} } catch { return false } })()`).catch(() => false)) return;
      await sleep(every);
    }
    const text = await this.eval('document.body.innerText.slice(0, 300)').catch(() => '');
    throw new Error(`waited for ${condition} at ${await this.eval('location.pathname').catch(() => '?')}: ${JSON.stringify(text)}`);
  }

  async tapOn(finder) {
    await this.until(finder);
    await this.eval(`__perf.place(${finder}) && 0`);
    await this.eval('new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))');
    const [x, y] = await this.eval(`__perf.place(${finder})`);
    for (const type of ['mousePressed', 'mouseReleased']) await this.cmd('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
  }

  tap(words) { return this.tapOn(`__perf.control(${JSON.stringify(words)})`); }

  /** Taps and returns the ms until the condition is painted. */
  async timeTap(finder, condition, limit = 20000) {
    await this.until(finder);
    await this.eval(`__perf.timed(() => ${condition}, ${limit})`);
    await this.tapOn(finder);
    await this.until('__perf.result !== null', limit + 5000);
    const result = await this.eval('__perf.result');
    if (typeof result !== 'number') throw new Error(`after a tap on ${finder}: ${result}`);
    return result;
  }

  /** Types into the focused field, key by key. */
  async keys(text, pause = 0) {
    for (const key of text) {
      await this.cmd('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key, unmodifiedText: key });
      await this.cmd('Input.dispatchKeyEvent', { type: 'keyUp', key });
      if (pause) await sleep(pause);
    }
  }

  /** Puts text into a field in one go, as a keyboard's suggestion or a paste does. */
  async fill(css, text) {
    await this.until(`__perf.any(${JSON.stringify(css)})`);
    await this.eval(`__perf.any(${JSON.stringify(css)}).focus()`);
    await this.cmd('Input.insertText', { text });
  }

  /** Memory of the page's process in MB, after a garbage collection. */
  async memoryMb() {
    await this.cmd('HeapProfiler.collectGarbage').catch(() => {});
    const { processInfo } = await this.browser.send('SystemInfo.getProcessInfo');
    const pss = processInfo.filter(p => p.type === 'renderer').map(p => {
      try { return +/Pss:\s+(\d+)/.exec(fs.readFileSync(`/proc/${p.id}/smaps_rollup`, 'utf8'))[1] / 1024; } catch { return 0; }
    });
    return Math.max(...pss);
  }

  /** When the worker was active and had fetched all its files: ms after navigation. */
  async shellReady(limit = 60000) {
    const end = Date.now() + limit;
    while (Date.now() < end && !this.swActive) await sleep(20);
    if (!this.swActive) throw new Error('the service worker never became active');
    const fetched = this.log.filter(r => r.from === 'service_worker').reduce((last, r) => Math.max(last, r.done), 0);
    return Math.max(this.swActive, fetched) - this.navigatedAt;
  }

  close() { return this.browser.close(); }
}
