// What a person writes is safe from the first words to the answer. Killed browsers and bad lines stand in chaos/.
import type { Page } from '@playwright/test';
import { Comments, Compose } from './pages/comments.ts';
import { ADDRESS, expect, test } from './support/fixtures.ts';

const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

test('a draft saves itself, and survives a reload and a dead battery', async ({ server, device }) => {
  const phone = await device('p100');
  await server.stop();
  await phone.goto('/comments/new');
  const compose = new Compose(phone.page);
  await compose.text.pressSequentially('Tăng cường chuyển đổi số');
  await expect(compose.saved).toBeVisible();

  await phone.page.reload();
  await expect(compose.text).toHaveValue('Tăng cường chuyển đổi số');
  await compose.text.press('End');
  await compose.text.pressSequentially(' ở cơ sở');
  await expect(compose.saved).toBeVisible();
  await phone.kill();

  await phone.reopen('/comments');
  const comments = new Comments(phone.page);
  await expect(comments.drafts).toContainText('Tăng cường chuyển đổi số');
  await comments.drafts.getByRole('link').click();
  await expect(new Compose(phone.page).text).toHaveValue(/^Tăng cường chuyển đổi số/);
});

test('a draft can be thrown away and brought back', async ({ device }) => {
  const phone = await device('p100');
  await phone.goto('/comments/new');
  const compose = new Compose(phone.page);
  await compose.text.fill('Ý này có thể bỏ.');
  await expect(compose.saved).toBeVisible();
  await phone.app.go('Ý kiến');
  const comments = new Comments(phone.page);
  await comments.drafts.getByRole('button', { name: 'Bỏ bản nháp' }).click();
  await expect(phone.page.getByText('Đã bỏ bản nháp.')).toBeVisible();
  await expect(comments.drafts).toHaveCount(0);
  await phone.page.getByRole('button', { name: 'Hoàn tác' }).click();
  await expect(comments.drafts).toContainText('Ý này có thể bỏ.');
});

test('what is missing in a comment is said beside its field, and nothing is lost', async ({ device }) => {
  const phone = await device('p100');
  await phone.goto('/comments/new');
  const compose = new Compose(phone.page);

  await compose.sendButton.click();
  await expect(phone.page.getByText('Hãy viết nội dung, đề nghị sửa, hoặc đăng ký phát biểu.')).toBeVisible();
  await expect(compose.text).toBeFocused();

  await compose.stance('Không tán thành').check();
  await compose.sendButton.click();
  await expect(phone.page.getByText('Tán thành một phần hoặc không tán thành thì cần viết nội dung hoặc đề nghị sửa.')).toBeVisible();

  await compose.text.fill('Chưa rõ nguồn lực.');
  await compose.floor.check();
  await compose.minutes.fill('0');
  await compose.sendButton.click();
  await expect(phone.page.getByText('Số phút từ 1 đến 30.')).toBeVisible();
  await expect(compose.minutes).toBeFocused();

  await compose.minutes.fill('5');
  await compose.send();
  await expect(new Comments(phone.page).card('Chưa rõ nguồn lực.')).toContainText('Không tán thành');
});

test('a comment can be taken back: at once on the phone, for everyone when there is a network', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.go('Ý kiến');
  const comments = new Comments(phone.page);
  await comments.submit({ text: 'Ý kiến sẽ rút.', floor: 5 });
  await expect(comments.card('Ý kiến sẽ rút.')).toContainText('Đã nhận, số 1');
  await server.stop();
  await comments.card('Ý kiến sẽ rút.').getByRole('link').click();
  await expect(phone.app.heading('Ý kiến số 1')).toBeVisible();
  await phone.page.getByRole('button', { name: 'Rút ý kiến' }).click();
  await phone.page.getByRole('dialog').getByRole('button', { name: 'Rút ý kiến' }).click();
  await expect(phone.app.main.getByText('Đã rút trên máy này, sẽ báo máy chủ khi có mạng')).toBeVisible();
  await server.start();
  await phone.app.retryNow();
  await expect(phone.app.main.getByText('Đã rút', { exact: true })).toBeVisible();
  await expect(phone.app.main.getByRole('button', { name: 'Rút ý kiến' })).toHaveCount(0);
});

