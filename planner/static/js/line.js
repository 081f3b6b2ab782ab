// Lines that are being drawn: parts of [latitude, longitude]. Every change gives a new line and leaves the old one alone,
// so that it can be taken back. Lengths are those of planner/domain/geo.py.
window.lines = (() => {
  const EARTH_M = 6371008.8, RADIAN = Math.PI / 180;
  const round = (degrees) => Math.round(degrees * 1e7) / 1e7;
  const point = ({ lat, lng }) => [round(lat), round(lng)];
  const same = (one, other) => one[0] === other[0] && one[1] === other[1];
  const metres = ([lat1, lng1], [lat2, lng2]) => {
    const north = Math.sin((lat2 - lat1) * RADIAN / 2), east = Math.sin((lng2 - lng1) * RADIAN / 2);
    const root = Math.sqrt(north * north + Math.cos(lat1 * RADIAN) * Math.cos(lat2 * RADIAN) * east * east);
    return 2 * EARTH_M * Math.asin(Math.min(1, root));
  };
  const length = (parts) => parts.reduce((sum, part) => sum + part.slice(1).reduce((all, to, n) => all + metres(part[n], to), 0), 0);
  const count = (parts) => parts.reduce((sum, part) => sum + part.length, 0);
  const goesSomewhere = (parts) => parts.some((part) => part.some((one) => !same(one, part[0])));
  const put = (parts, s, part) => [...parts.slice(0, s), ...(part.length ? [part] : []), ...parts.slice(s + 1)];

  // At the end of the last part.
  const append = (parts, points) => (parts.length ? put(parts, parts.length - 1, [...parts.at(-1), ...points]) : [points]);
  const insert = (parts, s, i, one) => put(parts, s, [...parts[s].slice(0, i), one, ...parts[s].slice(i)]);
  // Between two neighbours there is only what is given: one point that was moved, or none that was taken away.
  const between = (parts, s, [before, after], points) => put(parts, s, [...parts[s].slice(0, before + 1), ...points, ...parts[s].slice(after)]);
  const reverse = (parts) => parts.map((part) => [...part].reverse()).reverse();
  const beginAt = (parts, s, i) => [parts[s].slice(i), ...parts.slice(s + 1)];
  const endAt = (parts, s, i) => [...parts.slice(0, s), parts[s].slice(0, i + 1)];
  const cutAt = (parts, s, i) => [...endAt(parts, s, i), ...beginAt(parts, s, i)];
  // Where one point goes straight on to another, also the other way round; and what is put in between.
  const leg = (parts, from, to) => {
    const find = (a, b, turned) => {
      const s = parts.findIndex((part) => part.some((one, n) => one === a && part[n + 1] === b));
      return s < 0 ? null : { s, i: parts[s].findIndex((one, n) => one === a && parts[s][n + 1] === b), turned };
    };
    return find(from, to, false) ?? find(to, from, true);
  };
  const fill = (parts, { s, i, turned }, points) => between(parts, s, [i, i + 1], turned ? [...points].reverse() : points);
  const close = (parts) => (same(parts[0][0], parts.at(-1).at(-1)) ? parts : append(parts, [parts[0][0]]));

  return { point, same, metres, length, count, goesSomewhere, leg, fill, append, insert, between, reverse, beginAt, endAt, cutAt, close };
})();
