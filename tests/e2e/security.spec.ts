// Nothing comes from elsewhere, nothing goes elsewhere, and a device never holds what its person may not see.
import type { BrowserContext, Page } from '@playwright/test';
import { Comments } from './pages/comments.ts';
import { Console } from './pages/console.ts';
import { Scan } from './pages/scan.ts';
import { ADDRESS, expect, test } from './support/fixtures.ts';
import { Pen } from './support/pen.ts';
import { everythingOn } from './support/storage.ts';

const SECRET = 'Chỉ Đoàn Chủ tịch được đọc câu này.';

const SENSITIVE = /"(birth_date|ethnicity|religion|party_joined_on|political_theory|education)"/g;

/** Where words stand in a long text, with what stands around them. */
function found(text: string, words: string | RegExp): string[] {
  const places = typeof words === 'string' ? [...text.matchAll(new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g'))] : [...text.matchAll(words)];
  return places.slice(0, 3).map(({ index }) => text.slice(Math.max(0, index - 60), index + 60));
}

/** Listens to everything that a browser asks for and complains about. */
async function listen(context: BrowserContext) {
  const heard = { elsewhere: [] as string[], violations: [] as string[], errors: [] as string[] };
  context.on('request', request => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== ADDRESS) heard.elsewhere.push(request.url());
  });
  context.on('console', message => {
    if (message.type() === 'error') heard.errors.push(message.text());
  });
  context.on('weberror', error => heard.errors.push(error.error().message));
  await context.exposeFunction('heardViolation', (text: string) => void heard.violations.push(text));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event => {
      (window as unknown as { heardViolation: (text: string) => void }).heardViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return heard;
}

test('every screen keeps its own policy, and nothing is asked of anyone else', async ({ server, device }) => {
  const people = [
    { person: 'p100', screens: ['/agenda', '/agenda/trinh-bao-cao-chinh-tri', '/documents', '/documents/bao-cao-chinh-tri', '/documents?q=chuyen+doi', '/comments', '/comments/new', '/check-in', '/more', '/e', '/khong-co'] },
    { person: 'p001', screens: ['/console', '/agenda', '/more'] },
    { person: 's01', screens: ['/scan', '/check-in'] },
  ];
  for (const { person, screens } of people) {
    const phone = await device();
    const heard = await listen(phone.context);
    const pages: Record<string, string>[] = [];
    phone.page.on('response', async response => {
      if (response.request().isNavigationRequest() && !response.fromServiceWorker()) pages.push(await response.allHeaders());
    });
    await phone.enrol(person);
    for (const screen of screens) {
      await phone.goto(screen);
      await expect(phone.page.getByRole('heading', { level: 1 })).toBeVisible();
    }
    expect(heard, person).toEqual({ elsewhere: [], violations: [], errors: [] });
    const [headers] = pages;
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|https?:/);
    expect(headers['permissions-policy']).toContain('camera=(self)');
    expect(headers['cache-control']).toBe('no-cache');
  }
});

test('a page that the server gives is guarded, and so is its API', async ({ server, request }) => {
  const pull = `${server.url}/api/v1/congresses/thanh-lam-xix/sync/pull`;
  const body = { protocol: 1, client_id: '00000000-0000-4000-8000-000000000000', cursors: {} };
  const headers = { 'x-delegate-app': '1' };
  expect((await request.post(pull, { data: body, headers })).status(), 'without a device').toBe(401);
  const link = await server.enrol('p100');
  const code = link.slice(link.indexOf('#') + 1);
  const enrolled = await request.post('/api/v1/enrolments', {
    data: { code, device_id: '11111111-1111-4111-8111-111111111111', label: 'e2e' },
    headers,
  });
  expect(enrolled.headers()['set-cookie']).toMatch(/HttpOnly/i);
  expect(enrolled.headers()['set-cookie']).toMatch(/SameSite=Strict/i);
  expect((await request.post(pull, { data: body })).ok(), 'without the app’s own header').toBe(false);
  const answer = await request.post(pull, { data: body, headers });
  expect(answer.ok()).toBe(true);
  expect(answer.headers()['content-type']).toContain('application/json');
});

