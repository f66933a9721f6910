// "Vận hành": the organiser sees which devices hold something unsent, which are silent, and who has none. Nobody else
// sees it.
import { Comments } from './pages/comments.ts';
import { More } from './pages/more.ts';
import { Operations } from './pages/operations.ts';
import { type Device, expect, test } from './support/fixtures.ts';

/** p100 of the demo congress. */
const DELEGATE = 'Vũ Thị Huệ';
const ORGANISER = 'Tạ Ngọc Lân';

/** An answer of the server as it will be in another moment of the congress. */
async function changeAnswer(device: Device, change: (answer: any) => void): Promise<void> {
  await device.context.route('**/operations/devices', async route => {
    const response = await device.answerTo(route);
    const answer = await response.json();
    change(answer);
    await route.fulfill({ response, json: answer });
  });
}

/** The server takes no text of this device for now; everything else goes on. */
async function holdTexts(phone: Device): Promise<void> {
  await phone.context.route('**/sync/push', route =>
    route.fulfill({ status: 503, json: { error: 'busy', message: 'Máy chủ đang bận.' } }),
  );
}

test('the organiser sees a phone with an unsent text and its age, and sees when it was sent', { tag: '@tablet' }, async ({ device }) => {
  test.slow();
  const [phone, organiser] = [await device('p100', { clock: true }), await device('s07', { clock: true })];
  const screen = new Operations(organiser.page);
  await screen.open();
  const row = screen.device(DELEGATE);
  await expect(row).toContainText(/liên lạc lần cuối \d\d:\d\d/);
  await expect(screen.device(ORGANISER)).toHaveCount(1);
  await expect(organiser.app.main.getByText(/^2 máy · 0 máy còn nội dung chưa gửi · /)).toBeVisible();

  await holdTexts(phone);
  await phone.app.go('Ý kiến');
  await new Comments(phone.page).submit({ text: 'Chưa tới được máy chủ.' });
  await screen.expectSoon([phone], () =>
    expect(row).toContainText(/1 mục chưa gửi, cũ nhất (dưới 1|1|2) phút/, { timeout: 2_000 }),
  );
  await expect(screen.devices.first(), 'what needs attention comes first').toContainText(DELEGATE);
  await expect(organiser.app.main.getByText(/^2 máy · 1 máy còn nội dung chưa gửi · /)).toBeVisible();
  await expect(organiser.app.main, 'no word of it is shown').not.toContainText('Chưa tới được máy chủ.');
  await screen.expectSoon([phone, organiser], () => expect(screen.fact(/\(mới nhất\)/)).toHaveText('2 máy', { timeout: 2_000 }));

  await phone.context.unroute('**/sync/push');
  await phone.app.retryNow();
  await expect(new Comments(phone.page).card('Chưa tới được máy chủ.')).toContainText('Đã nhận, số 1');
  await screen.expectSoon([phone], () => expect(row).not.toContainText('chưa gửi', { timeout: 2_000 }));
});

