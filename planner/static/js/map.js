// A map of ours: an empty ground with our own tiles on it, big signs, and words instead of popups.
window.walkMap = (() => {
  const TRIES = 4, WAIT_MS = 2000, PATIENT_MS = 8000, SILENT_MS = 4000, LONGEST_MS = 30000;
  const find = (what) => document.querySelector(what);
  const say = (what, text) => {
    const place = find(what);
    if (place && place.textContent !== text) place.textContent = text;
  };

  // Pieces of the ground, fetched so that a failure is seen: one that failed is asked for again a few times, quietly when
  // that is soon. One that is long in coming is said too.
  const Ground = L.GridLayer.extend({
    createTile({ x, y, z }, done) {
      const tile = L.DomUtil.create("img");
      tile.alt = "";
      this._ask(tile, L.Util.template(this.options.address, { x, y, z }), 1, done);
      return tile;
    },
    async _ask(tile, address, tries, done) {
      const late = setTimeout(() => this.fire("ground", { is: false }), SILENT_MS);
      const came = await fetch(address).catch(() => undefined);
      clearTimeout(late);
      if (came?.ok) {
        const reader = new FileReader();
        reader.onload = () => { tile.src = reader.result; };
        reader.readAsDataURL(await came.blob());
        this.fire("ground", { is: true });
        return done(null, tile);
      }
      if (tries >= TRIES) {
        this.fire("ground", { is: false });
        return done(new Error("no ground"), tile);
      }
      const asked = Number(came?.headers.get("Retry-After")) * 1000 || WAIT_MS * 2 ** (tries - 1);
      if (asked > PATIENT_MS || tries > 1) this.fire("ground", { is: false });
      setTimeout(() => {
        if (this._map && [...Object.values(this._tiles)].some((one) => one.el === tile)) this._ask(tile, address, tries + 1, done);
      }, Math.min(asked, LONGEST_MS));
    },
  });

  // Which words go with a map stand in its box, as data-said-….
  const open = (box, more) => {
    const said = box.dataset;
    find("[data-flat]")?.setAttribute("hidden", "");
    document.querySelectorAll("[data-with-map]").forEach((one) => { one.hidden = false; });
    find("[data-credit]")?.removeAttribute("hidden");
    const map = L.map(box, { zoomControl: false, attributionControl: false, minZoom: 3, maxZoom: 19, zoomSnap: 1, ...more });
    L.control.zoom({ zoomInTitle: said.saidCloser, zoomOutTitle: said.saidFarther }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const [south, west, north, east] = said.reach.split(" ").map(Number);
    const bounds = said.reach ? [[south, west], [north, east]] : undefined;
    new Ground({ address: said.ground, bounds, minZoom: 6, maxZoom: 19, keepBuffer: 1, updateWhenIdle: true })
      .on("ground", ({ is }) => say("[data-ground-gone]", is ? "" : said.saidNoGround)).addTo(map);
    find("[data-locate]")?.addEventListener("click", () => {
      say("[data-where]", said.saidLooking);
      map.locate({ setView: true, maxZoom: 17, timeout: 15000 });
    });
    const spot = L.featureGroup().addTo(map);
    map.on("locationfound", ({ latlng, accuracy }) => {
      spot.clearLayers();
      L.circle(latlng, { radius: accuracy, className: "here-about", interactive: false }).addTo(spot);
      L.circleMarker(latlng, { radius: 9, className: "here", interactive: false }).addTo(spot);
      say("[data-where]", said.saidHere.replace("{m}", Math.round(accuracy)));
    });
    map.on("locationerror", () => say("[data-where]", said.saidNowhere));
    return map;
  };

  const latLngs = (geometry) => geometry.coordinates.map((line) => line.map(([lng, lat]) => [lat, lng]));
  const casing = (lines) => L.polyline(lines, { className: "casing", interactive: false });
  const way = (lines) => L.polyline(lines, { className: "way", interactive: false });

  // A sign of 48 px with a number or a letter in it; a key does what a tap does.
  const sign = (at, { text = "", words, kind = "", ...more }) => {
    const inside = document.createElement("span");
    inside.textContent = text;
    const icon = L.divIcon({ className: `sign ${kind}`, html: inside, iconSize: [48, 48] });
    const marker = L.marker(at, { icon, riseOnHover: true, ...more });
    marker.on("add", () => {
      const shown = marker.getElement();
      shown.setAttribute("aria-label", words);
      shown.addEventListener("keydown", (e) => {
        if (e.key !== "Enter" && e.key !== " ") return;
        e.preventDefault();
        e.stopPropagation();
        marker.fire("click");
      });
    });
    return marker;
  };

  // What there is to draw. `null`: it could not be asked for.
  const ask = async (address) => {
    const came = await fetch(address).catch(() => undefined);
    return came?.ok ? came.json().catch(() => null) : null;
  };

  return { open, latLngs, casing, way, sign, ask, say, find };
})();
