// Keeps the sheet of one walk and its empty note, for on the way. The same text for every walk: which one it is about is
// only in the address it is registered at; the mark says whose it is. How long a copy may stay is in the answer's own header.
const SCOPE = registration.scope, HOME = new URL(SCOPE).pathname, MARK = "{{ mark }}", STORE = `walk ${MARK} ${HOME}`;
const SHEET = `${SCOPE}sheet`, NOTE = `${SCOPE}note?on_the_way=1`, PATIENCE_MS = 6000;
const COPY = "{{ copy }}", UNTIL = "X-Kept-Until", AHEAD = "X-Clock-Ahead";
const NOTHING_KEPT = {{ nothing_kept|tojson }}, HEADERS = {{ headers|tojson }};
const NOT_KEPT = /<!--not kept-->[^]*?<!--\/not kept-->/g, PICTURE = /^\/routes\/\d+\/(?:picture\/page|photo)$/;
const ASSETS = /(?:href|src|srcset)="(\/(?:static\/|routes\/\d+\/(?:picture\/page|photo)\?)[^"]+)"/g;

const forget = async () => {
  await caches.delete(STORE);
  await registration.unregister();
};

// Its style, script and pictures come along. What somebody else is shown is not kept here.
const put = async (address, answer, seconds) => {
  const text = (await answer.text()).replace(NOT_KEPT, "");
  if (!text.includes(`data-mark="${MARK}"`)) return;
  const kept = await caches.open(STORE);
  const headers = new Headers(answer.headers);
  ["Content-Encoding", "Content-Length"].forEach((name) => headers.delete(name));
  const now = Date.parse(headers.get("Date")) || Date.now();
  headers.set(UNTIL, String(now + seconds * 1000));
  headers.set(AHEAD, String(Date.now() - now));
  await kept.put(address, new Response(text, { headers }));
  for (const [, file] of text.matchAll(ASSETS)) if (!await kept.match(file)) await kept.add(file).catch(() => 0);
};

// The walk is not there: the copy goes too. Somebody whose sign-in is over keeps it: they may be outdoors.
const heed = async (address, answer) => {
  const seconds = answer.headers.get(COPY);
  if (answer.status === 404 || seconds === "0") await forget();
  else if (answer.ok && !answer.redirected && seconds) await put(address, answer.clone(), Number(seconds));
};

const copy = async (address) => {
  const found = await caches.match(address, { cacheName: STORE, ignoreVary: true });
  if (!found) return undefined;
  // By the server's time, as far as this clock tells it. It may have been changed since: then the copy is not shown, and
  // stays until the server is heard.
  if (Number(found.headers.get(UNTIL)) < Date.now() - Number(found.headers.get(AHEAD))) return undefined;
  return new Response((await found.text()).replaceAll("data-kept hidden", "data-kept"), { headers: found.headers });
};

// The network first. The copy when it fails, when the server is down, and when nothing comes for a while.
const show = async (event, address) => {
  const answer = fetch(event.request).then((came) => {
    event.waitUntil(heed(address, came.clone()).catch(() => 0));
    return came;
  });
  const late = new Promise((done) => { setTimeout(done, PATIENCE_MS); });
  event.waitUntil(answer.catch(() => 0));
  const came = await Promise.race([answer, late]).catch(() => undefined);
  if (came && came.status < 500) return came;
  return await copy(address) || came || answer.catch(() => new Response(NOTHING_KEPT, { headers: HEADERS }));
};

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request, path = new URL(url).pathname;
  if (method !== "GET") return;
  if (path.startsWith("/static/") || PICTURE.test(path)) {
    // The store may go at this very moment.
    const found = caches.match(url, { cacheName: STORE, ignoreVary: true }).catch(() => 0);
    event.respondWith(found.then((kept) => kept || fetch(event.request)));
  } else if (mode === "navigate" && path === `${HOME}sheet`) event.respondWith(show(event, SHEET));
  else if (mode === "navigate" && path === `${HOME}note`) event.respondWith(show(event, NOTE));
});

const ask = async (address) => heed(address, await fetch(address, { credentials: "same-origin" }));

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(ask(SHEET).then(() => ask(NOTE)).catch(() => 0));
});
