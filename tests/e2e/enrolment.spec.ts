// From the invitation to a phone that works without a network.
import { Comments } from './pages/comments.ts';
import { Enrolment } from './pages/enrolment.ts';
import { expect, test } from './support/fixtures.ts';

const HUE = 'Đồng chí Vũ Thị Huệ';

test('an invitation tells whose it is and makes the phone ready for the hall', { tag: '@tablet' }, async ({ server, device }) => {
  const phone = await device();
  const enrolment = new Enrolment(phone.page);
  await enrolment.open(await server.enrol('p100'));
  await expect(phone.page.getByText(HUE, { exact: true })).toBeVisible();
  await expect(phone.page.getByText('Đoàn số 4', { exact: true })).toBeVisible();
  await enrolment.confirm();

  await expect(enrolment.steps).toHaveCount(6);
  await enrolment.waitUntilReady();
  await expect(enrolment.steps.filter({ hasText: 'Văn kiện' }).last()).toContainText(/14\/14 · [\d.,]+ kB/);

  await test.step('the code has left the address bar and the history', async () => {
    expect(new URL(phone.page.url()).hash).toBe('');
    await enrolment.start.click();
    await expect(phone.app.heading('Chương trình')).toBeVisible();
    await phone.page.goBack();
    await expect(phone.page).toHaveURL(/\/e$/);
  });
});

test('a code that is not known is said to be wrong, and another can be typed in', async ({ server, page }) => {
  const enrolment = new Enrolment(page);
  await enrolment.open('/e#0123456789ABCDEFGHJKMNPQRS');
  await expect(page.getByRole('alert')).toContainText('Mã này không đúng');
  const link = await server.enrol('p100');
  await enrolment.code.fill(link.slice(link.indexOf('#') + 1).toLowerCase());
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await expect(page.getByText(HUE)).toBeVisible();
});

test('a code that was taken back is said to be so', async ({ server, page }) => {
  const link = await server.enrol('p100');
  await server.revoke('p100');
  await new Enrolment(page).open(link);
  await expect(page.getByRole('alert')).toContainText('Mã này đã bị thu hồi');
  await expect(page.getByRole('alert')).toContainText('bộ phận tiếp đón');
});

test('a code serves as many phones as it may, and a phone that is in already uses nothing up', async ({ server, device }) => {
  const { link } = await server.enrolment('p100', 2);
  const first = await device();
  const enrolment = new Enrolment(first.page);
  await enrolment.open(link);
  await enrolment.confirm();
  await enrolment.waitUntilReady();

  await test.step('the same phone opens the same invitation again', async () => {
    await first.page.goto('/agenda');
    await enrolment.open(link);
    await expect(first.page.getByText('Máy này đã ghi danh')).toBeVisible();
    await enrolment.waitUntilReady();
  });
  await test.step('a second phone gets in, a third does not', async () => {
    const second = await device();
    const other = new Enrolment(second.page);
    await other.open(link);
    await other.confirm();
    await other.waitUntilReady();
    const third = await device();
    await new Enrolment(third.page).open(link);
    await expect(third.page.getByRole('alert')).toContainText('Mã này đã dùng đủ số máy');
    await expect(third.page.getByRole('button', { name: 'Thử lại' })).toBeVisible();
  });
});

test('somebody else’s invitation can be put down without using it', async ({ server, page }) => {
  const enrolment = new Enrolment(page);
  await enrolment.open(await server.enrol('p100'));
  await enrolment.notMe.click();
  await expect(page.getByRole('alert')).toContainText('Máy này chưa ghi danh và mã chưa bị dùng');
  await page.getByRole('button', { name: 'Xem lại' }).click();
  await expect(enrolment.confirmButton).toBeVisible();
});

test('a phone without an invitation says what to do', async ({ page }) => {
  await page.goto('/documents');
  await expect(page.getByRole('heading', { level: 1, name: 'Máy này chưa ghi danh' })).toBeVisible();
  await page.getByRole('link', { name: 'Nhập mã trên giấy mời' }).click();
  await expect(new Enrolment(page).code).toBeVisible();
});

test('when the network breaks off during enrolment nothing is used up and it goes on', async ({ server, device }) => {
  const phone = await device();
  const enrolment = new Enrolment(phone.page);
  await enrolment.open(await server.enrol('p100'));
  await expect(enrolment.confirmButton).toBeVisible();
  await server.stop();
  await enrolment.confirm();
  await expect(phone.page.getByRole('alert')).toContainText('Mã của đồng chí chưa bị dùng');
  await server.start();
  await phone.page.getByRole('button', { name: 'Thử lại' }).click();
  await enrolment.waitUntilReady();
});

