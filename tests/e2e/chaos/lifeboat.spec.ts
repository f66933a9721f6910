// The lifeboat in weather of its own: no service worker, an app that dies while it runs, storage that does not answer.
// How it sends and repairs after a broken update stands in update.spec.ts.
import { Comments, Compose } from '../pages/comments.ts';
import { Enrolment } from '../pages/enrolment.ts';
import { publish, restoreDist } from '../support/dist.ts';
import { expect, test as base } from '../support/fixtures.ts';
import { LIFEBOAT, ownBuild } from '../support/own-build.ts';

const test = base.extend({ server: ownBuild });

test('without a service worker too the lifeboat shows what is unsent, and sends it once', async ({ server, device }) => {
  test.slow();
  const phone = await device();
  await phone.context.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'serviceWorker');
  });
  const enrolment = new Enrolment(phone.page);
  await enrolment.open(await server.enrol('p100'));
  await enrolment.confirm();
  await expect(phone.page.getByText('Tài liệu đã lưu trên máy')).toBeVisible();
  await expect(enrolment.ready, 'without it the app does not open without a network, and says so').toBeHidden();
  await phone.goto('/comments');
  await phone.context.route('**/api/**', route => route.abort());
  await new Comments(phone.page).submit({ text: 'Chưa gửi được.' });
  const compose = await new Comments(phone.page).compose();
  await compose.text.fill('Bản nháp còn dở.');
  await expect(compose.saved).toBeVisible();

  publish(server.dist, { name: 'next', broken: true, alone: true });
  await phone.page.reload();
  const boat = phone.page.locator('#lifeboat');
  await expect(boat.getByText(LIFEBOAT)).toBeVisible({ timeout: 20_000 });
  await expect(boat).toContainText('Chưa gửi được.');
  await expect(boat).toContainText('Bản nháp còn dở.');
  await phone.context.unroute('**/api/**');
  await boat.getByRole('button', { name: 'Gửi ngay' }).click();
  await expect(boat.getByText('Đã gửi.')).toBeVisible();

  restoreDist(server.dist);
  await boat.getByRole('button', { name: 'Sửa ứng dụng' }).click();
  await phone.app.waitUntilReady();
  await phone.goto('/comments');
  await expect(new Comments(phone.page).card('Chưa gửi được.')).toContainText('Đã nhận, số 1');
  await expect(new Comments(phone.page).mine).toHaveCount(1);
  await expect(new Comments(phone.page).drafts).toContainText('Bản nháp còn dở.');
});

test('an app that dies while somebody writes gives way to the lifeboat, with the words in it', async ({ device }) => {
  const phone = await device('p100');
  await phone.goto('/comments/new');
  const compose = new Compose(phone.page);
  await compose.text.fill('Viết dở thì ứng dụng hỏng.');
  await expect(compose.saved).toBeVisible();
  await phone.page.evaluate(() => void setTimeout(() => {
    throw new WebAssembly.RuntimeError('unreachable');
  }));
  const boat = phone.page.locator('#lifeboat');
  await expect(boat.getByText(LIFEBOAT)).toBeVisible();
  await expect(boat).toContainText('Viết dở thì ứng dụng hỏng.');
  await phone.page.reload();
  await phone.app.waitUntilReady();
  await phone.app.go('Ý kiến');
  await expect(new Comments(phone.page).drafts).toContainText('Viết dở thì ứng dụng hỏng.');
});

test('when the storage does not answer, the app says so; when the app is broken too, the lifeboat does', async ({ server, device }) => {
  test.slow();
  const phone = await device('p100');
  await phone.app.go('Ý kiến');
  await server.stop();
  await new Comments(phone.page).submit({ text: 'Viết khi bộ nhớ còn trả lời.' });
  const silent = await phone.context.newPage();
  await silent.addInitScript(() => {
    IDBFactory.prototype.open = () => Object.create(IDBOpenDBRequest.prototype, {
      onsuccess: { writable: true }, onerror: { writable: true }, onupgradeneeded: { writable: true },
    });
  });
  await silent.goto('/');
  await expect(silent.getByRole('heading', { name: 'Bộ nhớ của trình duyệt không trả lời' })).toBeVisible({ timeout: 20_000 });
  await expect(silent.getByText('Những gì đã viết vẫn nằm trong máy.')).toBeVisible();
  await silent.evaluate(() => void setTimeout(() => {
    throw new WebAssembly.RuntimeError('unreachable');
  }));
  await expect(silent.getByText('Chưa đọc được bộ nhớ của máy. Nội dung không bị xóa')).toBeVisible({ timeout: 20_000 });

  await server.start();
  await phone.page.reload();
  await expect(new Comments(phone.page).card('Viết khi bộ nhớ còn trả lời.')).toContainText('Đã nhận, số 1');
});
