// Two windows of one phone write at the same time: one ledger, one numbering, nothing twice.
import { Comments } from '../pages/comments.ts';
import { expect, test } from '../support/fixtures.ts';

const EACH = 6;

test('two windows that write at the same time share one outbox: all arrive once, also after a kill', async ({ server, device }) => {
  test.slow();
  const phone = await device('p100');
  await phone.restart('/comments');
  const other = await phone.context.newPage();
  await other.goto('/comments');
  await server.stop();
  const windows = [new Comments(phone.page), new Comments(other)];
  await Promise.all(windows.map(async (comments, window) => {
    for (let at = 1; at <= EACH; at++) await comments.submit({ text: `Cửa sổ ${window + 1}, lần ${at}.` });
  }));
  for (const comments of windows) await expect(comments.mine).toHaveCount(2 * EACH);
  await phone.kill();

  await phone.reopen('/comments');
  const second = await phone.context.newPage();
  await second.goto('/comments');
  await server.start();
  await phone.app.retryNow();
  for (const page of [phone.page, second]) {
    const { mine } = new Comments(page);
    await expect(mine.filter({ hasText: /Đã nhận, số \d+,/ })).toHaveCount(2 * EACH, { timeout: 45_000 });
    await expect(mine).toHaveCount(2 * EACH);
    for (let number = 1; number <= 2 * EACH; number++) {
      await expect(mine.filter({ hasText: `Đã nhận, số ${number},` })).toHaveCount(1);
    }
  }
});

test('a window that is closed in the middle of its sending leaves the rest to the other', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.go('Ý kiến');
  const other = await phone.context.newPage();
  await other.goto('/comments');
  await other.route('**/sync/push', () => {});
  await new Comments(other).submit({ text: 'Cửa sổ này đóng trước khi gửi xong.' });
  await other.close();
  await phone.app.retryNow();
  await expect(new Comments(phone.page).card('Cửa sổ này đóng')).toContainText('Đã nhận, số 1');
});