test('while the congress goes on, a silent phone, a full one and an older build are told apart', { tag: '@tablet' }, async ({ device }) => {
  const organiser = await device('s07');
  // The hall of the second day, as only a long test could make it.
  await changeAnswer(organiser, answer => {
    const at = Date.parse('2026-11-26T09:00:00+07:00');
    const report = { at, waiting: 0, oldest_at: null, build: 'app-0123456789abcdef', storage: 'kept' };
    const phone = (name: string, minutes: number, changed: object = {}) => ({
      name, delegation: 'Đoàn số 1', label: 'Android · Chrome', last_seen_at: at - minutes * 60_000, report: { ...report, ...changed },
    });
    Object.assign(answer, {
      at,
      build: 'app-0123456789abcdef',
      devices: [
        phone('Khỏe', 1),
        phone('Cũ', 1, { build: 'app-fedcba9876543210' }),
        phone('Dễ mất', 1, { storage: 'may-be-cleared' }),
        phone('Đầy', 1, { storage: 'nearly-full' }),
        phone('Mới vắng', 16),
        phone('Vắng lâu', 130),
        phone('Còn ít', 40, { waiting: 1, oldest_at: at - 5 * 60_000 }),
        phone('Còn lâu', 1, { waiting: 3, oldest_at: at - 90 * 60_000 }),
      ],
    });
  });
  const screen = new Operations(organiser.page);
  await screen.open();
  await expect(screen.devices.locator('.list__title')).toHaveText(
    ['Còn lâu', 'Còn ít', 'Vắng lâu', 'Mới vắng', 'Đầy', 'Dễ mất', 'Cũ', 'Khỏe'],
  );
  await expect(screen.device('Còn lâu')).toContainText('3 mục chưa gửi, cũ nhất 1 giờ 30 phút');
  await expect(screen.device('Còn ít')).toContainText('chưa liên lạc 40 phút');
  await expect(screen.device('Vắng lâu')).toContainText('chưa liên lạc 2 giờ 10 phút');
  await expect(screen.device('Đầy')).toContainText('máy sắp hết chỗ');
  await expect(screen.device('Dễ mất')).toContainText('trình duyệt có thể xóa dữ liệu');
  await expect(screen.device('Cũ')).toContainText('bản cũ');
  await expect(screen.device('Khỏe').locator('.state-line')).toHaveCount(0);
  await expect(organiser.app.main.getByText(
    /^8 máy · 2 máy còn nội dung chưa gửi · 3 máy quá 15 phút chưa liên lạc · 2 máy có cảnh báo bộ nhớ · 1 máy dùng bản cũ · /,
  )).toBeVisible();
  await expect(screen.fact('012345 (mới nhất)')).toHaveText('7 máy');
  await expect(screen.fact('fedcba')).toHaveText('1 máy');
});

test('delegates without a device are counted and named, until they enrol', async ({ device }) => {
  const organiser = await device('s07');
  const screen = new Operations(organiser.page);
  await screen.open();
  const summary = screen.without.locator('summary');
  await expect(summary).toHaveText(/^Đại biểu chưa có máy: (\d+)\/\1$/);
  const all = Number((await summary.textContent())?.split('/')[1]);
  await summary.click();
  await expect(screen.without.getByRole('listitem')).toHaveCount(all);
  await expect(screen.without.getByText(DELEGATE, { exact: true })).toHaveCount(1);
  await device('p100');
  await screen.askAgain.click();
  await expect(summary).toHaveText(`Đại biểu chưa có máy: ${all - 1}/${all}`);
  await expect(screen.without.getByText(DELEGATE, { exact: true })).toHaveCount(0);
});

test('without a network the last answer stays, with its time', async ({ server, device }) => {
  const organiser = await device('s07');
  const screen = new Operations(organiser.page);
  await screen.open();
  await expect(screen.device(ORGANISER)).toBeVisible();
  await server.stop();
  await expect(organiser.app.main.getByText(/Dưới đây là tình hình lúc \d\d:\d\d\.$/)).toBeVisible({ timeout: 60_000 });
  await organiser.app.go('Ý kiến');
  await screen.open();
  await expect(screen.device(ORGANISER), 'also after another screen').toBeVisible();
  await organiser.page.reload();
  await organiser.app.waitUntilReady();
  await expect(organiser.app.main.getByText(/Kiểm tra kết nối rồi bấm “Hỏi lại”/)).toBeVisible();
  await expect(screen.devices).toHaveCount(0);
  await server.start();
  await expect(screen.device(ORGANISER)).toBeVisible({ timeout: 60_000 });
});

test('others find no link to it, and by its address nothing but whose it is', async ({ device }) => {
  for (const person of ['p100', 'p001', 's01']) {
    const phone = await device(person);
    const asked: string[] = [];
    phone.context.on('request', request => asked.push(new URL(request.url()).pathname));
    await phone.app.go('Thêm');
    await expect(new More(phone.page).operations).toHaveCount(0);
    await phone.goto('/operations');
    await expect(phone.app.heading('Vận hành')).toBeVisible();
    await expect(phone.app.main.getByText('Màn hình của Ban Tổ chức')).toBeVisible();
    expect(asked.filter(path => path.endsWith('/operations/devices')), person).toEqual([]);
  }
});
