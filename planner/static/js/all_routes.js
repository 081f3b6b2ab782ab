// All routes on one map: each line, and its number where it starts. What is chosen is named below the map, with the way to
// its page. Numbers that would lie over each other share a sign.
(async () => {
  const { open, latLngs, casing, way, sign, ask, say, find } = window.walkMap, box = find("#map"), NEAR = L.point(64, 44);
  const drawn = await ask(box.dataset.line);
  if (!drawn) return say("[data-chosen]", box.dataset.saidNotRead);
  box.hidden = false;
  const map = open(box), signs = L.layerGroup().addTo(map), ways = new Map(), picked = find("[data-picked]");
  const routes = drawn.features.filter(({ geometry }) => geometry.type === "Point").map(({ geometry, properties }) => ({ ...properties, at: [...geometry.coordinates].reverse() }));
  const label = (some) => (some.length > 2 ? `${some[0].number} +${some.length - 1}` : some.map((one) => one.number).join(", "));
  let chosen = [];

  const link = ({ number, name, to }) => Object.assign(document.createElement("a"), { href: to, textContent: `${number}. ${name}`, className: "btn" });
  const choose = (some) => {
    chosen = some.map((one) => one.number);
    ways.forEach((line, number) => line.getElement().classList.toggle("chosen", chosen.includes(number)));
    chosen.forEach((number) => ways.get(number)?.bringToFront());
    say("[data-chosen]", some.map((one) => one.words).join("; "));
    picked.replaceChildren(...some.map(link));
    drawSigns();
  };
  // Which numbers come together depends on how close one looks. The keyboard stays with the route it was at.
  const drawSigns = () => {
    const groups = [], held = Number(document.activeElement?.dataset?.number);
    for (const one of routes) {
      const at = map.latLngToLayerPoint(one.at), near = groups.find(({ at: { x, y } }) => Math.abs(x - at.x) < NEAR.x && Math.abs(y - at.y) < NEAR.y);
      if (near) near.some.push(one); else groups.push({ at, some: [one] });
    }
    signs.clearLayers();
    for (const { some } of groups) {
      const is = some.some((one) => chosen.includes(one.number));
      const marker = sign(some[0].at, { text: label(some), words: some.map((one) => one.words).join("; "), kind: is ? "chosen" : "", zIndexOffset: is ? 900 : 0 });
      marker.on("click", ({ originalEvent }) => {
        choose(some);
        if (!originalEvent) picked.querySelector("a").focus();
      });
      signs.addLayer(marker);
      marker.getElement().dataset.number = some[0].number;
      if (some.some((one) => one.number === held)) marker.getElement().focus({ preventScroll: true });
    }
  };

  for (const { geometry, properties } of drawn.features.filter((one) => one.geometry.type === "MultiLineString")) {
    const lines = latLngs(geometry), hit = L.polyline(lines, { className: "hit", weight: 30 });
    const line = way(lines);
    hit.on("click", (e) => { L.DomEvent.stop(e); choose(routes.filter((one) => one.number === properties.number)); });
    ways.set(properties.number, line);
    [casing(lines), line, hit].forEach((one) => one.addTo(map));
  }
  // From a link below the map back to its number on it.
  picked.addEventListener("keydown", (e) => {
    if (e.key === "Escape") document.querySelector(".sign.chosen")?.focus();
  });
  const near = find("[data-near-me]");
  map.on("locationfound", ({ latlng }) => {
    const to = new URL(location.href);
    to.searchParams.set("place", `${latlng.lat.toFixed(3)}, ${latlng.lng.toFixed(3)}`);
    if (!to.searchParams.get("within")) to.searchParams.set("within", "5");
    near.href = to;
    near.hidden = false;
  });
  map.fitBounds(L.latLngBounds([...routes.map((one) => one.at), ...[...ways.values()].map((one) => one.getBounds()).flatMap((all) => [all.getSouthWest(), all.getNorthEast()])]), { padding: [40, 40], maxZoom: 16, animate: false });
  map.on("zoomend", drawSigns);
  drawSigns();
  say("[data-chosen]", box.dataset.saidChoose);
  box.dataset.ready = "";
})();
