// Keeps the page of this address, as it was last shown, for when there is no internet. The same text for every client:
// which page it is about is only in the address it is registered at.
const SCOPE = registration.scope, HOME = new URL(SCOPE).pathname;
const STORE = "client-page", MARKER = "{{ marker }}", PATIENCE_MS = 6000;
const SHELL = {{ shell|tojson }}, SAID = {{ said|tojson }}, HEADERS = {{ headers|tojson }};
const PICTURES = /(?:src|srcset)="([^"]+\/(?:photo|picture)(?:\.png)?(?:\?[^"]*)?)"/g;
const store = () => caches.open(STORE);

// There is one copy, whatever language was asked for: the page as it was last shown.
const copy = async () => {
  const found = await (await store()).match(SCOPE, { ignoreVary: true });
  if (!found) return undefined;
  const headers = new Headers(found.headers);
  ["Content-Encoding", "Content-Length"].forEach((name) => headers.delete(name));
  return new Response((await found.text()).replace("data-kept hidden", "data-kept"), { headers });
};

// A calm page of our own, and how to reach the coach as the copy has it.
const own = async (sentence, back = true) => {
  const found = await (await store()).match(SCOPE, { ignoreVary: true }), text = found ? await found.text() : "";
  const coach = sentence === SAID.not_sent ? /<div data-coach>[^]*?<\/div>/.exec(text) || "" : "";
  const way = back ? `<p><a class="btn" href="${HOME}">${SAID.back}</a></p>` : "";
  return new Response(SHELL.replace("[said]", () => `<p class="card">${sentence}</p>${coach}${way}`), { headers: HEADERS });
};

// The pictures on the page come along, also the one behind a fold; those of an earlier page go.
const keepPictures = async (text) => {
  const kept = await store();
  const shown = [...text.matchAll(PICTURES)].map(([, at]) => new URL(at.replaceAll("&amp;", "&"), SCOPE).href);
  for (const { url } of await kept.keys()) if (url !== SCOPE && url.startsWith(SCOPE) && !shown.includes(url)) await kept.delete(url);
  for (const url of shown) {
    if (await kept.match(url, { ignoreVary: true })) continue;
    const came = await fetch(url, { credentials: "omit" });
    if (came.ok) await kept.put(url, came);
  }
};

const forget = async () => {
  const kept = await store();
  for (const { url } of await kept.keys()) if (url.startsWith(SCOPE)) await kept.delete(url, { ignoreVary: true });
  await registration.unregister();
};

// Only an answer with our marker is the page itself. Nothing there any more: the copy goes too.
const heed = async (answer, later) => {
  const said = answer.headers.get(MARKER);
  if (answer.status === 404 || said === "gone") await forget();
  else if (answer.ok && said === "walks") {
    const whole = answer.clone(), words = answer.clone();
    later(store().then((kept) => kept.put(SCOPE, whole)).then(() => words.text()).then(keepPictures).catch(() => 0));
  }
  return answer;
};

// The network first. The copy when it fails, when the server is down, and when nothing comes for a while.
const show = async (event) => {
  const later = (work) => event.waitUntil(work);
  const answer = fetch(event.request).then((came) => heed(came, later));
  const late = new Promise((done) => { setTimeout(done, PATIENCE_MS); });
  later(answer.catch(() => 0));
  const came = await Promise.race([answer, late]).catch(() => undefined);
  if (came && came.status < 500) return came;
  return await copy() || came || answer.catch(() => own(SAID.nothing, false));
};

// What a button says is never answered with the copy: that would look as if it was said.
const send = (event) => fetch(event.request)
  .then((came) => heed(came, (work) => event.waitUntil(work)))
  .catch(() => own(SAID.not_sent));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request, path = new URL(url).pathname;
  if (method === "GET" && mode !== "navigate" && /\/(photo|picture)(\.png)?$/.test(path) && path.startsWith(HOME)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(url, { cacheName: STORE, ignoreVary: true })
      .then((found) => found || Response.error())));
  }
  if (mode !== "navigate") return;
  if (method === "GET" && path === HOME) event.respondWith(show(event));
  else if (method === "POST" && path.startsWith(HOME)) event.respondWith(send(event));
  else if (method === "GET" && path.startsWith(HOME)) {
    event.respondWith(fetch(event.request).catch(() => own(path.endsWith("/map") ? SAID.no_map : SAID.not_now)));
  }
});

// The page that brought this worker was shown before it: it is asked for once more.
const first = async () => {
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true }), works = [];
  const page = open.map((one) => one.url).find((url) => new URL(url).pathname === HOME) || SCOPE;
  await heed(await fetch(page, { headers: { "{{ asks }}": "copy" }, credentials: "omit" }), (work) => works.push(work));
  await Promise.all(works);
};

// Copies at addresses that do not open any more, such as of the link before this one.
const tidy = async () => {
  const kept = await store();
  for (const { url } of await kept.keys()) {
    const still = url.startsWith(SCOPE) || await fetch(url, { method: "HEAD", credentials: "omit" });
    if (still.status === 404) await kept.delete(url, { ignoreVary: true });
  }
};

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(first().then(tidy).catch(() => 0));
});
