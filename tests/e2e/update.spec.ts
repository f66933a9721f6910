// A new build in the middle of a congress, a broken one too: never a white screen, never a lost word.
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { Comments, Compose } from './pages/comments.ts';
import { publish, restoreDist } from './support/dist.ts';
import { expect, test as base } from './support/fixtures.ts';
import { LIFEBOAT, ownBuild } from './support/own-build.ts';

const test = base.extend({ server: ownBuild });

/** What a phone does by itself whenever the app is shown. */
const lookForUpdate = (page: Page) =>
  page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));

test('an update waits until it is wanted, and what is being written survives it', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.goto('/comments/new');
  const compose = new Compose(phone.page);
  await compose.text.pressSequentially('Đang viết dở thì có bản mới');
  publish(server.dist, { name: 'next' });
  await lookForUpdate(phone.page);
  const offer = phone.page.getByText('Có bản mới của ứng dụng. Nội dung đang viết đã được lưu.');
  await expect(offer).toBeAttached();
  await expect(offer, 'nothing comes between a person and what is being written').toBeHidden();
  await compose.text.press('End');
  await compose.text.pressSequentially(', viết tiếp');

  await phone.app.go('Ý kiến');
  await expect(offer).toBeVisible();
  await expect(phone.page.locator('html')).not.toHaveAttribute('data-build', 'next');
  await phone.page.getByRole('button', { name: 'Cập nhật' }).click();
  await expect(phone.page.locator('html')).toHaveAttribute('data-build', 'next');
  await phone.app.waitUntilReady();
  await new Comments(phone.page).drafts.getByRole('link').click();
  await expect(compose.text).toHaveValue('Đang viết dở thì có bản mới, viết tiếp');
});

test('a broken build shows the lifeboat with every unsent word, and sends it', async ({ server, device }) => {
  test.slow();
  const phone = await device('p100');
  await server.stop();
  await phone.app.go('Ý kiến');
  await new Comments(phone.page).submit({ text: 'Ý kiến chờ gửi.', proposal: 'Câu thay thế.' });
  const compose = await new Comments(phone.page).compose();
  await compose.text.fill('Bản nháp còn dở.');
  await expect(compose.saved).toBeVisible();
  await phone.app.go('Ý kiến');

  publish(server.dist, { name: 'next', broken: true });
  await server.start();
  // Only the files get through: what is unsent stays unsent until the person says so.
  await phone.context.route('**/api/**', route => route.abort());
  await lookForUpdate(phone.page);
  await phone.page.getByRole('button', { name: 'Cập nhật' }).click();
  await expect(phone.page.getByText(LIFEBOAT)).toBeVisible({ timeout: 20_000 });

  const boat = phone.page.locator('#lifeboat');
  await expect(boat.getByText('Trên máy: 2 bài viết, 1 mục chờ gửi.')).toBeVisible();
  await expect(boat).toContainText('Ý kiến chờ gửi.');
  await expect(boat).toContainText('Đề nghị sửa: Câu thay thế.');
  await expect(boat).toContainText('Bản nháp còn dở.');
  await boat.getByRole('button', { name: 'Sao chép tất cả' }).click();
  await expect(boat.getByText('Đã sao chép.')).toBeVisible();
  expect(await phone.page.evaluate(() => navigator.clipboard.readText())).toContain('Bản nháp còn dở.');

  await test.step('Gửi ngay sends what waits', async () => {
    await boat.getByRole('button', { name: 'Gửi ngay' }).click();
    await expect(boat.getByText('Chưa gửi được.')).toBeVisible();
    await phone.context.unroute('**/api/**');
    await boat.getByRole('button', { name: 'Gửi ngay' }).click();
    await expect(boat.getByText('Đã gửi.')).toBeVisible();
  });

  await test.step('repaired with a build that is whole, everything is there, once', async () => {
    restoreDist(server.dist);
    await boat.getByRole('button', { name: 'Sửa ứng dụng' }).click();
    await phone.app.waitUntilReady();
    await phone.app.go('Ý kiến');
    const comments = new Comments(phone.page);
    await expect(comments.card('Ý kiến chờ gửi.')).toContainText('Đã nhận, số 1');
    await expect(comments.mine).toHaveCount(1);
    await expect(comments.drafts).toContainText('Bản nháp còn dở.');
  });
});

