// Drawing a route on the map, with a mouse, a finger or the keyboard. Every step can be taken back. The server judges what
// is sent; what is not sent yet stays on this device (kept_lines.js).
(async () => {
  const { open, latLngs, casing, way, sign, ask, say, find } = window.walkMap, { lines, keptLines } = window;
  const box = find("#map"), form = find("form[data-draw]"), said = box.dataset, route = form.dataset.draw;
  const keeps = "keeps" in form.dataset, isNew = route === "new", all = (what) => [...document.querySelectorAll(what)];
  const tell = (text) => say("[data-chosen]", text), button = (what) => find(`[data-do=${what}]`);

  // What is there

  const drawn = said.line ? await ask(said.line) : { features: [] };
  if (!drawn) return tell(said.saidNotRead);
  const load = ({ features, removed = [], paths = false }) => ({
    parts: features.filter((one) => one.geometry.type === "MultiLineString").flatMap((one) => latLngs(one.geometry)),
    places: features.filter((one) => one.geometry.type === "Point").map(({ geometry: { coordinates: [lng, lat] }, properties: p }) => (
      { key: p.key ?? p.id ?? "", id: p.id ?? "", kind: p.kind, name: p.name, image: p.image, at: [lat, lng], changed: p.changed ?? false })),
    removed,
    paths,
  });
  let history = [load(drawn)], now = 0, chosen = null, adding = false, carried = false, fresh = 0, leaving = false;
  const version = String(drawn.version ?? "");
  if (version && !form.elements.line.value) form.elements.version.value = version;
  const state = () => history[now];
  const shownPlace = () => state().places.find((one) => one.key === chosen?.place);

  // How it is drawn

  box.hidden = false;
  const map = open(box, { doubleClickZoom: false });
  const layer = L.layerGroup().addTo(map), signs = L.layerGroup().addTo(map);
  const handles = window.handlesOf(map, {
    chosen: (s, i) => adding ? addPlace([...state().parts[s][i]]) : choose(chosen?.s === s && chosen.i === i ? null : { s, i }),
    moved: (s, i, at) => { chosen = { s, i }; movePoint(lines.point(at)); },
  });
  // A leg that was drawn straight follows its path now, in every step that it stands in: undo takes the whole of it.
  const paths = window.pathsOf(form, {
    arrived: ({ from, to }, points) => {
      const here = lines.leg(state().parts, from, to);
      history = history.map((one) => {
        const at = lines.leg(one.parts, from, to);
        return at ? { ...one, parts: lines.fill(one.parts, at, points), paths: true } : one;
      });
      if (!here) return;
      if (chosen?.s === here.s && chosen.i > here.i) chosen = { ...chosen, i: chosen.i + points.length };
      handles.came(here.s, here.i, points.length);
    },
    ended: (why) => {
      say("[data-paths-said]", { "no-path": said.saidNoPath, "no-paths": said.saidNoPaths }[why] ?? "");
      refresh(told);
      if (history.length > 1) keep();
    },
  });
  const fit = () => {
    const { parts, places } = state(), spots = [...parts.flat(), ...places.map((one) => one.at)];
    if (spots.length) map.fitBounds(L.latLngBounds(spots), { padding: [40, 40], maxZoom: 17, animate: false });
    else map.setView(said.home.split(",").map(Number), 15, { animate: false });
  };
  const nearest = (latlng) => {
    const tapped = map.latLngToLayerPoint(latlng);
    let best = { px: Infinity };
    state().parts.forEach((part, s) => part.slice(1).forEach((to, n) => {
      const a = map.latLngToLayerPoint(part[n]), b = map.latLngToLayerPoint(to);
      const px = L.LineUtil.pointToSegmentDistance(tapped, a, b);
      if (px < best.px) best = { px, s, i: n + 1, at: map.layerPointToLatLng(L.LineUtil.closestPointOnSegment(tapped, a, b)) };
    }));
    return best;
  };
  const drawHandles = () => {
    const point = chosen && "s" in chosen ? chosen : null;
    find("[data-thinned]").hidden = !handles.draw(state().parts, point);
  };
  const draw = () => {
    const { parts, places } = state();
    layer.clearLayers();
    if (parts.length) {
      const hit = L.polyline(parts, { className: "hit", weight: 30 });
      hit.on("click", (e) => { L.DomEvent.stop(e); tapLine(e.latlng); });
      layer.addLayer(casing(parts)).addLayer(way(parts)).addLayer(hit);
      paths.waiting(parts).forEach((leg) => layer.addLayer(L.polyline(leg, { className: "waits", interactive: false })));
    }
    if (!carried) signs.clearLayers();
    if (!carried) places.forEach((one, n) => {
      const kind = find(`#p-kind option[value="${one.kind}"]`)?.textContent ?? "";
      const words = `${n + 1}. ${kind}${one.name ? `: ${one.name}` : ""}`;
      const marker = sign(one.at, { text: n + 1, words, kind: one.key === chosen?.place ? "chosen" : "", draggable: true, zIndexOffset: 400 });
      marker.on("click", () => choose(one.key === chosen?.place ? null : { place: one.key }, words));
      marker.on("dragstart", () => { carried = true; });
      marker.on("dragend", () => { carried = false; setTimeout(() => { chosen = { place: one.key }; movePlace(lines.point(marker.getLatLng().wrap())); }, 0); });
      signs.addLayer(marker);
    });
    drawHandles();
  };

  // What is said of it. Aloud only when the hand rests.
  let rest;
  const number = (value, digits) => value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const words = () => {
    const m = lines.length(state().parts), tens = Math.round(m / 10) * 10, minutes = Math.max(1, Math.round(m * 0.06 / said.pace));
    const far = tens < 1000 ? `${tens} m` : `${number(m / 1000, 1)} km`, count = lines.count(state().parts);
    const time = minutes < 60 ? said.saidMinutes.replace("{n}", minutes) : said.saidHours.replace("{h}", Math.floor(minutes / 60)).replace("{n}", minutes % 60);
    return (count > 1 ? said.saidLength : count ? said.saidOne : said.saidNothing).replace("{far}", far).replace("{time}", time).replace("{count}", number(count, 0));
  };
  const report = () => {
    find("[data-length]").textContent = words();
    find("[data-length]").dataset.metres = Math.round(lines.length(state().parts));
    clearTimeout(rest);
    rest = setTimeout(() => say("[data-length-said]", words()), 1500);
  };
  const about = () => {
    if (adding) return said.saidTapPlace;
    if (chosen?.place !== undefined) return said.saidPlace;
    if (!chosen) return said.saidTap;
    const before = state().parts.slice(0, chosen.s).reduce((sum, part) => sum + part.length, 0);
    return said.saidPoint.replace("{n}", before + chosen.i + 1).replace("{count}", lines.count(state().parts));
  };
  let told;
  const refresh = (text) => {
    told = text;
    const { parts } = state(), point = chosen && "s" in chosen, place = shownPlace(), credit = find("[data-paths-credit]");
    draw();
    if (credit) credit.hidden = !state().paths;
    report();
    tell(text ?? about());
    button("undo").disabled = now === 0;
    button("redo").disabled = now === history.length - 1;
    ["reverse", "close", "before", "after"].forEach((what) => { button(what).disabled = lines.count(parts) < 2; });
    all("[data-of-point]").forEach((one) => { one.hidden = !point; });
    button("remove").disabled = !chosen;
    button("done").disabled = !chosen && !adding;
    button("cut").disabled = !point || chosen.i === 0 || chosen.i === parts[chosen.s].length - 1;
    button("place").setAttribute("aria-pressed", adding);
    find("[data-of-place]").hidden = !place;
    // Not where somebody is typing: a leg may come in the middle of a word.
    if (place) [["kind", "other"], ["name", ""], ["image", ""]].forEach(([name, none]) => { if (find(`#p-${name}:focus`) === null) find(`#p-${name}`).value = place[name] || none; });
    // Not of a page that has not heard yet whether it goes on with what was kept.
    all("[data-editing]").forEach((one) => { one.disabled = !editing; });
  };
  const choose = (what, text) => {
    if (!editing) return;
    chosen = what;
    adding = false;
    refresh(text);
  };

  // Steps. `same`: goes on with the step before it, such as the next press of an arrow.
  let editing = true, step = "";
  const collection = ({ parts, places, removed, paths: followed }, only) => ({
    type: "FeatureCollection",
    features: [
      ...(parts.length ? [{ type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: parts.map((part) => part.map(([lat, lng]) => [lng, lat])) } }] : []),
      ...places.filter((one) => one.changed || !only).map(({ at: [lat, lng], key, id, kind, name, image, changed }) => (
        { type: "Feature", properties: { ...(only ? {} : { key, changed }), id, kind, name, image }, geometry: { type: "Point", coordinates: [lng, lat] } })),
    ],
    removed,
    paths: followed,
  });
  // Of a new route under its form: two tabs draw two routes.
  let key = isNew ? `new.${form.elements.form_id.value}` : route;
  const keep = async () => {
    form.dataset.state = "unkept";
    const kept = keeps && await keptLines.keep(key, { drawing: collection(state()), name: form.elements.name?.value, version: form.elements.version.value, at: Date.now() });
    if (kept === null) return;
    form.dataset.state = kept ? "kept" : "unkept";
    say("[data-kept-line]", kept ? said.saidKept : keeps ? said.saidFull : said.saidKeepsNothing);
  };
  const change = (next, same = "", text) => {
    if (!editing) return;
    const after = { ...state(), ...next };
    if (same && same === step && now === history.length - 1) history[now] = after;
    else {
      history = [...history.slice(0, now + 1), after];
      now += 1;
    }
    step = same;
    refresh(text);
    keep();
  };
  const go = (by) => {
    const to = now + by;
    if (!editing || to < 0 || to >= history.length) return;
    now = to;
    chosen = null;
    adding = false;
    step = "";
    refresh(by < 0 ? said.saidUndone : said.saidRedone);
    keep();
  };

  const add = (at) => {
    paths.tap(state().parts.at(-1)?.at(-1), at);
    change({ parts: lines.append(state().parts, [at]) });
  };
  const movePoint = (at, same) => {
    const { s, i } = chosen, [before, after] = handles.beside(state().parts, s, i);
    chosen = { s, i: before + 1 };
    change({ parts: lines.between(state().parts, s, [before, after], [at]) }, same && `point ${s} ${before + 1}`);
  };
  const changePlace = (more, same) => change({ places: state().places.map((one) => (one.key === chosen.place ? { ...one, ...more, changed: true } : one)) }, same);
  const movePlace = (at, same) => changePlace({ at }, same && `place ${chosen.place}`);
  const addPlace = (at) => {
    const key = `new ${fresh += 1} ${Date.now()}`;
    adding = false;
    chosen = { place: key };
    change({ places: [...state().places, { key, id: "", kind: "bench", name: "", image: "", at, changed: true }] });
    find("#p-kind").focus();
  };
  const tapLine = (latlng) => {
    if (!editing) return;
    if (chosen || adding) return tap(latlng);
    const { s, i, at } = nearest(latlng);
    chosen = { s, i };
    change({ parts: lines.insert(state().parts, s, i, lines.point(at)) }, "", said.saidInserted);
  };
  const tap = (latlng) => {
    if (!editing) return;
    const at = lines.point(latlng.wrap());
    if (adding) return addPlace(at);
    if (chosen?.place !== undefined) movePlace(at);
    else if (chosen) movePoint(at);
    else return add(at);
    chosen = null;
    refresh(said.saidMoved);
  };
  const remove = () => {
    const { parts, places, removed } = state();
    if (chosen?.place !== undefined) {
      const { id } = shownPlace(), key = chosen.place;
      chosen = null;
      return change({ places: places.filter((one) => one.key !== key), removed: id ? [...removed, id] : removed });
    }
    if (!chosen) return;
    const { s, i } = chosen, beside = handles.beside(parts, s, i);
    chosen = null;
    change({ parts: lines.between(parts, s, beside, []) }, "", said.saidRemoved);
  };
  const next = (by) => {
    const { parts } = state(), points = parts.flatMap((part, s) => part.map((_, i) => ({ s, i })));
    const at = points.findIndex(({ s, i }) => s === chosen?.s && i === chosen?.i);
    if (!points.length) return;
    const to = points[at < 0 ? (by > 0 ? 0 : points.length - 1) : (at + by + points.length) % points.length];
    choose(to);
    map.panInside(parts[to.s][to.i], { padding: [60, 60], animate: false });
  };
  const close = () => {
    const { parts } = state();
    paths.lead(parts.at(-1).at(-1), parts[0][0]);
    whole(lines.close(parts), said.saidClosed);
  };
  const whole = (parts, text) => { chosen = null; change({ parts }, "", text); };

  const acts = {
    undo: () => go(-1),
    redo: () => go(1),
    middle: () => tap(map.getCenter()),
    before: () => next(-1),
    after: () => next(1),
    remove,
    begin: () => whole(lines.beginAt(state().parts, chosen.s, chosen.i)),
    end: () => whole(lines.endAt(state().parts, chosen.s, chosen.i)),
    cut: () => whole(lines.cutAt(state().parts, chosen.s, chosen.i), said.saidCut),
    reverse: () => whole(lines.reverse(state().parts), said.saidReversed),
    close,
    paths: paths.turn,
    place: () => { adding = !adding; chosen = null; refresh(); },
    done: () => choose(null),
    fit,
  };
  document.addEventListener("click", (e) => {
    const pressed = e.target.closest("[data-do]");
    if (pressed) acts[pressed.dataset.do]?.();
  });
  ["kind", "name", "image"].forEach((name) => find(`#p-${name}`).addEventListener("change", (e) => chosen?.place !== undefined && changePlace({ [name]: e.target.value })));
  map.on("click", (e) => tap(e.latlng)).on("zoomend moveend", drawHandles);

  // Keys: the arrows move what is chosen, else the map.
  const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const onMap = (e) => {
    const arrow = ARROWS[e.key], act = { Delete: remove, Backspace: remove, Escape: () => choose(null) }[e.key];
    if (e.key === "Enter" && e.target === box) acts.middle();
    else if (act && (chosen || adding)) act();
    else if (arrow && chosen && !e.ctrlKey) {
      const at = chosen.place === undefined ? state().parts[chosen.s][chosen.i] : shownPlace().at;
      const to = map.containerPointToLatLng(map.latLngToContainerPoint(at).add(L.point(arrow).multiplyBy(e.shiftKey ? 1 : 8)));
      (chosen.place === undefined ? movePoint : movePlace)(lines.point(to.wrap()), true);
    } else return;
    e.preventDefault();
    e.stopImmediatePropagation();
  };
  box.addEventListener("keydown", onMap, true);
  document.addEventListener("keydown", (e) => {
    if (!(e.ctrlKey || e.metaKey) || e.target.closest("input, textarea, select")) return;
    const by = { z: e.shiftKey ? 1 : -1, y: 1 }[e.key.toLowerCase()];
    if (!by) return;
    e.preventDefault();
    go(by);
  });

  // Saving

  const sentence = (what) => {
    find("[data-out]").hidden = what !== "out";
    find("[data-conflict]").hidden = what !== "conflict";
    return { unsent: said.saidUnsent, out: said.saidOut, gone: said.saidGone, conflict: said.saidConflict }[what] ?? "";
  };
  const save = async () => {
    if (leaving || !editing) return;
    const nameless = isNew && !form.elements.name.value.trim(), nowhere = !lines.goesSomewhere(state().parts);
    window.showRefused(form, [...(nameless ? [["name", said.saidNameless]] : []), ...(nowhere ? [["map", said.saidTooFew]] : [])]);
    if (nameless || nowhere) return say("[data-saving]", "");
    say("[data-saving]", said.saidSending);
    editing = false;
    refresh("");
    await paths.done();
    const came = await window.sendDrawing(form, collection(state(), true));
    form.dataset.sent = came.what;
    if (came.what === "saved") {
      leaving = true;
      await keptLines.forget(key);
      return location.assign(came.to);
    }
    editing = true;
    refresh();
    keep();
    if (came.what === "conflict") Object.assign(find("[data-over]").dataset, { over: came.version ?? "", form: came.form });
    say("[data-saving]", sentence(came.what));
    // The line is a hidden field: its place on the page is the map.
    if (came.what === "refused") window.showRefused(form, came.wrong.map(([id, words]) => [id === "line" ? "map" : id, words]));
  };
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    save();
  });
  form.addEventListener("input", (e) => { if (editing && e.target.name === "name") keep(); });
  find("[data-over]").addEventListener("click", (e) => {
    form.elements.version.value = e.currentTarget.dataset.over;
    form.elements.form_id.value = e.currentTarget.dataset.form;
    save();
  });
  addEventListener("beforeunload", (e) => { if (!leaving && form.dataset.state === "unkept") e.preventDefault(); });

  // As times are written everywhere: 9.17 in Dutch.
  const moment = (at) => {
    const { lang } = document.documentElement, time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    return `${at.toLocaleDateString(lang, { weekday: "long" })} ${lang === "nl" ? time.replace(/^0/, "").replace(":", ".") : time}`;
  };

  // What was kept here is offered first: nothing is drawn over it.
  const sent = form.elements.line.value, found = keeps && isNew && !sent ? await keptLines.left() : null;
  if (found) key = found; else if (isNew) keptLines.take(key);
  const kept = keeps ? await keptLines.read(key) : null;
  const goOn = (drawing, its) => {
    history = [history[0], { ...history[0], ...load(drawing) }];
    now = 1;
    if (its) form.elements.version.value = its;
    fit();
  };
  if (sent) {
    try { goOn(JSON.parse(sent)); } catch { /* what came back is no drawing */ }
  } else if (kept) {
    editing = false;
    const offer = find("[data-offer]"), when = moment(new Date(kept.at));
    offer.hidden = false;
    say("[data-offered]", said.saidOffer.replace("{when}", when));
    const decide = (on) => {
      editing = true;
      offer.hidden = true;
      if (on) goOn(kept.drawing, kept.version); else keptLines.forget(key);
      // The same form: sent again, it is the same route.
      if (on && isNew) form.elements.form_id.value = key.slice(4);
      if (on && kept.name) form.elements.name.value ||= kept.name;
      refresh();
      if (on) keep();
      box.focus({ preventScroll: true });
    };
    find("[data-go-on]").onclick = () => decide(true);
    find("[data-throw-away]").onclick = () => decide(false);
  }
  fit();
  refresh();
  box.dataset.ready = "";
})();
