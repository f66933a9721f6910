// A reader's own marks and comments, and a new version of the text they are in: each keeps the words that were read.
import { Comments, Compose } from './pages/comments.ts';
import { Documents, Reader } from './pages/documents.ts';
import { Note, Notes } from './pages/notes.ts';
import { type Device, expect, test } from './support/fixtures.ts';
import { EDITED, REMOVED, TITLE, bringSecond } from './support/second-version.ts';

const HOUSE = '/documents/noi-quy';

async function open(phone: Device): Promise<Reader> {
  await phone.app.go('Văn kiện');
  return new Documents(phone.page).open(TITLE);
}

const newer = (phone: Device) => phone.page.getByRole('button', { name: 'Xem bản mới' });

test('what is written while the version before is being read is about its paragraph, in its words', async ({ server, device }) => {
  const phone = await device('p100');
  const reader = await open(phone);
  await bringSecond(server);
  await expect(newer(phone)).toBeVisible();

  await test.step('a comment on a paragraph that the new version does not have', async () => {
    await reader.select(REMOVED);
    await reader.actions.getByRole('link', { name: 'Góp ý đoạn này' }).click();
    const compose = new Compose(phone.page);
    await expect(compose.quote).toContainText(REMOVED);
    await compose.write({ text: 'Thẻ nên có ảnh.' });
    await compose.send();
    const card = new Comments(phone.page).card('Thẻ nên có ảnh.');
    await expect(card).toContainText(REMOVED);
    await expect(card).toContainText('Đoạn này không còn trong bản hiện hành (bản lần 2)');
  });
});

test('a note on a paragraph whose words are changed meanwhile quotes the words that were read', async ({ server, device }) => {
  const phone = await device('p100');
  const reader = await open(phone);
  await bringSecond(server);
  await expect(newer(phone)).toBeVisible();
  await reader.select(EDITED);
  await reader.actions.getByRole('link', { name: 'Ghi chú', exact: true }).click();
  const writing = new Note(phone.page);
  await expect(writing.quote).toContainText('ít nhất 15 phút');
  await writing.save('Hỏi giờ xe đón.');
  await phone.goto('/notes');
  await expect(new Notes(phone.page).card('Hỏi giờ xe đón.')).toContainText('ít nhất 15 phút');
});

test('a paragraph that is gone is shown among the changes with the marks on it, and loses them when they are taken away', async ({ server, device }) => {
  const phone = await device('p100');
  const reader = await open(phone);
  await reader.select(REMOVED);
  for (const mark of ['Tô nổi bật', 'Đánh dấu']) await reader.actions.getByRole('button', { name: mark }).click();
  await reader.actions.getByRole('link', { name: 'Ghi chú', exact: true }).click();
  await new Note(phone.page).save('Thẻ dự phòng ở bàn nào?');
  const other = await device('p100', { size: 'tablet' });
  await bringSecond(server);
  await phone.page.getByRole('button', { name: 'Bỏ chọn' }).click();
  await newer(phone).click();
  await reader.compare.check();
  const gone = reader.text.locator('[id^="gone-"]', { hasText: REMOVED });
  await expect(gone).toContainText('Thẻ dự phòng ở bàn nào?');
  await expect(gone).toContainText('Đoạn đã đánh dấu:');
  await expect(gone).toContainText('Đoạn tô nổi bật:');
  await expect(gone).toHaveClass(/reader__paragraph--highlighted/);

  await other.goto('/notes');
  for (const card of ['Tô nổi bật', 'Đánh dấu']) {
    await new Notes(other.page).card(card).getByRole('button', { name: 'Xóa' }).click();
  }
  await expect(gone).not.toContainText('Đoạn đã đánh dấu:');
  await expect(gone).not.toHaveClass(/reader__paragraph--highlighted/);
  await expect(gone).toContainText('Thẻ dự phòng ở bàn nào?');
});

test('the new version comes in place of the one that was read', async ({ server, device }) => {
  const phone = await device('p100');
  const reader = await open(phone);
  const removed = reader.paragraph(REMOVED);
  await expect(removed).toBeVisible();
  await bringSecond(server);
  await newer(phone).click();
  await expect(reader.paragraph(EDITED)).toContainText('20 phút');
  await expect(removed).toHaveCount(0);
  const ids = await reader.text.locator('[id^="b-"]').evaluateAll(blocks => blocks.map(block => block.id));
  expect(new Set(ids).size).toBe(ids.length);
});

test('a section that was jumped over is still new the next time', async ({ server, device }) => {
  const phone = await device('p100');
  await open(phone);
  await bringSecond(server);
  await newer(phone).click();
  let reader = new Reader(phone.page);
  const outline = async () => {
    if (!(await reader.outline.isVisible())) await phone.app.main.locator('summary', { hasText: 'Mục lục' }).click();
    return reader.outline;
  };
  const fresh = { name: /Mới từ lần đọc trước$/ };
  await expect((await outline()).getByRole('link', fresh)).toHaveText([/^Điều 1\./, /^Điều 3\. Hành lý/]);
  await reader.outline.getByRole('link', { name: /Giữ gìn tài liệu/ }).click();
  await expect(reader.text.getByRole('heading', { name: /Giữ gìn tài liệu/ })).toBeInViewport();
  await phone.restart(HOUSE);
  reader = new Reader(phone.page);
  await expect((await outline()).getByRole('link', fresh)).toHaveText([/^Điều 1\./, /^Điều 3\. Hành lý/]);
});
