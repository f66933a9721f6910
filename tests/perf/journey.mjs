// Using the app: every tab, an item and a document, writing and sending, a long list with its search, and two devices
// that see each other.
import { PROGRAMME, enrol, withProfile, withSession } from './visits.mjs';
import { SLOW_PHONE, sleep } from './session.mjs';

const TABS = [['Văn kiện', '/documents'], ['Ý kiến', '/comments'], ['Điểm danh', '/check-in'], ['Thêm', '/more'], ['Chương trình', '/agenda']];
/** The screen behind a tap is there: its address, its heading, and nothing of the one before. */
const at = path => `location.pathname === ${JSON.stringify(path)} && __perf.any('main h1') && __perf.any('main h1').innerText !== __perf.before`;
const inside = prefix => `location.pathname.startsWith(${JSON.stringify(prefix)}) && __perf.any('main h1') && __perf.any('main h1').innerText !== __perf.before`;
const tab = words => `[...document.querySelectorAll('nav a[href]')].find(a => a.innerText.includes(${JSON.stringify(words)}) && a.checkVisibility())`;
const COMMENT = 'textarea';
/** The second app, for desks and presidium, is on the device too. */
const STAFF_KEPT = `(async () => { for (let i = 0; i < 200 && !(await caches.match('/staff-mark')); i++) await new Promise(r => setTimeout(r, 100)); })()`;

async function timeScreen(s, finder, arrived) {
  await s.eval(`__perf.before = __perf.any('main h1')?.innerText ?? ''`);
  return s.timeTap(finder, arrived);
}

/** Taps through every tab and into the lists; then what the whole journey cost. */
export async function tapRound(ctx, put) {
  await withProfile(profile => withSession({ profile, spki: ctx.spki, cpu: SLOW_PHONE }, async s => {
    await enrol(s, ctx.front.origin + await ctx.server.enrol('p100'));
    await s.visit(ctx.front.origin + '/', PROGRAMME);
    await sleep(1500);
    const started = await s.eval('performance.now()');
    const tap = async (finder, arrived) => {
      const ms = await timeScreen(s, finder, arrived);
      put('tap', ms);
      put('tap_median', ms);
      await sleep(300);
    };
    for (let turn = 0; turn < 2; turn++) {
      for (const [words, path] of TABS) {
        await tap(tab(words), at(path));
        if (path === '/documents' || path === '/agenda') {
          await tap(`__perf.any('main a[href^="${path}/"]')`, inside(path + '/'));
          await s.eval('history.back()');
          await s.until(`location.pathname === ${JSON.stringify(path)}`);
        }
      }
    }
    await sendOffline(s, ctx, put);
    const { tasks, cls, shifts } = await s.eval('({ tasks: __perf.tasks, cls: __perf.cls, shifts: __perf.shifts })');
    const late = tasks.filter(([from]) => from > started);
    put('long_task', Math.max(0, ...late.map(([, ms]) => ms)));
    put('shift', cls);
    ctx.notes.push({ longTasks: late.filter(([, ms]) => ms > 50), shifts });
    put('memory', await s.memoryMb());
  }));
}

/** Writes with the server stopped: the state line then stays at what this figure is about. */
async function sendOffline(s, ctx, put) {
  ctx.front.setDown(true);
  try {
    for (let i = 0; i < 5; i++) {
      await s.tapOn(tab('Ý kiến'));
      await s.tap('Viết ý kiến');
      await s.fill(COMMENT, `Đề nghị bổ sung chỉ tiêu, lần đo ${i + 1}.`);
      await s.until(`__perf.control('Gửi')`);
      await s.eval(`__perf.saved = document.body.innerText.split('Đã lưu trên máy').length`);
      const more = `document.body.innerText.split('Đã lưu trên máy').length > (location.pathname === '/comments' ? 1 : __perf.saved)`;
      put('saved', await s.timeTap(`__perf.control('Gửi')`, more));
      await sleep(300);
    }
  } finally { ctx.front.setDown(false); }
}

