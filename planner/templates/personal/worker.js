// Keeps the page of this address, as it was last shown, for when there is no internet. The same text for every client:
// which page it is about is only in the address it is registered at.
const SCOPE = registration.scope, HOME = new URL(SCOPE).pathname;
const STORE = "client-page", MARKER = "{{ marker }}", PATIENCE_MS = 6000;
const NOTHING_KEPT = {{ offline|tojson }}, NOT_SENT = {{ not_sent|tojson }}, HEADERS = {{ headers|tojson }};
const store = () => caches.open(STORE);

// There is one copy, whatever language was asked for: the page as it was last shown.
const copy = async () => {
  const found = await (await store()).match(SCOPE, { ignoreVary: true });
  if (!found) return undefined;
  const headers = new Headers(found.headers);
  ["Content-Encoding", "Content-Length"].forEach((name) => headers.delete(name));
  return new Response((await found.text()).replace("data-kept hidden", "data-kept"), { headers });
};

const forget = async () => {
  await (await store()).delete(SCOPE, { ignoreVary: true });
  await registration.unregister();
};

// Only an answer with our marker is the page itself. Nothing there any more: the copy goes too.
const heed = async (answer, later) => {
  const said = answer.headers.get(MARKER);
  if (answer.status === 404 || said === "gone") await forget();
  else if (answer.ok && said === "walks") {
    const whole = answer.clone();
    later(store().then((kept) => kept.put(SCOPE, whole)));
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
  return await copy() || came || answer.catch(() => new Response(NOTHING_KEPT, { headers: HEADERS }));
};

// What a button says is never answered with the copy: that would look as if it was said.
const send = (event) => fetch(event.request)
  .then((came) => heed(came, (work) => event.waitUntil(work)))
  .catch(() => new Response(NOT_SENT, { headers: HEADERS }));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request, path = new URL(url).pathname;
  if (mode !== "navigate") return;
  if (method === "GET" && path === HOME) event.respondWith(show(event));
  else if (method === "POST" && path.startsWith(HOME)) event.respondWith(send(event));
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
    const still = url === SCOPE || await fetch(url, { method: "HEAD", credentials: "omit" });
    if (still.status === 404) await kept.delete(url, { ignoreVary: true });
  }
};

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(first().then(tidy).catch(() => 0));
});
