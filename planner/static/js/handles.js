// The points of a line that can be taken hold of. A recorded line has thousands: then only some are shown, those that give
// it its shape at this size; what lies between two of them stays until one of the two is moved.
window.handlesOf = (map, { chosen, moved }) => {
  const MOST = 80, CLOSE_PX = 4;
  const layer = L.layerGroup().addTo(map);
  let spines = [], held = null;

  const places = (part) => part.map((one, at) => Object.assign(map.latLngToLayerPoint(one), { at }));
  const inView = (parts, some) => some.flatMap((spine, s) => spine.filter((i) => map.getBounds().pad(0.1).contains(parts[s][i])).map((i) => [s, i]));
  const thinned = (parts) => {
    if (window.lines.count(parts) <= MOST) return parts.map((part) => part.map((_, i) => i));
    const drawn = parts.map(places);
    for (let px = CLOSE_PX; ; px *= 1.5) {
      const some = drawn.map((part) => L.LineUtil.simplify(part, px).map(({ at }) => at));
      if (inView(parts, some).length <= MOST || px > 4000) return some;
    }
  };

  // The handles before and after a point, also when it is no handle itself.
  const beside = (parts, s, i) => {
    const spine = spines[s] ?? [], part = parts[s];
    const before = spine.filter((one) => one < i).at(-1) ?? (i > 0 ? i - 1 : -1);
    return [before, spine.find((one) => one > i) ?? (i < part.length - 1 ? i + 1 : part.length)];
  };

  // Not while one is in the hand: the map moves along at its edge.
  const draw = (parts, selected) => {
    const thin = () => window.lines.count(parts) > spines.reduce((sum, spine) => sum + spine.length, 0);
    if (held) return thin();
    layer.clearLayers();
    spines = thinned(parts);
    const shown = inView(parts, spines), last = parts.length - 1;
    if (selected && !shown.some(([s, i]) => s === selected.s && i === selected.i)) shown.push([selected.s, selected.i]);
    for (const [s, i] of shown) {
      const is = selected?.s === s && selected.i === i;
      const kind = `handle${is ? " chosen" : ""}${s === 0 && i === 0 ? " begins-here" : ""}${s === last && i === parts[s].length - 1 ? " ends-here" : ""}`;
      const icon = L.divIcon({ className: kind, iconSize: [48, 48] });
      const one = L.marker(parts[s][i], { icon, draggable: true, keyboard: false, autoPan: true, zIndexOffset: is ? 900 : 0 });
      one.on("click", () => chosen(s, i)).on("dragstart", () => { held = { s, i }; }).on("dragend", () => {
        const it = held;
        held = null;
        setTimeout(() => moved(it.s, it.i, one.getLatLng().wrap()), 0);
      });
      one.on("add", () => one.getElement().setAttribute("aria-hidden", "true"));
      layer.addLayer(one);
    }
    return thin();
  };
  // So many points came in behind this one, also while another is in the hand.
  const came = (s, i, many) => {
    if (held?.s === s && held.i > i) held.i += many;
    if (spines[s]) spines[s] = spines[s].flatMap((one) => (one < i ? [one] : one > i ? [one + many] : [one, ...Array.from({ length: many }, (_, n) => i + 1 + n)]));
  };
  return { draw, beside, came };
};