test('without a network the lifeboat keeps the app as it is', async ({ server, device }) => {
  test.slow();
  const phone = await device('p100');
  publish(server.dist, { name: 'next', broken: true });
  await lookForUpdate(phone.page);
  await phone.page.getByRole('button', { name: 'Cập nhật' }).click();
  await expect(phone.page.getByText(LIFEBOAT)).toBeVisible({ timeout: 20_000 });
  await server.stop();
  await phone.page.getByRole('button', { name: 'Sửa ứng dụng' }).click();
  await expect(phone.page.getByText('Chưa gặp được máy chủ.')).toBeVisible({ timeout: 20_000 });
  expect(await phone.page.evaluate(async () => (await caches.keys()).length)).toBeGreaterThan(0);
});

test('a phone whose very first load is broken is told so, and never shown a white page', async ({ server, page }) => {
  publish(server.dist, { name: 'next', broken: true });
  await page.goto('/');
  await expect(page.getByText(LIFEBOAT)).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('Không có mục nào chờ gửi trên máy này.')).toBeVisible();
});

test('an update that is not whole is not taken: the app stays as it was', async ({ server, device }) => {
  const phone = await device('p100');
  const worker = path.join(server.dist, 'sw.js');
  const program = fs.readFileSync(worker, 'utf8');
  const look = () =>
    phone.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration?.update().catch(() => {});
      const installing = registration?.installing;
      if (installing) await new Promise(done => installing.addEventListener('statechange', done, { once: true }));
      return registration?.waiting ? 'taken' : 'not taken';
    });
  const broken: [string, string | null][] = [
    ['a page in place of the worker', '<!DOCTYPE html><h1>Đăng nhập wifi</h1>'],
    ['a worker that is gone', null],
    ['a worker whose files are not there', program.replace(/"\/app-[0-9a-f]{16}\/delegate-app_bg\.wasm"/, '"/app-00000000deadbeef/delegate-app_bg.wasm"').replace(/(const VERSION = )"[^"]*"/, '$1"half"')],
  ];
  for (const [what, text] of broken) {
    await test.step(what, async () => {
      for (const suffix of ['.br', '.gz']) fs.rmSync(worker + suffix, { force: true });
      if (text === null) fs.rmSync(worker);
      else fs.writeFileSync(worker, text);
      expect(await look()).toBe('not taken');
      await phone.goto('/documents');
      await expect(phone.app.heading('Văn kiện')).toBeVisible();
    });
  }
  await server.stop();
  await phone.restart('/documents');
  await expect(phone.page.getByText('14/14 văn kiện đã lưu trên máy')).toBeVisible();
});

test('a file that is gone is a real 404 and never a page', async ({ request }) => {
  for (const name of ['/app-00000000deadbeef/delegate-app.js', '/app-00000000deadbeef/delegate-app_bg.wasm', '/icons/khong-co.png']) {
    const answer = await request.get(name);
    expect(answer.status(), name).toBe(404);
    expect(answer.headers()['content-type'] ?? '', name).not.toContain('html');
    expect(answer.headers()['cache-control'], name).toBe('no-store');
  }
  const page = await request.get('/documents/bao-cao-chinh-tri');
  expect(page.status()).toBe(200);
  expect(page.headers()['content-type']).toContain('text/html');
});

test('a window that is still open works on after an update in another one', async ({ server, device }) => {
  const phone = await device('p100');
  const other = await phone.context.newPage();
  await other.goto('/documents');
  await expect(other.getByRole('heading', { level: 1, name: 'Văn kiện' })).toBeVisible();
  publish(server.dist, { name: 'next' });
  await lookForUpdate(phone.page);
  await phone.page.getByRole('button', { name: 'Cập nhật' }).click();
  await expect(phone.page.locator('html')).toHaveAttribute('data-build', 'next');
  await other.getByRole('link', { name: 'Dự thảo Báo cáo chính trị' }).first().click();
  await expect(other.getByText('Đoàn kết - Gương mẫu - Đổi mới - Phục vụ - Hiệu quả')).toBeVisible();
});
