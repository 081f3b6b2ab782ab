// Legs that follow paths. A leg is drawn straight at once; the planner's own path engine says how it goes, one leg at a time.
// What gets no answer stays straight, and so does what waits behind it. Without an engine nothing is asked.
window.pathsOf = (form, { arrived, ended }) => {
  const { point, same, metres } = window.lines, LONGEST_MS = 15000, NEAR_M = 60;
  const toggle = document.querySelector("[data-do=paths]"), tapped = new WeakSet();
  let waiting = [], done = Promise.resolve();

  const ask = async ({ from, to }) => {
    const body = new FormData();
    const numbers = { from_latitude: from[0], from_longitude: from[1], to_latitude: to[0], to_longitude: to[1] };
    Object.entries({ ...numbers, csrf_token: form.elements.csrf_token.value }).forEach(([name, value]) => body.append(name, value));
    try {
      const came = await fetch("/routes/paths", { method: "POST", body, signal: AbortSignal.timeout(LONGEST_MS) });
      return await came.json();
    } catch {
      return { error: "silent" };
    }
  };

  // A tap beside the path goes onto it, wherever that tap is drawn by now. What was there before stays where it is.
  const between = ({ from, to }, line) => {
    const points = line.map(([lat, lng]) => point({ lat, lng })), last = points.length - 1;
    for (const [tap, on] of [[from, points[0]], [to, points[last]]]) {
      if (tapped.delete(tap) && metres(tap, on) <= NEAR_M) tap.splice(0, 2, ...on);
    }
    return points.filter((one, n) => !(n === 0 && same(one, from)) && !(n === last && same(one, to)));
  };

  const next = async (leg) => {
    if (!waiting.includes(leg)) return;
    const { line, error } = await ask(leg), none = error === "no_path";
    waiting = line || none ? waiting.filter((one) => one !== leg) : [];
    if (line) arrived(leg, between(leg, line));
    ended(line ? "" : none ? "no-path" : "no-paths");
  };
  const on = () => toggle?.getAttribute("aria-pressed") === "true";
  const lead = (from, to) => {
    if (!on() || !from || same(from, to)) return;
    const leg = { from, to };
    waiting.push(leg);
    done = done.then(() => next(leg));
  };
  return {
    lead,
    // A point that was just set by hand.
    tap: (from, at) => {
      if (on()) tapped.add(at);
      lead(from, at);
    },
    turn: () => toggle.setAttribute("aria-pressed", !on()),
    waiting: (parts) => waiting.filter(({ from, to }) => window.lines.leg(parts, from, to)).map(({ from, to }) => [from, to]),
    done: () => done,
  };
};
