// Reading the longest document: opening it at the place left, and scrolling through it.
import { enrol, withProfile, withSession } from './visits.mjs';
import { SLOW_PHONE, sleep } from './session.mjs';
import { LONG_ID } from './server.mjs';

const ADDRESS = `/documents/${LONG_ID}`;
const ROW = `__perf.any('main a[href="${ADDRESS}"]')`;
const BLOCKS = `[...document.querySelectorAll('main [id^="b-"]')]`;
/** How far down one leaves, and how many words a second a finger passes: faster than anybody reads. */
const LEFT_AT = [0.1, 0.5, 0.95];
const PIXELS_A_SECOND = 4000;
/** The place is written down within this time. */
const KEPT_MS = 1500;

/** All of the text is in the page: its height does not change any more. */
async function whole(s) {
  await s.until(`${BLOCKS}.length > 0`);
  for (let before = -1, now = 0; before !== now;) {
    before = now;
    await sleep(600);
    now = await s.eval(`${BLOCKS}.length`);
  }
}

/** Frames while a finger moves over the whole text: p95 and the longest, in ms. */
async function scroll(s) {
  await s.eval('scrollTo(0, 0)');
  await sleep(500);
  await s.eval(`(() => {
    const frames = __perf.frames = [];
    let last = null;
    const look = time => { if (!__perf.frames) return; if (last !== null) frames.push(time - last); last = time; requestAnimationFrame(look); };
    requestAnimationFrame(look);
  })()`);
  const height = await s.eval('document.documentElement.scrollHeight - innerHeight');
  await s.cmd('Input.synthesizeScrollGesture', { x: 180, y: 500, yDistance: -height, speed: PIXELS_A_SECOND, gestureSourceType: 'mouse' });
  const { frames, scrolled } = await s.eval('(() => { const frames = __perf.frames; __perf.frames = null; return { frames, scrolled: scrollY }; })()');
  if (scrolled < height * 0.95) throw new Error(`scrolled ${scrolled} of ${height} px`);
  frames.sort((a, b) => a - b);
  return { p95: frames[Math.ceil(frames.length * 0.95) - 1], worst: frames.at(-1) };
}

/** The same words in the same clothes on a page without a program: what the machine itself can do at this moment. */
async function plainPage(s) {
  const text = await s.eval(`document.querySelector('.reader__text').innerHTML`);
  const style = await s.eval(`[...document.styleSheets].flatMap(sheet => [...sheet.cssRules]).map(rule => rule.cssText).join('\\n')`);
  await s.cmd('Page.navigate', { url: 'about:blank' });
  await sleep(500);
  const html = `<head><meta name="viewport" content="width=device-width"><style>${style}</style></head><body><div class="reader__text">${text}</div></body>`;
  await s.eval(`document.documentElement.innerHTML = ${JSON.stringify(html)}, 0`);
  await s.eval('globalThis.__perf ??= {}, 0');
  await sleep(1500);
}

export async function readingRound(ctx, put) {
  await withProfile(profile => withSession({ profile, spki: ctx.spki, cpu: SLOW_PHONE }, async s => {
    await enrol(s, ctx.longFront.origin + await ctx.longServer.enrol('p100'));
    for (const share of LEFT_AT) {
      await s.visit(ctx.longFront.origin + ADDRESS, `${BLOCKS}.length`);
      await whole(s);
      const { id, top } = await s.eval(`(() => {
        const blocks = ${BLOCKS}, block = blocks[Math.floor(blocks.length * ${share})];
        scrollBy(0, block.getBoundingClientRect().top - 100);
        return { id: block.id, top: block.getBoundingClientRect().top };
      })()`);
      await sleep(KEPT_MS);
      await s.visit(ctx.longFront.origin + '/documents', ROW);
      await sleep(1000);
      const there = `Math.abs(document.getElementById(${JSON.stringify(id)}).getBoundingClientRect().top - ${top}) < 3`;
      put('reading_open', await s.timeTap(ROW, there));
      await whole(s);
      if (!await s.eval(there)) throw new Error('the place moved when the rest of the text came');
    }
    const { p95, worst } = await scroll(s);
    put('reading_frames', p95);
    put('reading_frame', worst);
    await plainPage(s);
    const floor = await scroll(s);
    put('floor_frames', floor.p95);
    put('floor_frame', floor.worst);
  }));
}
