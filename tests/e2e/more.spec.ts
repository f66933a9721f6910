// "Thêm": how the app looks, what this device holds, whose devices there are, leaving.
import { Comments } from './pages/comments.ts';
import { Enrolment } from './pages/enrolment.ts';
import { More } from './pages/more.ts';
import { expect, test } from './support/fixtures.ts';

test('language, theme and text size take effect at once and stay after the browser was closed', async ({ device }) => {
  const phone = await device('p100');
  await phone.app.go('Thêm');
  let more = new More(phone.page);
  let html = phone.page.locator('html');

  await more.choice('Nền', 'Tối').check();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await expect(phone.page.locator('body')).toHaveCSS('color-scheme', /dark/);
  await more.choice('Cỡ chữ', 'Rất lớn').check();
  await expect(html).toHaveAttribute('data-text', '24');
  await expect(html).toHaveCSS('font-size', '24px');
  // The view is made anew in the other language, and the button that was tapped with it.
  await more.choice('Ngôn ngữ', 'English').click();
  await expect(html).toHaveAttribute('lang', 'en');
  await expect(phone.app.heading('More')).toBeVisible();
  await expect(phone.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Programme' })).toBeVisible();
  await expect(more.choice('Language', 'English')).toBeFocused();

  await phone.restart('/more');
  [more, html] = [new More(phone.page), phone.page.locator('html')];
  await expect(html).toHaveAttribute('lang', 'en');
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await expect(html).toHaveCSS('font-size', '24px');
  await expect(more.choice('Language', 'English')).toBeChecked();
  await expect(more.choice('Theme', 'Dark')).toBeChecked();
  await more.choice('Language', 'Tiếng Việt').click();
  await expect(phone.app.heading('Thêm')).toBeVisible();
});

test('what is on the phone is said in figures', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.go('Thêm');
  const more = new More(phone.page);
  await expect(more.fact('Văn kiện đã lưu trên máy')).toHaveText('14/14');
  await expect(more.fact('Tệp kèm theo đã lưu')).toHaveText('1/1');
  await expect(more.fact('Dung lượng đang dùng')).toHaveText(/^[\d.,]+ [kM]B$/);
  await expect(more.fact('Trình duyệt giữ dữ liệu')).toHaveText(/^(có|không )/);
  await expect(more.fact('Liên lạc với máy chủ lần cuối')).toHaveText(/^\d\d:\d\d$/);
  await expect(more.fact('Chờ gửi')).toHaveText('không có');
  await server.stop();
  await phone.app.go('Ý kiến');
  await new Comments(phone.page).submit({ text: 'Đang chờ mạng.' });
  await phone.app.go('Thêm');
  await expect(more.fact('Chờ gửi')).toHaveText('1 mục');
});

test('my devices are listed, and one that is lost can be sent away', async ({ device }) => {
  const [phone, lost] = await Promise.all([device('p100'), device('p100')]);
  await phone.app.go('Thêm');
  const more = new More(phone.page);
  await expect(more.devices).toHaveCount(2);
  await expect(more.devices.filter({ hasText: 'Máy này' })).toHaveCount(1);
  await lost.app.go('Văn kiện');

  await more.devices.getByRole('button', { name: /^Thu hồi/ }).click();
  const question = phone.page.getByRole('dialog', { name: 'Thu hồi máy?' });
  await question.getByRole('button', { name: 'Giữ lại' }).click();
  await expect(more.devices).toHaveCount(2);
  await more.devices.getByRole('button', { name: /^Thu hồi/ }).click();
  await question.getByRole('button', { name: 'Thu hồi' }).click();
  await expect(more.devices).toHaveCount(1);
  await expect(lost.app.badge).toHaveText('Thiết bị đã bị thu hồi');
  await expect(lost.page.getByText('Dự thảo Báo cáo chính trị')).toHaveCount(0);
});

test('leaving is refused while something waits, asks otherwise, and forgets the congress but no words', async ({ server, device }) => {
  const phone = await device('p100');
  const comments = new Comments(phone.page);
  const more = new More(phone.page);
  await server.stop();
  await phone.app.go('Ý kiến');
  await comments.submit({ text: 'Còn chờ gửi.' });
  await phone.app.go('Thêm');
  await more.leave.click();
  await expect(phone.page.getByRole('alert')).toHaveText('Chưa đăng xuất được: còn 1 mục chờ gửi. Hãy đợi có mạng để gửi hết, rồi đăng xuất.');
  await expect(phone.page.getByRole('dialog', { name: 'Đăng xuất khỏi máy này?' })).toBeHidden();

  await test.step('sent; now it asks, and leaves', async () => {
    await server.start();
    await phone.app.retryNow();
    await expect(more.fact('Chờ gửi')).toHaveText('không có');
    await more.leave.click();
    await phone.page.getByRole('dialog', { name: 'Đăng xuất khỏi máy này?' }).getByRole('button', { name: 'Đăng xuất' }).click();
    await expect(phone.app.heading('Máy này chưa ghi danh')).toBeVisible();
    await phone.goto('/documents');
    await expect(phone.app.heading('Máy này chưa ghi danh')).toBeVisible();
  });
  await test.step('an invitation brings everything back', async () => {
    await phone.enrol('p100');
    await phone.app.go('Ý kiến');
    await expect(comments.card('Còn chờ gửi.')).toContainText('Đã nhận, số 1');
  });
});

test('the sheet behind the badge says what waits, since when, and lets it be copied', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.openSheet();
  await expect(phone.app.sheet).toContainText('Mọi nội dung đồng chí viết đã được máy chủ nhận.');
  await phone.page.keyboard.press('Escape');
  await expect(phone.app.sheet).toBeHidden();
  await server.stop();
  await phone.app.go('Ý kiến');
  await new Comments(phone.page).submit({ text: 'Nằm lại trong máy.' });
  await phone.app.openSheet();
  await expect(phone.app.sheet).toContainText(/1 mục chờ gửi, từ \d\d:\d\d:/);
  await expect(phone.app.sheet).toContainText('Nằm lại trong máy.');
  await expect(phone.app.sheet).toContainText('Chưa gửi được vì mất liên lạc với máy chủ.');
  await phone.app.sheet.getByRole('button', { name: 'Sao chép tất cả' }).click();
  await expect(phone.app.sheet.getByText('Đã sao chép')).toBeVisible();
  expect(await phone.page.evaluate(() => navigator.clipboard.readText())).toBe('Nằm lại trong máy.');
});

test('the steps to the home screen are those of this phone', async ({ server, device }) => {
  const android = await device('p100', {
    context: { userAgent: 'Mozilla/5.0 (Linux; Android 13; SM-A136B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36' },
  });
  await android.app.go('Thêm');
  await expect(android.app.main.getByText('Chạm nút ⋮ ở góc trên bên phải của trình duyệt.')).toBeVisible();
  const iphone = await device(undefined, {
    context: { userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1' },
  });
  const enrolment = new Enrolment(iphone.page);
  await enrolment.open(await server.enrol('p100'));
  await enrolment.confirm();
  await enrolment.waitUntilReady();
  await expect(iphone.app.main.getByText(/Chạm nút Chia sẻ/)).toBeVisible();
});