test('a delegate’s phone receives and holds nothing that is not theirs', async ({ server, device }) => {
  const pen = await Pen.of(server, 'p101');
  await pen.submit({ text: SECRET, floor: 5 });

  const phone = await device();
  const received: string[] = [];
  phone.context.on('response', async response => {
    if (/\/sync\/(pull|scopes)/.test(response.url())) received.push(await response.text().catch(() => ''));
  });
  await phone.enrol('p100');
  await phone.app.go('Ý kiến');
  await new Comments(phone.page).submit({ text: 'Ý kiến của chính mình.' });
  await expect(new Comments(phone.page).card('Ý kiến của chính mình.')).toContainText('Đã nhận, số 2');
  // While the phone listens, somebody else writes and the presidium orders the queue.
  const tablet = await device('p001', { size: 'tablet' });
  const console = new Console(tablet.page);
  await console.open();
  await console.button('Đưa vào hàng chờ', 'Tống Huy Quang').click();
  await console.expectQueue('Tống Huy Quang');
  await tablet.app.expectSynced();
  await phone.app.retryNow();
  await phone.app.expectSynced();

  const held = await everythingOn(phone.page);
  expect(received.join('').length).toBeGreaterThan(10_000);
  expect(found(held, 'Ý kiến của chính mình.')).not.toEqual([]);
  for (const everything of [held, received.join('\n')]) {
    expect(found(everything, SECRET), 'somebody else’s comment').toEqual([]);
    expect(found(everything, SENSITIVE), 'fields of the credentials board').toEqual([]);
    expect(found(everything, 'Công giáo'), 'own religion').toEqual([]);
    expect(found(everything, /"(presidium|secretariat|checkin|credentials|registry|user:(?!p100")[^"]*)"\s*[:,}]/g), 'scopes of others').toEqual([]);
    expect(found(everything, 'Thân Thị Nhâm'), 'the whole list of people').toEqual([]);
  }
});

test('a desk receives names and seats, and nothing that the desk does not need', async ({ server, device }) => {
  const pen = await Pen.of(server, 'p101');
  await pen.submit({ text: SECRET });
  const phone = await device('s01');
  const scan = new Scan(phone.page);
  await scan.open();
  await scan.search.fill('than thi nham');
  await expect(scan.row('Thân Thị Nhâm')).toBeVisible();
  const held = await everythingOn(phone.page);
  expect(found(held, 'Thân Thị Nhâm')).not.toEqual([]);
  for (const foreign of [SECRET, SENSITIVE, 'Sán Chay']) expect(found(held, foreign)).toEqual([]);
});

test('a device that was sent away forgets the congress at its next contact and keeps what its owner wrote', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.go('Ý kiến');
  await server.stop();
  await new Comments(phone.page).submit({ text: 'Viết trước khi bị thu hồi.' });
  await server.revoke('p100');
  await server.start();
  await phone.app.retryNow();
  await expect(phone.app.badge).toHaveText('Thiết bị đã bị thu hồi');
  await expect(new Comments(phone.page).card('Viết trước khi bị thu hồi.')).toBeVisible();
  const holds = async (words: string) => (await everythingOn(phone.page)).includes(words);
  await expect.poll(() => holds('Bầu Đoàn Chủ tịch Đại hội'), 'the programme').toBe(false);
  await expect.poll(() => holds('Phương châm Đại hội'), 'the texts of documents').toBe(false);
  await expect.poll(() => holds('/blob/'), 'attachments').toBe(false);
  expect(await holds('Viết trước khi bị thu hồi.')).toBe(true);
});

test('text that looks like a program is text', async ({ server, device }) => {
  const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const pen = await Pen.of(server, 'p101');
  await pen.submit({ text: evil });
  const tablet = await device('p001', { size: 'tablet' });
  const console = new Console(tablet.page);
  await console.open();
  await expect(console.cards).toContainText(evil);
  await expectNoProgram(tablet.page);
  const phone = await device('p100');
  await phone.app.go('Ý kiến');
  await new Comments(phone.page).submit({ text: evil });
  await expect(new Comments(phone.page).mine).toContainText(evil);
  await expectNoProgram(phone.page);
});

async function expectNoProgram(page: Page): Promise<void> {
  await expect(page.getByRole('main').locator('img[src="x"], script')).toHaveCount(0);
  await expect(page).not.toHaveTitle(/^[12]$/);
}
