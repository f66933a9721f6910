// Without a network: the server is a stopped process, not a switch in the browser, so that the service worker is on its
// own too. What a bad network does stands in chaos/wire.spec.ts.
import { Compose } from './pages/comments.ts';
import { Documents, Reader } from './pages/documents.ts';
import { Console } from './pages/console.ts';
import { Scan } from './pages/scan.ts';
import { type Device, expect, test } from './support/fixtures.ts';

const REPORT = '/documents/bao-cao-chinh-tri';
const WORDS = 'Đoàn kết - Gương mẫu - Đổi mới - Phục vụ - Hiệu quả';

/** Every screen of a delegate, each by its address. */
async function expectEverything(phone: Device): Promise<void> {
  const { page, app } = phone;
  const goto = (address: string) => phone.goto(address);
  await goto('/agenda?day=2026-11-26');
  await expect(page.getByRole('tabpanel').getByRole('listitem').first()).toBeVisible();
  await goto('/agenda/chao-co-tru-bi');
  await expect(app.heading('Chào cờ')).toBeVisible();
  await goto('/documents');
  await expect(page.getByText('14/14 văn kiện đã lưu trên máy')).toBeVisible();
  await goto(REPORT);
  await expect(page.getByText(WORDS)).toBeVisible();
  await goto('/documents?q=phuong+cham+dai+hoi');
  await expect(page.getByRole('link', { name: 'Phương châm Đại hội' }).first()).toBeVisible();
  await goto('/comments');
  await expect(app.heading('Ý kiến')).toBeVisible();
  await goto('/comments/new?document=bao-cao-chinh-tri');
  await expect(new Compose(page).text).toBeVisible();
  await goto('/check-in');
  await expect(page.getByRole('img', { name: 'Mã QR của thẻ đại biểu' })).toBeVisible();
  await expect(app.main.getByText('Vũ Thị Huệ', { exact: true })).toBeVisible();
  await goto('/more');
  await expect(app.heading('Thêm')).toBeVisible();
}

test('everything opens without a network: after a reload, by its address, after the browser was closed', { tag: '@tablet' }, async ({ server, device }) => {
  const phone = await device('p100');
  await server.stop();

  await test.step('a reload where one stands', async () => {
    await phone.page.reload();
    await phone.app.waitUntilReady();
  });
  await test.step('the tabs', async () => {
    for (const tab of ['Văn kiện', 'Ý kiến', 'Điểm danh', 'Thêm', 'Chương trình'] as const) await phone.app.go(tab);
    await phone.app.expectOffline();
  });
  await test.step('every screen by its address', () => expectEverything(phone));
  await test.step('the same after the browser was closed and opened again', async () => {
    await phone.restart(REPORT);
    await expect(phone.page.getByText(WORDS)).toBeVisible();
    await expectEverything(phone);
    await phone.app.expectOffline();
  });
});

test('a document that is being read stays where it was, also without a network', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.go('Văn kiện');
  const reader = await new Documents(phone.page).open('Dự thảo Báo cáo chính trị');
  await server.stop();
  await reader.search.fill('phuong cham dai hoi');
  await expect(phone.page.getByText(/^1\/\d+ đoạn$/)).toBeVisible();
  await expect(reader.text.locator('mark').first()).toBeInViewport();
  await phone.page.goBack();
  await expect(phone.app.heading('Văn kiện')).toBeVisible();
  await phone.page.goForward();
  await expect(new Reader(phone.page).paragraphs.first()).toBeAttached();
});

test('the console of the presidium opens without a network as soon as the tablet says that it is ready', async ({ server, device }) => {
  const tablet = await device('p001', { size: 'tablet' });
  await server.stop();
  const console = new Console(tablet.page);
  await console.open();
  await expect(console.incoming).toBeVisible();
  await tablet.restart('/console');
  await expect(new Console(tablet.page).incoming).toBeVisible();
});

test('the list of a desk opens without a network as soon as the phone says that it is ready', async ({ server, device }) => {
  const phone = await device('s01');
  await server.stop();
  await new Scan(phone.page).open();
  await phone.restart('/scan');
  await expect(new Scan(phone.page).rows.first()).toBeVisible();
});

test('when the network comes back the phone notices by itself', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.go('Chương trình');
  await phone.app.expectSynced();
  await server.stop();
  await phone.app.expectOffline();
  await server.start();
  await expect(phone.app.badge).toHaveText(/^Đã đồng bộ/, { timeout: 30_000 });
});
