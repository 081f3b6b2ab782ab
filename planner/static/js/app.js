// Extras only: every page works without this file.
(() => {
  "use strict";
  const all = (what, inside = document) => [...inside.querySelectorAll(what)];
  const page = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
  const swap = (id, from) => {
    const old = document.getElementById(id), fresh = from.getElementById(id);
    if (old && fresh) old.replaceWith(document.importNode(fresh, true));
    return fresh;
  };

  // Typed text is not lost by leaving.
  let unsaved = false;
  document.addEventListener("input", (e) => {
    if (e.target.matches("form[method=post] :is(textarea,[type=text])")) unsaved = true;
  });
  document.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (e) => { if (unsaved) e.preventDefault(); });

  // A chip and the field behind it: the last one touched counts.
  document.addEventListener("change", (e) => {
    const group = e.target.closest(".moment");
    if (!group) return;
    const chip = e.target.type === "radio";
    all("input", group).forEach((i) => {
      if (chip && i.type !== "radio") i.value = "";
      if (!chip && i.type === "radio" && e.target.value) i.checked = false;
    });
  });

  // The chosen day and time in words, and the weather of the plan in the making.
  all("form").forEach((form) => {
    const echo = form.querySelector("[data-echo]"), box = form.dataset.preview;
    if (!echo && !box) return;
    let timer, going;
    const last = (name) => new FormData(form).getAll(name).filter(Boolean).pop();
    const say = () => {
      const on = last("date"), at = last("time"), lang = document.documentElement.lang;
      if (!on) return;
      const day = new Date(on + "T12:00").toLocaleDateString(lang === "nl" ? "nl-NL" : "en-GB",
        { weekday: "long", day: "numeric", month: "long" });
      const nl = at && at.replace(/^0/, "").replace(":", ".") + " uur";
      echo.textContent = day + (at ? ", " + (lang === "nl" ? nl : at) : "");
    };
    const look = async () => {
      if (going) going.abort();
      going = new AbortController();
      const data = new FormData(form);
      data.set("action", "preview");
      try {
        const answer = await fetch(form.action, { method: "POST", body: data, signal: going.signal });
        if (answer.ok) swap(box, await page(answer));
      } catch { /* the button still works */ }
    };
    form.addEventListener("change", () => {
      if (echo) say();
      if (box) { clearTimeout(timer); timer = setTimeout(look, 400); }
    });
  });

  // Weather that is on its way.
  const wait = (id, src, left) => setTimeout(async () => {
    try {
      const fresh = swap(id, await page(await fetch(src)));
      if (fresh && !fresh.hasAttribute("data-pending")) return;
    } catch { /* try again */ }
    if (left > 1) wait(id, src, left - 1);
  }, 2000);
  all("[data-refresh-src][data-pending]").forEach((e) => wait(e.id, e.dataset.refreshSrc, 15));

  // Copy and share.
  all("[data-copy]").forEach((b) => {
    b.hidden = false;
    b.addEventListener("click", async () => {
      const text = b.dataset.copy;
      if (b.hasAttribute("data-share") && navigator.share) return navigator.share({ url: text }).catch(() => {});
      await navigator.clipboard.writeText(text);
      b.querySelector("[role=status]").textContent = b.dataset.done;
    });
  });

  // The account menu closes when it is left.
  addEventListener("click", (e) => all(".me[open]").forEach((m) => { if (!m.contains(e.target)) m.open = false; }));
})();
