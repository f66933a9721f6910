// A new version of a document: what is read stays where it is, what changed is shown, and every comment finds its
// paragraph, or says that it is gone.
import { AxeBuilder } from '@axe-core/playwright';
import { Comments, Compose } from './pages/comments.ts';
import { Console } from './pages/console.ts';
import { Documents, Reader } from './pages/documents.ts';
import { type Device, expect, test } from './support/fixtures.ts';
import { EDITED, MOVED, NEW, REMOVED, TITLE, bringSecond } from './support/second-version.ts';

async function open(phone: Device): Promise<Reader> {
  await phone.app.go('Văn kiện');
  return new Documents(phone.page).open(TITLE);
}

async function comment(reader: Reader, words: string, text: string): Promise<void> {
  await reader.select(words);
  await reader.actions.getByRole('link', { name: 'Góp ý đoạn này' }).click();
  const compose = new Compose(reader.page);
  await compose.write({ text });
  await compose.send();
}

test('a comment stays at its edited paragraph, and one whose paragraph is gone says so with its words', async ({ server, device }) => {
  const phone = await device('p100');
  await comment(await open(phone), EDITED, 'Nên có mặt sớm hơn.');
  await comment(await open(phone), REMOVED, 'Thẻ nên có ảnh.');
  await bringSecond(server);
  const comments = new Comments(phone.page);
  const gone = 'Đoạn này không còn trong bản hiện hành (bản lần 2)';
  await phone.app.go('Ý kiến');

  await test.step('among one’s own comments', async () => {
    await expect(comments.card('Thẻ nên có ảnh.')).toContainText(gone);
    await expect(comments.card('Thẻ nên có ảnh.')).toContainText(REMOVED);
    await expect(comments.card('Nên có mặt sớm hơn.')).not.toContainText(gone);
    await comments.card('Thẻ nên có ảnh.').getByRole('link').first().click();
    await expect(phone.app.main.getByText(gone)).toBeVisible();
    await expect(phone.app.main.getByRole('blockquote')).toContainText(REMOVED);
  });
  await test.step('in the text', async () => {
    const reader = await open(phone);
    await expect(reader.paragraph('ít nhất 20 phút').getByRole('link', { name: 'Ý kiến của tôi' })).toBeVisible();
    await expect(reader.text.getByRole('link', { name: 'Ý kiến của tôi' })).toHaveCount(1);
  });
  await test.step('at the desk', async () => {
    const tablet = await device('p001', { size: 'tablet' });
    const console = new Console(tablet.page);
    await console.open();
    await expect(console.card('Thẻ nên có ảnh.')).toContainText(gone);
    await expect(console.card('Thẻ nên có ảnh.').getByRole('blockquote')).toBeVisible();
    await expect(console.card('Nên có mặt sớm hơn.')).not.toContainText(gone);
  });
});

test('what changed is shown word by word, without a network too', { tag: '@tablet' }, async ({ server, device }) => {
  const phone = await device('p100');
  let reader = await open(phone);
  await expect(reader.compare).toHaveCount(0);
  await bringSecond(server);
  await phone.page.getByRole('button', { name: 'Xem bản mới' }).click();
  await expect(reader.compare).toBeVisible();
  await phone.app.go('Văn kiện');
  await expect(phone.page.getByText('14/14 văn kiện đã lưu trên máy')).toBeVisible();
  await server.stop();

  await phone.goto('/documents/noi-quy');
  reader = new Reader(phone.page);
  await expect(reader.paragraph(EDITED)).toContainText('20 phút');
  await expect(reader.text.locator('ins, del')).toHaveCount(0);
  await reader.compare.check();

  await test.step('words, paragraphs, and where they stood', async () => {
    const edited = reader.paragraph(EDITED);
    await expect(edited.locator('del')).toHaveText('[bỏ:] 15');
    await expect(edited.locator('ins')).toHaveText('[thêm:] 20');
    await expect(reader.paragraph(NEW)).toContainText('Đoạn mới');
    await expect(reader.paragraph(MOVED)).toContainText('Chuyển từ Phần thứ nhất, Điều 3');
    const removed = reader.text.locator('[id^="gone-"]', { hasText: REMOVED });
    await expect(removed).toContainText('Đã bỏ');
    await expect(removed.locator('del')).toContainText(REMOVED);
    await expect(reader.text.getByRole('heading', { name: /Giữ gìn tài liệu/ }).locator('ins')).toHaveText('[thêm:] 5');
  });
  await test.step('from one change to the next', async () => {
    const count = phone.page.getByText(/^\d+\/7 thay đổi$/);
    await expect(count).toHaveText('0/7 thay đổi');
    await phone.page.getByRole('button', { name: 'Thay đổi sau' }).click();
    await expect(count).toHaveText('1/7 thay đổi');
    await expect(reader.paragraph(EDITED)).toBeInViewport();
    await phone.page.getByRole('button', { name: 'Thay đổi trước' }).click();
    await expect(count).toHaveText('7/7 thay đổi');
    await expect(reader.text.getByRole('heading', { name: /Giữ gìn tài liệu/ })).toBeInViewport();
  });
  await test.step('everyone can use it', async () => {
    const { violations } = await new AxeBuilder({ page: phone.page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target).join(' ')}`)).toEqual([]);
  });
  await test.step('and back to the text alone', async () => {
    await reader.compare.uncheck();
    await expect(reader.text.locator('ins, del')).toHaveCount(0);
    await expect(reader.paragraph(NEW)).not.toContainText('Đoạn mới');
  });
});

test('the outline says which sections are new since this device read them last', async ({ server, device }) => {
  const phone = await device('p100');
  await open(phone);
  await bringSecond(server);
  await phone.page.getByRole('button', { name: 'Xem bản mới' }).click();
  const outline = async () => {
    const reader = new Reader(phone.page);
    if (!(await reader.outline.isVisible())) await phone.app.main.locator('summary', { hasText: 'Mục lục' }).click();
    return reader.outline;
  };
  const fresh = { name: /Mới từ lần đọc trước$/ };
  const links = (await outline()).getByRole('link', fresh);
  await expect(links).toHaveText([/^Điều 1\./, /^Điều 3\. Hành lý/]);

  await test.step('a section that was read is new no more, the other still is', async () => {
    await links.first().click();
    await phone.restart('/documents/noi-quy');
    await expect((await outline()).getByRole('link', fresh)).toHaveText([/^Điều 3\. Hành lý/]);
  });
  await test.step('on a device that never read it nothing is', async () => {
    const other = await device('p100');
    await open(other);
    await expect(other.page.getByText('Mới từ lần đọc trước')).toHaveCount(0);
  });
});
