// The search over everything, in a pack of 250,000 words: the first search, which reads all texts, and each key press
// after it.
import { enrol, withProfile, withSession } from './visits.mjs';
import { SLOW_PHONE, sleep } from './session.mjs';

const BOX = 'main input[type=search]';
const FIRST = 'chuyển đổi số';
/** As people type: without accents, with them, a phrase, what stands everywhere, and a name. */
const TYPED = ['phuong cham dai hoi', 'kỷ luật của đảng', '"cong tac can bo"', 'nhiem ky 2025', 'thinh', 'xyz'];
/** Words are found. Asked in each frame, so it must not make the browser lay out the page: that would be measured too. */
const FOUND = `document.querySelector('main mark')`;

// In the page: the longest time in which nothing else could happen, and the paint that answers a key press.
const WATCH = `(() => {
  const w = window.__search = { gap: 0, key: null };
  w.pulse = () => { let last = performance.now(); w.beating = true; (function beat() { const now = performance.now(); w.gap = Math.max(w.gap, now - last); last = now; if (w.beating) setTimeout(beat, 1); })(); };
  w.answered = () => {
    w.key = null;
    addEventListener('input', e => {
      const watch = new MutationObserver(() => {
        watch.disconnect();
        requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => { w.key = performance.now() - e.timeStamp; }; c.port2.postMessage(0); });
      });
      watch.observe(document.querySelector('main'), { childList: true, subtree: true, characterData: true });
    }, { capture: true, once: true });
  };
})()`;

/** Needs the wide congress. */
export async function searchRound(ctx, put) {
  await withProfile(profile => withSession({ profile, spki: ctx.spki, cpu: SLOW_PHONE }, async s => {
    await enrol(s, ctx.wideFront.origin + await ctx.wideServer.enrol('p100'));
    await s.visit(ctx.wideFront.origin + '/documents', `__perf.any(${JSON.stringify(BOX)})`);
    await sleep(3000);
    await s.eval(WATCH);
    const before = await s.memoryMb();
    await s.eval(`__search.pulse(), __perf.tasks.length = 0`);
    await s.eval(`__perf.built = null; __perf.painted(() => ${FOUND}, 60000).then(t => { __perf.built = t - __search.from }, x => { __perf.built = String(x) }); __search.from = performance.now(); document.querySelector(${JSON.stringify(BOX)}).focus()`);
    await s.cmd('Input.insertText', { text: FIRST });
    await s.until('__perf.built !== null', 65000, 200);
    const { built, gap } = await s.eval(`(__search.beating = false, { built: __perf.built, gap: __search.gap })`);
    if (typeof built !== 'number') throw new Error(`the first search: ${built}`);
    if (!await s.eval(`!!__perf.any('main mark')`)) throw new Error('the first search: what was found is not shown');
    put('search_build', built);
    put('search_slice', gap);
    await sleep(1000);
    put('search_memory', Math.max(0, (await s.memoryMb()) - before));
    for (const text of TYPED) {
      await s.eval(`(box => { box.value = ''; box.dispatchEvent(new Event('input', { bubbles: true })); box.focus() })(document.querySelector(${JSON.stringify(BOX)}))`);
      await sleep(1200);
      for (const [at, key] of [...text].entries()) {
        await s.eval('__search.answered()');
        await s.cmd('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key, unmodifiedText: key });
        await s.cmd('Input.dispatchKeyEvent', { type: 'keyUp', key });
        await sleep(700);
        const ms = await s.eval('__search.key');
        // One letter asks for nothing, and a blank or a quotation mark may change nothing.
        if (ms !== null && at > 0) { put('search_key', ms); ctx.notes.push({ typed: text.slice(0, at + 1), ms: Math.round(ms) }); }
      }
    }
  }));
}
