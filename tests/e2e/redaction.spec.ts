// A comment that tells what is private of somebody: the presidium hides its words, everywhere, and its author reads who,
// when and why.
import { Comments } from './pages/comments.ts';
import { Console } from './pages/console.ts';
import { expect, test } from './support/fixtures.ts';

const PRIVATE = 'Bà hàng xóm của tôi đang điều trị bệnh hiểm nghèo.';
const REASON = 'Nêu tình trạng sức khỏe của người khác';
const AUTHOR = 'Vũ Thị Huệ';

test('hidden words leave every device, and their author reads which office hid them, when and why', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.go('Ý kiến');
  const comments = new Comments(phone.page);
  await comments.submit({ text: PRIVATE, floor: 5 });
  await expect(comments.card(PRIVATE)).toContainText('Đã nhận, số 1');

  const [tablet, other] = await Promise.all([device('p001', { size: 'tablet' }), device('p002', { size: 'tablet' })]);
  const [console, second] = [new Console(tablet.page), new Console(other.page)];
  await console.open();
  await second.open();
  await expect(console.card(PRIVATE)).toHaveCount(1);
  await expect(second.card(PRIVATE)).toHaveCount(1);

  const hide = tablet.page.getByRole('button', { name: `Ẩn nội dung vì riêng tư: ${AUTHOR}`, exact: true });
  const dialog = tablet.page.getByRole('dialog', { name: 'Ẩn nội dung vì riêng tư' });
  await test.step('not without a reason, and not by mistake', async () => {
    await hide.click();
    await expect(dialog).toContainText(`của đồng chí ${AUTHOR}?`);
    await expect(dialog.getByRole('button', { name: 'Ẩn nội dung' })).toHaveAttribute('aria-disabled', 'true');
    await dialog.getByRole('button', { name: 'Không ẩn' }).click();
    await expect(console.card(PRIVATE)).toHaveCount(1);
  });

  await test.step('not without a connection, with the reason', async () => {
    await tablet.app.expectSynced();
    await server.stop();
    await hide.click();
    await dialog.getByRole('textbox', { name: 'Lý do' }).fill(REASON);
    const yes = dialog.getByRole('button', { name: 'Ẩn nội dung' });
    await expect(yes).toHaveAccessibleDescription('Cần có mạng: việc này chờ máy chủ trả lời.');
    await expect(yes).toHaveAttribute('aria-disabled', 'true');
    await dialog.getByRole('button', { name: 'Không ẩn' }).click();
    await server.start();
    await tablet.app.retryNow();
  });

  await hide.click();
  await dialog.getByRole('textbox', { name: 'Lý do' }).fill(REASON);
  await dialog.getByRole('button', { name: 'Ẩn nội dung' }).click();
  for (const [page, desk] of [[tablet, console], [other, second]] as const) {
    const card = desk.cards.filter({ hasText: AUTHOR });
    await expect(card).toContainText('Đoàn Chủ tịch đã ẩn nội dung vì riêng tư');
    await expect(card).toContainText(REASON);
    await expect(card).toContainText('Xin phát biểu 5 phút');
    await expect(page.page.getByText(PRIVATE)).toHaveCount(0);
  }
  await expect(hide).toHaveCount(0);

  await test.step('the author', async () => {
    await expect(comments.mine).toContainText('Nội dung đã được ẩn vì riêng tư');
    await comments.mine.getByRole('link').click();
    await expect(phone.app.main).toContainText(/Đoàn Chủ tịch đã ẩn nội dung ý kiến này vì riêng tư, /);
    await expect(phone.app.main).toContainText(`Lý do: ${REASON}`);
    await expect(phone.app.main).not.toContainText(PRIVATE);
  });

  await test.step('nothing comes back when the devices are started again', async () => {
    await tablet.restart('/console');
    await expect(new Console(tablet.page).cards.filter({ hasText: AUTHOR })).toContainText(REASON);
    await expect(tablet.page.getByText(PRIVATE)).toHaveCount(0);
    await phone.restart('/comments');
    await expect(new Comments(phone.page).mine).toContainText('Nội dung đã được ẩn vì riêng tư');
    await expect(phone.page.getByText(PRIVATE)).toHaveCount(0);
  });
});
