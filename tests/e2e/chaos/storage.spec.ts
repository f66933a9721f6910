// A phone whose storage fills up or is taken away while somebody writes: the app says what is so, and keeps the words.
import type { CDPSession } from '@playwright/test';
import { Comments, Compose } from '../pages/comments.ts';
import { ADDRESS, expect, test, type Device } from '../support/fixtures.ts';

const FULL = 'Chưa lưu được: máy hết chỗ trống.';

/** Opens the app in a browser that has no room left for it. The browser forgets that with the session that is returned. */
async function restartFull(device: Device, address: string): Promise<CDPSession> {
  let session!: CDPSession;
  await device.restart(address, async () => {
    session = await device.context.newCDPSession(device.page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: ADDRESS, quotaSize: 1 });
  });
  return session;
}

test('when the storage is full nothing is called saved, and the words are saved as soon as there is room', async ({ server, device }) => {
  const phone = await device('p100');
  const browser = await restartFull(phone, '/comments/new');
  const compose = new Compose(phone.page);
  await compose.text.fill('Viết khi máy hết chỗ.');
  await expect(phone.page.getByText(FULL)).toBeVisible();
  await compose.sendButton.click();
  await expect(phone.page.getByText('Chưa gửi được')).toBeVisible();
  await expect(phone.page.getByRole('status').filter({ hasText: 'Đã lưu trên máy' })).toHaveCount(0);
  await expect(compose.text).toHaveValue('Viết khi máy hết chỗ.');

  await test.step('the app still opens, and the words are still there', async () => {
    await phone.page.reload();
    await phone.app.waitUntilReady();
    await phone.app.go('Ý kiến');
    await expect(new Comments(phone.page).drafts).toContainText('Viết khi máy hết chỗ.');
  });
  await test.step('with room again they are handed in', async () => {
    await new Comments(phone.page).drafts.getByRole('link').click();
    await expect(compose.text).toHaveValue('Viết khi máy hết chỗ.');
    await browser.send('Storage.overrideQuotaForOrigin', { origin: ADDRESS });
    await compose.send();
    await expect(new Comments(phone.page).card('Viết khi máy hết chỗ.')).toContainText('Đã nhận, số 1');
  });
});

test('what is saved already is read and sent from a full storage', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.go('Ý kiến');
  await server.stop();
  const comments = () => new Comments(phone.page);
  await comments().submit({ text: 'Lưu trước khi hết chỗ.' });
  await restartFull(phone, '/comments');
  await expect(comments().card('Lưu trước khi hết chỗ.')).toContainText('Đã lưu trên máy, sẽ gửi khi có mạng');
  await server.start();
  await phone.app.retryNow();
  await expect(comments().card('Lưu trước khi hết chỗ.')).toContainText('Đã nhận, số 1');
  await phone.restart('/comments');
  await expect(comments().card('Lưu trước khi hết chỗ.')).toContainText('Đã nhận, số 1');
  await expect(comments().mine).toHaveCount(1);
});

for (const storageTypes of ['indexeddb', 'cache_storage,service_workers', 'local_storage', 'all'] as const) {
  test(`${storageTypes} cleared under a person who writes without a network: the words stay, and arrive`, async ({ server, device }) => {
    const phone = await device('p100');
    await phone.goto('/comments/new');
    await server.stop();
    const compose = new Compose(phone.page);
    await compose.text.fill('Viết dở khi bộ nhớ bị xóa.');
    await expect(compose.saved).toBeVisible();
    const session = await phone.context.newCDPSession(phone.page);
    await session.send('Storage.clearDataForOrigin', { origin: ADDRESS, storageTypes });
    await compose.text.press('End');
    await compose.text.pressSequentially(' Thêm một câu.');
    await compose.send();
    const words = 'Viết dở khi bộ nhớ bị xóa. Thêm một câu.';
    await expect(new Comments(phone.page).card(words)).toContainText('Đã lưu trên máy, sẽ gửi khi có mạng');
    await server.start();
    if (storageTypes === 'all') {
      // The device's right to this account was a cookie, and is gone with the rest.
      await phone.enrol('p100');
      await phone.app.go('Ý kiến');
    } else {
      await phone.app.retryNow();
    }
    await expect(new Comments(phone.page).card(words)).toContainText('Đã nhận, số 1');
    await phone.restart('/comments');
    await expect(new Comments(phone.page).card(words)).toContainText('Đã nhận, số 1');
    await expect(new Comments(phone.page).mine).toHaveCount(1);
  });
}
