// The big map: the line, where one meets, the places. What is chosen is said below the map.
(async () => {
  const { open, latLngs, casing, way, sign, ask, say, find } = window.walkMap, box = find("#map");
  const drawn = await ask(box.dataset.line);
  if (!drawn) return say("[data-chosen]", box.dataset.saidNotRead);
  box.hidden = false;
  const map = open(box), all = L.featureGroup().addTo(map);
  const choose = (words, at) => {
    say("[data-chosen]", words);
    if (!map.getBounds().contains(at)) map.panTo(at);
  };
  for (const { geometry, properties } of drawn.features) {
    if (geometry.type === "MultiLineString") {
      const lines = latLngs(geometry);
      all.addLayer(casing(lines)).addLayer(way(lines));
      continue;
    }
    const [lng, lat] = geometry.coordinates, { number, kind, words } = properties;
    const text = number ?? (kind === "meeting" ? box.dataset.saidStart : "•");
    const marker = sign([lat, lng], { text, words: number ? `${number}. ${words}` : words, kind: kind === "meeting" ? "meets" : "", zIndexOffset: kind === "meeting" ? 500 : 0 });
    marker.on("click", () => choose(words, [lat, lng]));
    all.addLayer(marker);
  }
  map.fitBounds(all.getBounds(), { padding: [40, 40], maxZoom: 16, animate: false });
})();
