// The service worker: keeps the shell of one build (the files of PRECACHE) and serves it without asking the network.
// The files of STAFF are the screens of presidium, secretariat and desks: kept only where a page has asked for them.
// It never touches /api/, /blob/ or anything but GET, and never keeps an error or a page in place of a file.
// The next three lines are rewritten after each build: [[url, sha256 in hex], ...] twice and the name of the build.
const PRECACHE = /*PRECACHE*/[];
const STAFF = /*STAFF*/[];
const VERSION = /*VERSION*/"dev";

const PREFIX = "shell-";
const SHELL = PREFIX + VERSION;
const FILES = new Map([...PRECACHE, ...STAFF]);
const INDEX = ["/index.html", "/"].find((url) => FILES.has(url));
// A page that says that this device belongs to staff; a note for the builds to come.
const STAFF_MARK = "/staff-mark";
const HASHED = /^\/app-[0-9a-f]{16}\//;
// The body is kept decoded; these headers would lie about it.
const DROPPED_HEADERS = ["content-encoding", "content-length", "transfer-encoding", "vary"];

// Asks one cache without bringing it into being: an empty shell would pass for the build before.
const inShell = (name, url) => caches.match(url, { cacheName: name, ignoreVary: true });

const shells = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));

const sha256 = async (bytes) =>
  self.crypto?.subtle
    ? Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (b) => b.toString(16).padStart(2, "0")).join("")
    : null;

// A captive portal or a proxy answers 200 with its own page: the type tells it from ours.
function typeFits(url, response) {
  const type = response.headers.get("content-type") ?? "";
  if (url === INDEX) return type.includes("text/html");
  if (url.endsWith(".js")) return type.includes("javascript");
  if (url.endsWith(".wasm")) return type.includes("application/wasm");
  return !type.includes("text/html");
}

// A clean copy with its bytes checked, or null.
async function checked(url, response) {
  if (response.status !== 200 || !typeFits(url, response)) return null;
  const bytes = await response.arrayBuffer();
  const digest = await sha256(bytes);
  if (digest !== null && FILES.get(url) && digest !== FILES.get(url)) return null;
  const headers = new Headers(response.headers);
  DROPPED_HEADERS.forEach((name) => headers.delete(name));
  return new Response(bytes, { status: 200, headers });
}

// An unchanged file of an older build costs no bytes. Only the checksum can say that it is unchanged.
async function reused(url, older) {
  if (!self.crypto?.subtle || url === INDEX) return null;
  for (const name of older) {
    const kept = await inShell(name, url);
    const copy = kept && (await checked(url, kept));
    if (copy) return copy;
  }
  return null;
}

// A name with a hash never changes its content: what the browser has just loaded for the page is taken from its cache,
// unless something else was kept there under that name.
async function fetched(url) {
  for (const cache of HASHED.test(url) ? ["default", "reload"] : ["reload"]) {
    const copy = await checked(url, await fetch(url, { cache, credentials: "same-origin" }));
    if (copy) return copy;
  }
  throw new Error(`${url} is not the file of build ${VERSION}`);
}

// All files or none: a half-kept build would be a white screen in a hall without network.
async function install() {
  const older = (await shells()).filter((name) => name !== SHELL);
  const staff = await kept(STAFF_MARK);
  await keep(staff ? [...PRECACHE, ...STAFF] : PRECACHE, older, staff);
}

// The screens of the staff join the shell of this build.
async function keepStaff() {
  if (STAFF.length && !(await inShell(SHELL, STAFF_MARK))) await keep(STAFF, await shells(), new Response("staff"));
}

async function keep(entries, older, staff) {
  const copies = await Promise.all(entries.map(async ([url]) => [url, (await reused(url, older)) ?? (await fetched(url))]));
  try {
    const cache = await caches.open(SHELL);
    await Promise.all(copies.map(([url, copy]) => cache.put(url, copy)));
    // Last: whoever finds it finds all of it.
    if (staff) await cache.put(STAFF_MARK, staff);
  } catch (error) {
    if (entries !== STAFF) await caches.delete(SHELL);
    throw error;
  }
}

// The build before this one stays: tabs still open were started with it.
async function activate() {
  const older = (await shells()).filter((name) => name !== SHELL);
  await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
  if (older.length === 0) await self.clients.claim();
}

async function kept(url) {
  for (const name of [SHELL, ...(await shells()).reverse()]) {
    const copy = await inShell(name, url);
    if (copy) return copy;
  }
  return null;
}

const gone = () => new Response("Chưa có mạng và tệp này chưa có trên máy.", { status: 504, headers: { "content-type": "text/plain; charset=utf-8" } });

async function page(request) {
  return (await kept(INDEX).catch(() => null)) ?? fetch(request).catch(gone);
}

async function file(url, request) {
  const copy = await kept(url).catch(() => null);
  if (copy) return copy;
  try {
    const response = await fetch(request);
    return response.ok && !typeFits(url, response) ? gone() : response;
  } catch {
    return gone();
  }
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data?.type === "activate") self.skipWaiting();
  if (event.data?.type === "staff") event.waitUntil(keepStaff());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || /^\/(api|blob)\//.test(pathname)) return;
  if (request.mode === "navigate") {
    const isFile = /\.\w+$/.test(pathname) && pathname !== INDEX;
    if (INDEX && !isFile) event.respondWith(page(request));
  } else if (pathname !== "/" && !search && (FILES.has(pathname) || HASHED.test(pathname))) {
    event.respondWith(file(pathname, request));
  }
});
