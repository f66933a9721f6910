// The document set: read, searched, quoted and commented on, from the device.
import { Comments, Compose } from './pages/comments.ts';
import { Documents, Reader } from './pages/documents.ts';
import { expect, test } from './support/fixtures.ts';
import { everythingOn } from './support/storage.ts';

const REPORT = 'Dự thảo Báo cáo chính trị';
const MOTTO = 'Đoàn kết - Gương mẫu - Đổi mới - Phục vụ - Hiệu quả';

test('the whole set is listed with kind, version and release, and is on the device', async ({ device }) => {
  const phone = await device('p100');
  await phone.app.go('Văn kiện');
  const documents = new Documents(phone.page);
  await expect(phone.page.getByText('14/14 văn kiện đã lưu trên máy')).toBeVisible();
  const report = documents.row(REPORT).first();
  await expect(report).toContainText('Báo cáo chính trị');
  await expect(report).toContainText('Bản lần 3');
  await expect(report).toContainText(/\d+ trang/);
  await expect(report).toContainText(/phát hành \d\d\/\d\d\/\d{4}/);
  await expect(report).toContainText('Đã lưu trên máy');
});

test('the outline leads to a heading, and the search in a document finds words without accents', { tag: '@tablet' }, async ({ device }) => {
  const phone = await device('p100');
  await phone.app.go('Văn kiện');
  const reader = await new Documents(phone.page).open(REPORT);

  await test.step('outline', async () => {
    const tool = phone.app.main.locator('summary', { hasText: 'Mục lục' });
    if (!(await reader.outline.isVisible())) await tool.click();
    await reader.outline.getByRole('link', { name: /^Phần thứ hai/ }).click();
    const heading = reader.text.getByRole('heading', { name: /^Phần thứ hai/ });
    await expect(heading).toBeInViewport();
    await expect(heading).toBeFocused();
  });
  await test.step('search, the next hit, and the words as they were written', async () => {
    await reader.search.fill('ky luat');
    const count = phone.page.getByText(/^\d+\/\d+ đoạn$/);
    await expect(count).toHaveText(/^1\/[1-9]\d*/);
    await expect(reader.text.locator('mark#hit')).toHaveText(/^kỷ( luật)?$/i);
    await reader.search.fill('chuyen doi so');
    await expect(reader.text.locator('mark#hit')).not.toHaveText(/^kỷ/i);
    await expect(count).toHaveText(/^1\/\d\d/);
    await expect(reader.text.locator('mark#hit')).toBeInViewport();
    await phone.page.getByRole('button', { name: 'Đoạn sau' }).click();
    await expect(count).toHaveText(/^2\/\d\d/);
    await expect(reader.text.locator('mark#hit')).toBeInViewport();
    await reader.search.fill('xyzzy');
    await expect(phone.page.getByText('Không thấy', { exact: true })).toBeVisible();
  });
});

test('a paragraph that was tapped can be commented on with its words quoted, and copied with its place', async ({ device }) => {
  const phone = await device('p100');
  await phone.app.go('Văn kiện');
  const reader = await new Documents(phone.page).open(REPORT);
  await reader.select(MOTTO);
  await reader.actions.getByRole('button', { name: 'Sao chép' }).click();
  await expect(reader.actions.getByText('Đã sao chép')).toBeVisible();
  expect(await phone.page.evaluate(() => navigator.clipboard.readText())).toMatch(/Hiệu quả\.\n\(Báo cáo chính trị/);

  await reader.actions.getByRole('link', { name: 'Góp ý đoạn này' }).click();
  const compose = new Compose(phone.page);
  await expect(compose.quote).toContainText(MOTTO);
  await compose.write({ text: 'Phương châm nên ngắn hơn.', proposal: 'Đoàn kết - Đổi mới - Hiệu quả.' });
  await compose.send();
  await expect(new Comments(phone.page).card('Phương châm nên ngắn hơn.')).toContainText(MOTTO);

  await test.step('the paragraph shows that there is a comment of mine', async () => {
    await phone.goto('/documents/bao-cao-chinh-tri');
    await reader.paragraph(MOTTO).getByRole('link', { name: 'Ý kiến của tôi' }).click();
    await expect(phone.app.heading('Ý kiến số 1')).toBeVisible();
    await expect(phone.app.main.getByText('Đoàn kết - Đổi mới - Hiệu quả.')).toBeVisible();
  });
});

test('a document reaches a phone when its time has come, and not before', async ({ server, device }) => {
  const title = 'Tham luận: Phát triển đảng viên';
  const later = (text: string, file: string) =>
    file.startsWith('13-') ? text.replace('secrecy = "none"', 'released_at = "31/12/2099 08:00"\nsecrecy = "none"') : text;
  await server.importChanged({ documents: later });
  const phone = await device('p100');
  await phone.app.go('Văn kiện');
  await expect(phone.page.getByText('13/13 văn kiện đã lưu trên máy')).toBeVisible();
  await expect(new Documents(phone.page).row(title)).toHaveCount(0);
  await phone.goto('/documents/tham-luan-phat-trien-dang-vien');
  await expect(phone.app.heading('Không có văn kiện này')).toBeVisible();
  expect((await everythingOn(phone.page)).includes('Phát triển đảng viên trong sinh viên')).toBe(false);

  await test.step('released: it comes by itself', async () => {
    await phone.goto('/documents');
    await server.importChanged({ documents: (text, file) => later(text, file).replace('31/12/2099', '01/01/2020') });
    await expect(new Documents(phone.page).row(title)).toContainText('Đã lưu trên máy');
  });
});

test('a new version never moves the text under a reader’s eyes', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.go('Văn kiện');
  const reader = await new Documents(phone.page).open('Nội quy Đại hội');
  await expect(phone.app.main.getByText(/^Bản lần \d+$/)).toBeVisible();
  const first = await reader.paragraphs.first().innerText();
  await server.importChanged({
    documents: (text, file) =>
      file.startsWith('07-') ? `${text.replace(/^version = \d+/m, 'version = 9')}\nMột điều mới của nội quy.\n` : text,
  });
  await expect(phone.page.getByText('Đã có bản lần 9.')).toBeVisible();
  await expect(reader.paragraph('Một điều mới của nội quy.')).toHaveCount(0);
  await expect(reader.paragraphs.first()).toHaveText(first);
  await phone.page.getByRole('button', { name: 'Xem bản mới' }).click();
  await expect(reader.paragraph('Một điều mới của nội quy.')).toBeAttached();
});

test('a file that came with a document opens without a network', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.go('Văn kiện');
  await server.stop();
  const opened = phone.context.waitForEvent('page');
  await phone.app.main.getByRole('button', { name: 'Mở so-do-cho-ngoi.png' }).first().click();
  await expect((await opened).locator('img')).toBeVisible();
});