test('a text that is not accepted stays with its author, with the reason, and can be copied', async ({ server, device }) => {
  const phone = await device('p100');
  await server.stop();
  await phone.app.go('Ý kiến');
  const text = 'Viết khi còn là đại biểu chính thức.';
  await new Comments(phone.page).submit({ text, proposal: 'Câu chữ mới.' });
  await server.importChanged({
    people: rows => rows.replace(/^(p100,.*),official,elected,/m, '$1,guest,,'),
  });
  await server.start();
  await phone.app.retryNow();

  const card = () => new Comments(phone.page).card(text);
  await expect(card()).toContainText('Không được nhận: chỉ đại biểu chính thức gửi ý kiến');
  await expect(phone.app.badge).toHaveText('Cần xử lý · 1');
  await phone.restart('/comments');
  await card().getByRole('button', { name: 'Sao chép' }).click();
  await expect(card().getByText('Đã sao chép')).toBeVisible();
  expect(await clipboard(phone.page)).toBe(`${text}\nĐề nghị sửa thành: Câu chữ mới.`);

  await test.step('it goes only when its author says so', async () => {
    await card().getByRole('button', { name: 'Bỏ', exact: true }).click();
    await phone.page.getByRole('dialog').getByRole('button', { name: 'Giữ lại' }).click();
    await expect(card()).toBeVisible();
    await card().getByRole('button', { name: 'Bỏ', exact: true }).click();
    await phone.page.getByRole('dialog').getByRole('button', { name: 'Bỏ', exact: true }).click();
    await expect(card()).toHaveCount(0);
    await phone.app.expectSynced();
  });
});

test('who may not comment is told so', async ({ device }) => {
  const phone = await device('d01');
  await phone.app.go('Ý kiến');
  await expect(phone.app.main.getByText('Chỉ đại biểu chính thức gửi ý kiến')).toBeVisible();
  await expect(new Comments(phone.page).writeLink).toHaveCount(0);
  await phone.goto('/comments/new');
  await expect(new Compose(phone.page).text).toHaveCount(0);
});

test('a hasty double tap hands a comment in once', async ({ device }) => {
  const phone = await device('p100');
  await phone.app.go('Ý kiến');
  const comments = new Comments(phone.page);
  const compose = await comments.compose();
  await compose.text.fill('Chỉ một lần.');
  await compose.sendButton.dblclick();
  await expect(comments.card('Chỉ một lần.')).toContainText('Đã nhận, số 1');
  await comments.submit({ text: 'Ý kiến tiếp theo.' });
  await expect(comments.card('Ý kiến tiếp theo.')).toContainText('Đã nhận, số 2');
  await expect(comments.mine).toHaveCount(2);
});

test('when the server dies after it has taken a comment, the comment is there once', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.go('Ý kiến');
  const comments = new Comments(phone.page);
  await phone.context.route('**/sync/push', async route => {
    if (server.running) {
      await phone.answerTo(route);
      await server.stop('SIGKILL');
    }
    await route.abort();
  });
  await comments.submit({ text: 'Câu trả lời đã mất.' });
  await expect(comments.card('Câu trả lời đã mất.')).toBeVisible();
  await expect(phone.app.badge).toHaveText(/^Ngoại tuyến/);
  await phone.context.unroute('**/sync/push');

  await server.start();
  await phone.app.retryNow();
  await expect(comments.card('Câu trả lời đã mất.')).toContainText('Đã nhận, số 1');
  await comments.submit({ text: 'Ý kiến sau đó.' });
  await expect(comments.card('Ý kiến sau đó.')).toContainText('Đã nhận, số 2');
  await expect(comments.mine).toHaveCount(2);
});

test('when the browser clears its storage under a person who writes, the words arrive all the same', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.goto('/comments/new');
  const compose = new Compose(phone.page);
  await compose.text.fill('Viết dở khi bộ nhớ bị xóa.');
  await expect(compose.saved).toBeVisible();
  const browser = await phone.context.newCDPSession(phone.page);
  await browser.send('Storage.clearDataForOrigin', { origin: ADDRESS, storageTypes: 'indexeddb' });
  await compose.text.press('End');
  await compose.text.pressSequentially(' Thêm một câu.');
  await compose.send();
  const words = 'Viết dở khi bộ nhớ bị xóa. Thêm một câu.';
  await expect(new Comments(phone.page).card(words)).toContainText('Đã nhận, số 1');
  await test.step('the phone knows whose it is, and has everything again', async () => {
    await phone.restart('/comments');
    await expect(new Comments(phone.page).card(words)).toContainText('Đã nhận, số 1');
    await phone.app.go('Văn kiện');
    await expect(phone.page.getByText('14/14 văn kiện đã lưu trên máy')).toBeVisible();
  });
});

test('two windows of the same phone show the same, and send once', async ({ server, device }) => {
  const phone = await device('p100');
  const other = await phone.context.newPage();
  await other.goto('/comments');
  await expect(other.getByRole('heading', { level: 1, name: 'Ý kiến' })).toBeVisible();
  await server.stop();
  await phone.app.go('Ý kiến');
  await new Comments(phone.page).submit({ text: 'Viết ở cửa sổ thứ nhất.' });
  await expect(new Comments(other).card('Viết ở cửa sổ thứ nhất.')).toBeVisible();
  await server.start();
  await phone.app.retryNow();
  for (const page of [phone.page, other]) {
    await expect(new Comments(page).card('Viết ở cửa sổ thứ nhất.')).toContainText('Đã nhận, số 1', { timeout: 20_000 });
    await expect(new Comments(page).mine).toHaveCount(1);
  }
});