/** The desk's list of 2,000 people, offline, and a search in it. Needs the large congress. */
export async function listRound(ctx, put) {
  await withProfile(async profile => {
    const phone = { profile, spki: ctx.spki, cpu: SLOW_PHONE };
    await withSession(phone, async s => {
      await enrol(s, ctx.largeFront.origin + await ctx.largeServer.enrol('checkin'));
      await s.eval(STAFF_KEPT);
    });
    ctx.largeFront.setDown(true);
    try {
      await withSession(phone, async s => {
        const open = await s.visit(ctx.largeFront.origin + '/scan', `document.documentElement.dataset.app === 'ready' && __perf.any('main input') && /\\p{Lu}\\p{Ll}+ \\p{Lu}\\p{Ll}+/u.test(__perf.any('main').innerText)`);
        put('list_open', open.shown);
        put('shift', open.cls);
        await sleep(1000);
        await s.eval(`__perf.events.length = 0; __perf.any('main input').focus()`);
        await s.keys('nguyen thi a', 250);
        await sleep(1000);
        const events = await s.eval('__perf.events');
        const presses = events.filter(([kind]) => /^key|input/.test(kind)).map(([, , ms]) => ms);
        put('list_key', Math.max(16, ...presses));              // shorter than 16 ms is not reported by the browser
      });
    } finally { ctx.largeFront.setDown(false); }
  });
}

/** One check-in on one phone: what another one downloads because of it. The second has a front of its own to count at. */
export async function rowRound(ctx, put) {
  await withProfile(one => withProfile(async two => {
    await withSession({ profile: one, spki: ctx.spki }, a => withSession({ profile: two, spki: ctx.spki }, async b => {
      await enrol(a, ctx.largeFront.origin + await ctx.largeServer.enrol('checkin'));
      await enrol(b, ctx.otherFront.origin + await ctx.largeServer.enrol('checkin'));
      for (const [s, front] of [[a, ctx.largeFront], [b, ctx.otherFront]]) await s.visit(front.origin + '/scan', `__perf.any('main input')`);
      await sleep(4000);
      const before = ctx.otherFront.counted.api;
      await a.tap('Có mặt');
      await until(() => ctx.otherFront.counted.api > before, 15000);
      await sleep(1500);                                         // less than a heartbeat; a second answer would still count
      put('row_kb', (ctx.otherFront.counted.api - before) / 1024);
    }));
  }));
}

/** A comment on a delegate's phone to the presidium's tablet, both online, nothing slowed. */
export async function liveRound(ctx, put) {
  await withProfile(one => withProfile(async two => {
    await withSession({ profile: one, spki: ctx.spki }, a => withSession({ profile: two, spki: ctx.spki, tablet: true }, async b => {
      await enrol(a, ctx.front.origin + await ctx.server.enrol('p101'));
      await enrol(b, ctx.front.origin + await ctx.server.enrol('presidium'));
      await b.visit(ctx.front.origin + '/console', `document.documentElement.dataset.app === 'ready' && __perf.any('main h1')`);
      await sleep(2000);
      for (let i = 0; i < 5; i++) {
        const mark = `Mốc ${Date.now()}`;
        await a.visit(ctx.front.origin + '/comments/new', `__perf.any(${JSON.stringify(COMMENT)})`);
        await a.fill(COMMENT, `${mark}: đề nghị làm rõ nguồn lực.`);
        await b.eval(`__perf.news = null; __perf.painted(() => __perf.says(${JSON.stringify(mark)}) || /[1-9]\\d* ý kiến mới/.test(document.body.innerText), 30000).then(t => { __perf.news = performance.timeOrigin + t }, () => { __perf.news = -1 }), 0`);
        await a.eval('__perf.timed(() => true)');
        await a.tap('Gửi');
        await a.until('__perf.result !== null');
        await b.until('__perf.news !== null', 35000);
        const [sent, seen] = [await a.eval('__perf.clickedAt'), await b.eval('__perf.news')];
        if (seen < 0) throw new Error('the console never showed the comment');
        put('live', seen - sent);
        if (await b.eval(`!!__perf.control('ý kiến mới')`)) await b.tap('ý kiến mới');
        await sleep(2500);                                       // each comment on its own, not in the batch of the one before
      }
    }));
  }));
}

async function until(test, limit) {
  const end = Date.now() + limit;
  while (!test()) {
    if (Date.now() > end) throw new Error('the other device received nothing');
    await sleep(20);
  }
}
