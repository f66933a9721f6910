// New builds in the middle of a congress, one after the other, whole and broken: within 20 seconds there is the app or
// the lifeboat, and never a lost word.
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { Comments, Compose } from '../pages/comments.ts';
import { Enrolment } from '../pages/enrolment.ts';
import { chance } from '../support/chance.ts';
import { publish, restoreDist } from '../support/dist.ts';
import { expect, test as base } from '../support/fixtures.ts';
import { LIFEBOAT, ownBuild } from '../support/own-build.ts';

const test = base.extend({ server: ownBuild });

const UPDATES_CUT_SHORT = 8;

/** What a phone does by itself whenever the app is shown. */
const lookForUpdate = (page: Page) =>
  page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));

test('two builds come while somebody writes and another window is open; each build is alone on the server', async ({ server, device }) => {
  const phone = await device('p100');
  const other = await phone.context.newPage();
  await other.goto('/documents');
  await expect(other.getByRole('heading', { level: 1, name: 'Văn kiện' })).toBeVisible();
  await phone.goto('/comments/new');
  const compose = new Compose(phone.page);
  const offer = phone.page.getByText('Có bản mới của ứng dụng. Nội dung đang viết đã được lưu.');
  let words = '';
  for (const name of ['second', 'third']) {
    const more = `Viết khi bản ${name} ra. `;
    await compose.text.press('End');
    await compose.text.pressSequentially(more);
    words += more;
    publish(server.dist, { name, alone: true });
    await lookForUpdate(phone.page);
    await expect(offer).toBeAttached();
  }
  await test.step('the old window works on, though nothing of its build is on the server', async () => {
    await other.getByRole('link', { name: 'Dự thảo Báo cáo chính trị' }).first().click();
    await expect(other.getByText('Đoàn kết - Gương mẫu - Đổi mới - Phục vụ - Hiệu quả')).toBeVisible();
  });
  await test.step('the newest build takes over when it is wanted', async () => {
    await phone.app.go('Ý kiến');
    // The third build is the one that waits as soon as it is stored whole.
    await expect.poll(() => phone.page.evaluate(() => caches.keys())).toContain('shell-third');
    await phone.page.getByRole('button', { name: 'Cập nhật' }).click();
    await expect(phone.page.locator('html')).toHaveAttribute('data-build', 'third');
    await phone.app.waitUntilReady();
    await new Comments(phone.page).drafts.getByRole('link').click();
    await expect(compose.text).toHaveValue(words.trim() + ' ');
    await compose.send();
    await expect(new Comments(phone.page).card(words.trim())).toContainText('Đã nhận, số 1');
  });
  await test.step('and in the old window when it is loaded again, without a network too', async () => {
    await server.stop();
    await other.reload();
    await expect(other.locator('html')).toHaveAttribute('data-build', 'third');
    await expect(other.locator('html')).toHaveAttribute('data-app', 'ready');
  });
});

test(`killed ${UPDATES_CUT_SHORT} times in the middle of an update, the app opens every time, with what was being written`, async ({ server, device }, info) => {
  test.setTimeout(180_000);
  const seed = Number(process.env.CHAOS_SEED ?? 1);
  info.annotations.push({ type: 'seed', description: String(seed) });
  const random = chance(seed);
  const phone = await device('p100');
  await phone.goto('/comments/new');
  const compose = new Compose(phone.page);
  await compose.text.fill('Viết dở giữa các lần cập nhật.');
  await expect(compose.saved).toBeVisible();
  await phone.restart('/comments');
  for (let round = 1; round <= UPDATES_CUT_SHORT; round++) {
    await test.step(`round ${round}`, async () => {
      publish(server.dist, { name: `build-${round}`, alone: true });
      const looking = lookForUpdate(phone.page).catch(() => {});
      if (round % 2 === 0) {
        await phone.page.getByRole('button', { name: 'Cập nhật' }).click();
      }
      await new Promise(resolve => setTimeout(resolve, random() * 600));
      await phone.kill();
      await looking;
      // Every other time there is no network when the phone is switched on again.
      if (random() < 0.5) await server.stop('SIGKILL');
      await phone.reopen('/comments');
      await expect(new Comments(phone.page).drafts).toContainText('Viết dở giữa các lần cập nhật.');
      await server.start();
    });
  }
});

test('a file of the app that is gone from the phone and from the server: the lifeboat, and the way back', async ({ server, device }) => {
  test.slow();
  const phone = await device('p100');
  await phone.goto('/comments/new');
  const compose = new Compose(phone.page);
  await compose.text.fill('Viết trước khi mất tệp.');
  await expect(compose.saved).toBeVisible();
  // A browser short of room throws single files away.
  const dropped = await phone.page.evaluate(async () => {
    let count = 0;
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        if (request.url.endsWith('.wasm') && (await cache.delete(request))) count++;
      }
    }
    return count;
  });
  expect(dropped).toBeGreaterThan(0);
  publish(server.dist, { name: 'next', alone: true });
  const session = await phone.context.newCDPSession(phone.page);
  await session.send('Network.clearBrowserCache');
  await phone.page.reload();
  await expect(phone.page.getByText(LIFEBOAT)).toBeVisible({ timeout: 20_000 });
  await expect(phone.page.locator('#lifeboat')).toContainText('Viết trước khi mất tệp.');
  await phone.page.getByRole('button', { name: 'Sửa ứng dụng' }).click();
  await expect(phone.page.locator('html')).toHaveAttribute('data-build', 'next');
  await phone.app.waitUntilReady();
  await expect(compose.text).toHaveValue('Viết trước khi mất tệp.');
});

const FIRST_WORKERS: [string, string | null][] = [
  ['is not there', null],
  ['is a page', '<!DOCTYPE html><h1>Đăng nhập wifi</h1>'],
  ['ends with an error', 'throw new Error("half a file")'],
];
for (const [what, text] of FIRST_WORKERS) {
  test(`when the first service worker ${what}, the app works, promises nothing that is not so, and heals`, async ({ server, device }) => {
    test.slow();
    const worker = path.join(server.dist, 'sw.js');
    for (const suffix of ['.br', '.gz']) fs.rmSync(worker + suffix, { force: true });
    if (text === null) fs.rmSync(worker);
    else fs.writeFileSync(worker, text);
    const phone = await device();
    const enrolment = new Enrolment(phone.page);
    await enrolment.open(await server.enrol('p100'));
    await enrolment.confirm();
    await expect(enrolment.steps.filter({ hasText: 'Văn kiện' }).last()).toContainText('14/14');
    await expect(enrolment.steps.filter({ hasText: 'Ứng dụng' })).toContainText('đang tải');
    await expect(enrolment.ready).toBeHidden();
    restoreDist(server.dist);
    await expect(enrolment.ready).toBeVisible({ timeout: 45_000 });
    await server.stop();
    await phone.goto('/documents');
    await expect(phone.page.getByText('14/14 văn kiện đã lưu trên máy')).toBeVisible();
  });
}
