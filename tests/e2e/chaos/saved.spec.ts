// The strictest promise: from the moment the phone says "Đã lưu trên máy", nothing can lose the words. The browser is
// killed by SIGKILL, with all its processes, at some moment of the 300 ms after that.
import { Comments, Compose } from '../pages/comments.ts';
import { chance } from '../support/chance.ts';
import { expect, test } from '../support/fixtures.ts';

/** `CHAOS_KILLS=500` is the long run. */
const KILLS = Number(process.env.CHAOS_KILLS ?? 100);
const PHONES = 3;
const WITHIN_MS = 300;
const ROUND_MAX_MS = 15_000;

for (let phone_number = 1; phone_number <= PHONES; phone_number++) {
  const kills = Math.ceil(KILLS / PHONES);

  test(`phone ${phone_number}: killed ${kills} times just after it said "saved", it has lost nothing`, async ({ server, device }, info) => {
    test.setTimeout(60_000 + kills * ROUND_MAX_MS);
    const seed = Number(process.env.CHAOS_SEED ?? phone_number);
    const random = chance(seed);
    info.annotations.push({ type: 'seed', description: String(seed) });
    const phone = await device('p100');
    await phone.goto('/comments/new');
    await server.stop();
    const text = (at: number) => `Lần ${at} của ${kills}, hạt giống ${seed}.`;
    for (let at = 1; at <= kills; at++) {
      const compose = new Compose(phone.page);
      await compose.text.fill(text(at));
      // The page itself looks out for the words, so that nobody hears of them late.
      const saved = phone.page.evaluate(() => new Promise<void>(done => {
        const isSaved = () => [...document.querySelectorAll('[role="status"]')].some(one => one.textContent?.includes('Đã lưu trên máy'));
        new MutationObserver((_, watch) => {
          if (isSaved()) {
            watch.disconnect();
            done();
          }
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
      }));
      await compose.sendButton.click();
      await saved;
      const wait_ms = random() * WITHIN_MS;
      await new Promise(resolve => setTimeout(resolve, wait_ms));
      await phone.kill();
      await phone.reopen('/comments/new');
      await expect(phone.app.badge, `killed ${Math.round(wait_ms)} ms after "saved"`).toHaveText(`Ngoại tuyến · ${at} mục chờ gửi`);
    }
    await server.start();
    await phone.goto('/comments');
    const mine = new Comments(phone.page).mine;
    await expect(mine).toHaveCount(kills);
    await expect(mine.filter({ hasText: /Đã nhận, số \d+,/ })).toHaveCount(kills, { timeout: 60_000 });
    for (let at = 1; at <= kills; at++) {
      await expect(mine.filter({ hasText: text(at) })).toContainText(`Đã nhận, số ${at},`);
    }
  });
}
