// Opening the app: the first time from an invitation, again, with the server stopped, and on a link that page and worker
// share. A floor page is opened beside it in each round, so that the machine's noise cancels in the ratios.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { shapedLink } from './link.mjs';
import { Session, SLOW_4G, SLOW_PHONE } from './session.mjs';

export const CONFIRM = `__perf.control('Đúng là tôi')`;
export const READY = `__perf.says('Sẵn sàng dùng ngoại tuyến')`;
export const PROGRAMME = `document.documentElement.dataset.app === 'ready' && __perf.any('main a[href^="/agenda/"]')`;

/** Runs `work` with a fresh browser profile that is removed afterwards. */
export async function withProfile(work) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'perf-profile-'));
  try { return await work(profile); } finally { fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 }); }
}

/** One browser over a profile, closed at the end. */
export async function withSession(options, work) {
  const session = await Session.open(options);
  try { return await work(session); } finally { await session.close(); }
}

/** From the link to a device that is ready for offline use. */
export async function enrol(session, url) {
  await session.visit(url, CONFIRM);
  await session.tap('Đúng là tôi');
  await session.until(READY, 60000);
  await session.shellReady();
}

export async function floorRound(ctx, put) {
  await withProfile(async profile => {
    for (const name of ['floor_cold', 'floor_warm']) {
      await withSession({ profile, spki: ctx.spki, cpu: SLOW_PHONE, net: SLOW_4G }, async s => {
        put(name, (await s.visit(ctx.front.origin + '/floor.html', `__perf.any('#floor')`)).shown);
      });
    }
  });
}

export async function openRound(ctx, put) {
  await withProfile(async profile => {
    const phone = { profile, spki: ctx.spki, cpu: SLOW_PHONE, net: SLOW_4G };
    const last = name => ctx.samples[name].at(-1);
    await withSession(phone, async s => {
      const first = await s.visit(ctx.front.origin + await ctx.server.enrol('p100'), CONFIRM);
      put('shell_painted', first.fcp);
      put('enrol_usable', first.shown);
      put('enrol_ratio', first.shown / last('floor_cold'));
      put('shift', first.cls);
      await s.setNet(null);
      await s.tap('Đúng là tôi');
      await s.until(READY, 60000);
      await s.shellReady();
    });
    await withSession(phone, async s => {
      const again = await s.visit(ctx.front.origin + '/', PROGRAMME);
      put('second_open', again.shown);
      put('second_ratio', again.shown / last('floor_warm'));
      put('shift', again.cls);
    });
    ctx.front.setDown(true);
    try {
      await withSession(phone, async s => {
        const offline = await s.visit(ctx.front.origin + '/', PROGRAMME);
        put('offline_open', offline.shown);
        put('offline_ratio', offline.shown / last('floor_warm'));
        put('shift', offline.cls);
      });
    } finally { ctx.front.setDown(false); }
  });
}

/** The whole of a first visit on a link with real handshakes, shared by the page and its worker. */
export async function shapedRound(ctx, put) {
  const link = await shapedLink(ctx.front.port, SLOW_4G);
  const origin = ctx.front.origin.replace(/:\d+$/, ':' + link.port);
  try {
    await withProfile(profile => withSession({ profile, spki: ctx.spki, cpu: SLOW_PHONE }, async s => {
      await s.visit(origin + await ctx.server.enrol('p101'), CONFIRM);
      put('shell_ready', await s.shellReady());
      const before = ctx.front.counted.api;
      put('enrol_ready', await s.timeTap(CONFIRM, READY, 90000));
      put('enrol_kb', (ctx.front.counted.api - before) / 1024);
    }));
  } finally { await link.close(); }
}
