// The plane: the shown range, the probabilities of a network, the points, the boundary where both classes are equally
// likely; and the small multiples, one for each trial.
const within = (points) => {
  if (study.window) return study.window;
  const [xs, ys] = [0, 1].map((k) => points.filter((_, i) => i % 3 === k));
  const ends = (values) => [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const [[left, right], [low, high]] = [ends(xs), ends(ys)];
  const half = Math.max(right - left, high - low) * 0.56;
  return [(left + right) / 2 - half, (left + right) / 2 + half, (low + high) / 2 - half, (low + high) / 2 + half];
};
const signed = (value) => String(+value.toPrecision(3)).replace("-", "−");
const extent = ([left, right, low, high]) => `x1 from ${signed(left)} to ${signed(right)}, x2 from ${signed(low)} to ${signed(high)}`;
const tall = ([left, right, low, high]) => (high - low) / (right - left);
// The centers of a grid of columns and rows: x1, x2, x1, x2, ...
const lattice = ([left, right, low, high], columns, rows) => {
  const at = new Float64Array(2 * columns * rows);
  for (let i = 0; i < columns * rows; i++) {
    at[2 * i] = left + (right - left) * ((i % columns) + 0.5) / columns;
    at[2 * i + 1] = high - (high - low) * (Math.floor(i / columns) + 0.5) / rows;
  }
  return at;
};
// Draws the outputs at the places of a lattice as shades of the probability, then one of `every` points, then the
// boundary.
const drawPlane = (canvas, window_, outputs, columns, rows, points, { every = 1, radius = 2.6, stroke = 2.5 } = {}) => {
  const image = new ImageData(columns, rows);
  const [minus, white, plus] = [[213, 94, 0], [255, 255, 255], [0, 114, 178]];
  outputs.forEach((output, i) => {
    const p = 1 / (1 + Math.exp(-output));
    const part = Math.abs(2 * p - 1) * 0.44;
    const to = p < 0.5 ? minus : plus;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = white[c] + (to[c] - white[c]) * part;
    image.data[4 * i + 3] = 255;
  });
  const small = make("canvas", { width: columns, height: rows });
  small.getContext("2d").putImageData(image, 0, 0);
  const draw = canvas.getContext("2d");
  draw.imageSmoothingEnabled = true;
  draw.drawImage(small, 0, 0, canvas.width, canvas.height);
  const [left, right, low, high] = window_;
  for (let i = 0; i < points.length; i += 3 * every) {
    draw.beginPath();
    draw.arc((points[i] - left) / (right - left) * canvas.width, (high - points[i + 1]) / (high - low) * canvas.height, radius, 0, 7);
    draw.fillStyle = points[i + 2] > 0 ? "#0067a3" : "#c04f00";
    draw.fill();
  }
  // The boundary: the output changes its sign between neighbors.
  draw.strokeStyle = "#111";
  draw.lineWidth = stroke;
  draw.beginPath();
  const [wide, high_] = [canvas.width / columns, canvas.height / rows];
  for (let row = 0; row + 1 < rows; row++) for (let column = 0; column + 1 < columns; column++) {
    const corner = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([i, j]) => ({ x: column + i + 0.5, y: row + j + 0.5, v: outputs[(row + j) * columns + column + i] }));
    const cuts = corner.flatMap((a, k) => {
      const b = corner[(k + 1) % 4];
      if (a.v > 0 === b.v > 0) return [];
      const t = a.v / (a.v - b.v);
      return [[(a.x + t * (b.x - a.x)) * wide, (a.y + t * (b.y - a.y)) * high_]];
    });
    for (let k = 0; k + 1 < cuts.length; k += 2) { draw.moveTo(...cuts[k]); draw.lineTo(...cuts[k + 1]); }
  }
  draw.stroke();
};

// A stored network as a function of the plane, with the order of sums of the contract: biases first.
const network = (text) => {
  const w = new Float64Array(decode(text).buffer);
  const h = (w.length - 1) / 4;
  return (x, y) => {
    let output = w[4 * h];
    for (let j = 0; j < h; j++) output += w[3 * h + j] * Math.max(0, w[2 * h + j] + w[2 * j] * x + w[2 * j + 1] * y);
    return output;
  };
};

// Starts a run, with its points if they are in the page; returns an obstacle or null.
const beginRun = (core, trial, settings, seed, run) => {
  const set = study.setOf(trial, seed);
  if (study.sets.length && !set) return "These points come from a file, and the page does not contain those of this seed: it contains the points that a figure shows.";
  if (set) core.data(set.numbers, set.train);
  return core.begin(settings, seed, set ? run?.id ?? "0".repeat(64) : null) ? null : "These settings cannot be trained.";
};

// The last network of every trial under one seed, on the same range of the plane; each opens its trial.
const tiles = async (core) => {
  if (!study.nets || !(core || study.window)) return;
  const { seed, of } = study.nets;
  const known = new Map();
  // The validation points of a trial, from the page or drawn by the core.
  const pointsOf = (trial) => {
    const key = study.sets.length ? study.sets.indexOf(study.setOf(trial.index, seed)) : JSON.stringify(Object.entries(trial.settings).filter(([path]) => path.startsWith("data.")));
    if (!known.has(key)) known.set(key, core && beginRun(core, trial.index, trial.settings, seed) === null ? core.points(1) : []);
    return known.get(key);
  };
  const shown = study.trials.filter((trial) => trial.index in of);
  const columns = 44;
  const drawn = [];
  for (const trial of shown) {
    const points = pointsOf(trial);
    if (!study.window && !points.length) continue;
    const window_ = within(points);
    const canvas = make("canvas", { width: 264, height: Math.round(264 * tall(window_)), role: "presentation" });
    const high = Math.round(columns * tall(window_));
    const at = lattice(window_, columns, high);
    const output = network(of[trial.index]);
    const outputs = Float64Array.from({ length: columns * high }, (_, i) => output(at[2 * i], at[2 * i + 1]));
    drawPlane(canvas, window_, outputs, columns, high, points, { every: Math.max(1, Math.round(points.length / 3 / 170)), radius: 2.2, stroke: 2.4 });
    const run = study.of[trial.index].find((run) => run.seed === seed);
    const error = run?.epochs.length ? run.values[study.width * (run.epochs.length - 1) + study.at(study.decides.part, study.decides.metric)] : NaN;
    const button = make("button", { type: "button", class: "tile", "data-trial": trial.index, onclick: () => open(trial.index, seed) }, canvas, make("span", {}, trial.name), make("small", {}, `${study.decides.metric} ${percent(error)}`));
    drawn.push(make("li", {}, button));
    if (drawn.length % 6 === 0) await pause();
  }
  if (!drawn.length) return;
  const left = study.trials.length / study.folds - drawn.length;
  const folds = study.folds > 1 ? `; of the ${study.folds} folds the first is held out` : "";
  $("tiles").replaceChildren(...drawn);
  $("tiles-note").textContent = `The last network of each trial under seed ${seed}, with validation points, ${study.window ? `all on the same range of the plane (${extent(study.window)})` : "as far as the points reach"}; blue is class +1${folds}. ${left ? `${left} trials have no network here: it diverged, or there are too many. ` : ""}A picture opens its trial.`;
  $("boundaries").hidden = false;
  listeners.push(() => $("tiles").querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(Number(button.dataset.trial) === chosen.trial))));
};
