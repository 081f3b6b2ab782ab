// A note while it is written: kept on this phone (kept_notes.js), and sent once when there is a network. The ordinary page
// is kept by the server as a draft, and here once the server is not heard. The page works without this file.
(() => {
  const TYPED_MS = 400, DRAFT_MS = 5000, SLOWEST_MS = 30000;
  const find = (what, inside = document) => inside.querySelector(what);
  const form = () => find("form[data-note]"), box = () => find("[data-unsaved]");
  const { able, mark, hear, keep, kept, forget, tried, editedAt, tidied } = window.keptNotes;
  const markOf = (page) => page.documentElement.dataset.mark;

  // What stands in the form, and back. A field that the page no longer has travels along unseen.
  const TICKS = ["radio", "checkbox"];
  const typed = (close = "") => {
    const all = [...form().elements].filter((e) => e.name && e.name !== "csrf_token" && e.type !== "submit");
    return {
      close,
      ticks: all.filter((e) => TICKS.includes(e.type) && e.checked).map((e) => [e.name, e.value]),
      texts: all.filter((e) => !TICKS.includes(e.type)).map((e) => [e.name, e.value]),
    };
  };
  // Who is faster than this script typed before anybody listened.
  const typedBefore = () => [...form().elements].some((e) => (
    (e.defaultValue !== undefined && e.value !== e.defaultValue) || e.checked !== e.defaultChecked
  ));
  const putBack = ({ ticks, texts }) => {
    const left = new Map(texts);
    for (const e of form().elements) {
      if (TICKS.includes(e.type)) e.checked = ticks.some(([name, value]) => name === e.name && value === e.value);
      else if (left.has(e.name)) {
        e.value = left.get(e.name);
        left.delete(e.name);
      }
    }
    const gone = [...left, ...ticks.filter(([name]) => !form().elements[name])];
    gone.filter(([, value]) => value).forEach(([name, value]) => {
      form().append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    });
  };

  const say = (what, text) => {
    const place = box(), [line, signIn, again, away] = place.children, onPhone = place.dataset.keeps !== undefined;
    line.textContent = text ?? place.dataset[`said${what}`] ?? "";
    place.dataset.state = what.toLowerCase();
    signIn.hidden = what !== "Out";
    again.hidden = !onPhone || !["Unsent", "Out"].includes(what);
    away.hidden = !onPhone || !(what === "Gone" || (what === "Look" && find("[data-conflict]")));
  };

  // The page as the server has it now: fresh proof for the form, and the time.
  const fresh = async () => {
    const came = await fetch(form().action.replace(/\?.*|$/, "?on_the_way=1"), { cache: "no-store" });
    if (new URL(came.url).pathname === "/login") throw new Error("Out");
    const page = new DOMParser().parseFromString(await came.text(), "text/html");
    // Another coach signed in here meanwhile: this text is not theirs to send.
    if (markOf(page) && markOf(page) !== mark) throw new Error("Out");
    if (came.status === 404) throw new Error("Gone");
    find("form[data-note] [name=csrf_token]", form().parentNode).value = find("form[data-note] [name=csrf_token]", page).value;
    hear(page);
  };
  const post = (address, body, more) => fetch(address, {
    method: "POST", body: new URLSearchParams(body), headers: { "X-Planner-Fetch": "note" }, ...more,
  });

  // Sending: on the way, and with a network. `waiting` is how it is to be sent once it can: "" or "1" to close it as well.

  const walk = () => form().dataset.note;
  const onWay = () => box().dataset.keeps !== undefined, mayKeep = () => able && box().dataset.mayKeep !== undefined;
  const keepHere = async (...all) => { if (mayKeep()) return keep(walk(), ...all); throw new Error("Here"); };
  let timer, again, wait = 1000, sending = false, left = false, going = false, waiting = null, shown = () => 0;
  const leave = async (to) => {
    left = true;
    if (able) await forget(walk()).catch(() => 0);
    const scope = box().dataset.walkScope;
    await window.caches?.delete(`walk ${mark} ${scope}`).catch(() => 0);
    const worker = await navigator.serviceWorker?.getRegistration(scope);
    // A browser that looks for a newer worker just then lets this wait, and so the coach: not for long.
    if (worker?.scope.endsWith(scope)) await Promise.race([worker.unregister(), new Promise((on) => { setTimeout(on, 1000); })]);
    location.assign(to);
  };
  // The same page with what the server says about it, such as a sentence beside a field, or both texts.
  const show = async (came) => {
    const page = new DOMParser().parseFromString(await came.text(), "text/html");
    if (!find("form[data-note]", page)) throw new Error("Unsent");
    document.title = page.title;
    find("main").replaceWith(find("main", page));
    hear(document);
    if (onWay()) await keep(walk(), typed());
    else {
      waiting = null;
      if (able) await forget(walk()).catch(() => 0);
      shown();
    }
    say("Look");
    (find("#errors") || find("main")).focus();
    scrollTo(0, 0);
  };
  const send = async (close) => {
    if (sending || left) return;
    sending = true;
    clearTimeout(again);
    clearTimeout(timer);
    say("Sending");
    let heard = false, stored = false;
    try {
      const text = typed(close), before = timer ? undefined : await editedAt(walk()).catch(() => undefined);
      timer = 0;
      stored = await keepHere({ ...text, waiting: true }, before).then(() => true, () => false);
      await fresh();
      heard = true;
      const body = [...text.ticks, ...text.texts, ["csrf_token", form().elements.csrf_token.value]];
      const came = await post(form().action, close ? [...body.filter(([name]) => name !== "close"), ["close", close]] : body);
      if (new URL(came.url).pathname === "/login" || came.status === 403) throw new Error("Out");
      if (came.status === 404) throw new Error("Gone");
      if (came.headers.get("Content-Type").startsWith("application/json")) {
        const { to } = await came.json();
        // What was typed meanwhile is sent as well: it is the same note.
        if (JSON.stringify(typed(close)) === JSON.stringify(text)) await leave(to);
        else again = setTimeout(() => send(close), 0);
      } else if (came.status === 409 || came.status === 422) await show(came);
      else throw new Error("Unsent");
    } catch (fault) {
      const why = ["Out", "Gone"].includes(fault.message) ? fault.message : "Unsent";
      say(why === "Unsent" && !stored ? "Here" : why);
      if (stored && (heard || why === "Gone")) await tried(walk()).catch(() => 0);
      if (why === "Unsent" && stored && navigator.onLine) again = setTimeout(() => send(close), wait);
      wait = Math.min(wait * 2, SLOWEST_MS);
    }
    sending = false;
  };
  const store = () => {
    timer = 0;
    return keepHere({ ...typed(), ...(waiting === null ? {} : { waiting: true, close: waiting }) })
      .then(() => { if (!sending) say(waiting === null ? "Kept" : "Unsent"); }, () => say(onWay() ? "Full" : "Here"));
  };
  const heard = () => fetch("/healthz", { method: "HEAD", cache: "no-store" });
  // A button that only fills something in asks the server for the page: not when nobody is there.
  const sendWhenPressed = () => {
    document.addEventListener("submit", (e) => {
      if (!e.target.matches("[data-note]") || going) return;
      const button = e.submitter, helps = button?.name && button.name !== "close";
      if (helps && onWay()) return;
      e.preventDefault();
      if (helps) {
        heard().then(() => { going = true; form().requestSubmit(button); }, () => { shown(); store(); });
        return;
      }
      const pressed = e.submitter?.name === "close" ? e.submitter.value : "";
      waiting = e.submitter?.closest("[data-unsaved]") ? waiting || "" : pressed;
      wait = 1000;
      send(waiting);
    });
    addEventListener("online", () => { if (waiting !== null && mayKeep()) send(waiting); });
  };

  // On the way

  const onTheWay = async () => {
    const found = await kept(walk()).catch(() => undefined);
    if (found && box().dataset.opened !== undefined) {
      putBack(found);
      say("Kept");
      waiting = found.waiting ? found.close : null;
    }
    document.addEventListener("input", (e) => {
      if (!e.target.form?.matches("[data-note]")) return;
      clearTimeout(timer);
      timer = setTimeout(store, TYPED_MS);
    });
    if (!found && typedBefore()) timer = setTimeout(store, TYPED_MS);
    document.addEventListener("visibilitychange", () => { if (document.hidden && timer && !left) store(); });
    sendWhenPressed();
    // Twice: it is the only text.
    document.addEventListener("click", (e) => {
      const button = e.target.closest("[data-throw-away]"), { sure, to } = button?.dataset ?? {};
      if (button && button.textContent === sure) leave(box().dataset.state === "gone" ? "/" : to).catch(() => say("Full"));
      else if (button) button.textContent = sure;
    });
    // What is kept here is not lost by leaving.
    addEventListener("beforeunload", (e) => { if (left || box().dataset.state !== "full") e.stopImmediatePropagation(); }, true);
    if (waiting !== null) send(waiting);
  };

  // With a network

  const onTheLaptop = () => {
    let slower = 1000, said = typedBefore() ? "" : JSON.stringify(typed()), busy = false, over = false, down = false, resting;
    const rest = (ms) => {
      clearTimeout(resting);
      resting = setTimeout(save, ms);
    };
    const save = async (more) => {
      clearTimeout(resting);
      const text = typed(), body = JSON.stringify(text);
      if (over || busy || body === said) return;
      busy = true;
      let soon = DRAFT_MS;
      try {
        if (down) await keepHere(text).catch(() => 0);
        const fields = [...text.ticks, ...text.texts, ["csrf_token", form().elements.csrf_token.value]];
        const came = await post(`${form().action.replace(/\?.*/, "")}/draft`, fields, more);
        if (came.status === 400 || came.status === 403) await fresh();
        if (came.status === 404) throw new Error("Gone");
        if (!came.headers.get("Content-Type").startsWith("application/json")) throw new Error();
        const answer = (await came.json()).said;
        said = body;
        slower = 1000;
        if (down && came.ok && !over) await forget(walk()).catch(() => 0);
        down &&= !came.ok;
        // What was typed while it was on its way is not kept yet.
        if (over) return;
        if (JSON.stringify(typed()) === said) say(came.ok ? "Draft" : "Refused", answer);
        else say("Typing");
      } catch (fault) {
        const why = ["Out", "Gone"].includes(fault.message) ? fault.message : "Retry";
        down = true;
        const stored = await keepHere(typed()).then(() => true, () => false);
        if (!over) say(why === "Retry" && stored ? "Kept" : why);
        soon = slower;
        slower = Math.min(slower * 2, SLOWEST_MS);
      } finally {
        busy = false;
      }
      if (JSON.stringify(typed()) !== said) rest(soon);
    };
    shown = () => {
      over = false;
      said = "";
      rest(DRAFT_MS);
    };
    document.addEventListener("input", () => {
      if (box().dataset.state !== "typing" && !sending) say("Typing");
      if (waiting === null) {
        over = false;
        return rest(down || !navigator.onLine ? TYPED_MS : DRAFT_MS);
      }
      clearTimeout(timer);
      timer = setTimeout(store, TYPED_MS);
    });
    document.addEventListener("submit", (e) => { over ||= e.target.matches("[data-note]"); });
    sendWhenPressed();
    document.addEventListener("visibilitychange", () => { save(document.hidden ? { keepalive: true } : {}); });
    if (!said) rest(DRAFT_MS);
    // What is kept here or saved is not lost by leaving; what is only on the page is.
    addEventListener("beforeunload", (e) => {
      const { state } = box().dataset;
      if (left || going || ["kept", "unsent"].includes(state)) e.stopImmediatePropagation();
      else if (["here", "retry", "out", "sending", "look", "refused"].includes(state)) e.preventDefault();
    }, true);
  };

  const begin = async () => {
    const here = box();
    await tidied;
    if (!mark || !here) return;
    if (able && onWay()) await onTheWay();
    else if (able && here.dataset.opened !== undefined && await kept(walk()).catch(() => 0)) location.replace("?on_the_way=1");
    else onTheLaptop();
  };
  begin();
})();