test('on a slow line nobody is told that contact is lost, nor a number that is not known', async ({ wire, device }) => {
  const phone = await device(undefined, { host: wire });
  await phone.page.addInitScript(() => {
    const said = new Set<string>();
    Object.assign(window, { said });
    const note = () => document.querySelectorAll('[role=status], .steps li').forEach(one => said.add(one.textContent ?? ''));
    new MutationObserver(note).observe(document, { childList: true, characterData: true, subtree: true });
  });
  wire.weather = { latency_ms: 300 };
  const enrolment = new Enrolment(phone.page);
  await enrolment.open(await wire.enrol('p100'));
  await enrolment.confirm();
  await enrolment.waitUntilReady();
  const said = await phone.page.evaluate(() => [...(Reflect.get(window, 'said') as Set<string>)].join('\n'));
  expect(said).toContain('Đang kết nối…');
  expect(said).toMatch(/Đã đồng bộ \d\d:\d\d/);
  expect(said).not.toContain('Ngoại tuyến\n');
  expect(said).not.toContain('Mất liên lạc');
  expect(said).toContain('Chương trìnhđang tải');
  expect(said).not.toContain('Chương trình0 ');
});

test('when the rest of the app does not come, the phone says so, and opens as soon as it does', async ({ wire, device }) => {
  const phone = await device(undefined, { host: wire });
  wire.weather = { fault: ({ url }) => (url?.includes('/split_screens') ? 'broken off' : null) };
  const enrolment = new Enrolment(phone.page);
  await enrolment.open(await wire.enrol('p100'));
  await enrolment.confirm();
  await expect(phone.app.heading('Chưa tải được màn hình này')).toBeVisible();
  await phone.page.reload();
  await expect(phone.app.heading('Chưa tải được màn hình này'), 'and not a word of a missing invitation').toBeVisible();
  wire.weather = { latency_ms: 1_500 };
  await phone.page.getByRole('button', { name: 'Thử lại ngay' }).click();
  await expect(phone.app.main, 'never a blank page').toHaveText('Đang mở…');
  wire.weather = {};
  await enrolment.waitUntilReady();
  await enrolment.start.click();
  await expect(phone.app.heading('Chương trình')).toBeVisible();
});

test('another person’s invitation asks first, and never takes away what still waits', async ({ server, device }) => {
  const phone = await device('p100');
  const enrolment = new Enrolment(phone.page);
  await phone.app.go('Ý kiến');
  const link = await server.enrol('p101');

  await test.step('refused while a comment waits', async () => {
    await server.stop();
    await phone.page.getByRole('link', { name: 'Viết ý kiến' }).click();
    await phone.page.getByRole('textbox', { name: 'Nội dung ý kiến' }).fill('Chưa gửi đi được.');
    await phone.page.getByRole('button', { name: 'Gửi', exact: true }).click();
    await phone.app.expectOffline(1);
    // The question needs the server, the answer must not reach it.
    await server.start();
    await phone.context.route('**/sync/push', route => route.abort());
    await phone.goto(link);
    await expect(phone.page.getByText('Đồng chí Tống Huy Quang', { exact: true })).toBeVisible();
    await phone.page.getByRole('button', { name: 'Đúng là tôi, đổi người dùng' }).click();
    await expect(phone.page.getByRole('alert')).toContainText('còn 1 mục');
  });
  await test.step('accepted when all is sent; the first person’s words come back with their own invitation', async () => {
    await phone.context.unroute('**/sync/push');
    await phone.goto('/comments');
    await phone.app.retryNow();
    await expect(phone.page.getByText(/^Đã nhận, số 1,/)).toBeVisible();
    await phone.goto(link);
    await phone.page.getByRole('button', { name: 'Đúng là tôi, đổi người dùng' }).click();
    await enrolment.waitUntilReady();
    await enrolment.start.click();
    await phone.app.go('Ý kiến');
    await expect(phone.page.getByText('Chưa gửi đi được.')).toHaveCount(0);
  });
});

test('a phone whose browser lost its cookie comes in again by itself', async ({ device }) => {
  const phone = await device('p100');
  await phone.context.clearCookies();
  await phone.app.go('Ý kiến');
  const comments = new Comments(phone.page);
  await comments.submit({ text: 'Viết sau khi trình duyệt quên máy này.' });
  await expect(comments.card('Viết sau khi trình duyệt quên máy này.')).toContainText('Đã nhận, số 1');
});

test('while it cannot come in again yet, a phone that lost its cookie is offline and keeps everything', async ({ device }) => {
  const phone = await device('p100');
  const busy = { status: 503, json: { error: 'busy', message: 'Máy chủ đang bận.' }, headers: { 'retry-after': '1' } };
  await phone.context.route('**/api/v1/enrolments', async route => {
    // Long enough for a push and a pull to wait for the same answer.
    await new Promise(resolve => setTimeout(resolve, 1_000));
    await route.fulfill(busy);
  });
  await phone.context.clearCookies();
  await phone.goto('/comments');
  const comments = new Comments(phone.page);
  await comments.submit({ text: 'Viết khi máy chủ chưa nhận ra máy này.' });
  for (let tries = 0; tries < 3; tries++) {
    const renewal = phone.page.waitForResponse('**/api/v1/enrolments');
    await phone.app.retryNow();
    await renewal;
    await expect(phone.app.badge).toHaveText(/1 mục chờ gửi$/);
  }
  await phone.app.go('Văn kiện');
  await expect(phone.page.getByText('14/14 văn kiện đã lưu trên máy')).toBeVisible();
  await phone.context.unroute('**/api/v1/enrolments');
  await phone.app.go('Ý kiến');
  await phone.app.retryNow();
  await expect(comments.card('Viết khi máy chủ chưa nhận ra máy này.')).toContainText('Đã nhận, số 1');
});
