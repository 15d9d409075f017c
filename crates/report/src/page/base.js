// Shared code of the page: elements, formatted numbers, colors, and the data of the runs.
const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const make = (name, attributes = {}, ...children) => {
  const element = /^(svg|path|line|text|g|rect|circle|polyline)$/.test(name) ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};
const decode = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const percent = (share) => (share === 0 ? "0 %" : Number.isFinite(share) ? `${(100 * share).toFixed(share > 0 && share < 0.001 ? 2 : 1)} %` : "–");
const brief = (value) => (Number.isFinite(value) ? String(+value.toPrecision(3)) : "∞");
const fine = (value) => (Number.isFinite(value) ? String(+value.toPrecision(5)) : "∞");
const last = (path) => path.split(".").pop().replaceAll("-", " ");
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const pause = () => new Promise((done) => setTimeout(done));
// Waits for the next drawn frame; a hidden page draws none.
const frame = () => new Promise((done) => { requestAnimationFrame(done); setTimeout(done, 100); });

const bits = new DataView(new ArrayBuffer(8));
// Converts the value of an identity to text, and back, to the same kind as the existing value.
const plain = (code) => {
  if (code[0] === "f") {
    bits.setBigUint64(0, BigInt(`0x${code.slice(1)}`));
    return String(bits.getFloat64(0));
  }
  return code[0] === "u" ? code.slice(1) : code.slice(code.indexOf(":") + 1);
};
const coded = (text, like) => {
  if (like[0] === "u") return /^\d{1,9}$/.test(text) ? `u${text}` : null;
  if (like[0] === "s") return `s${new TextEncoder().encode(text).length}:${text}`;
  const value = Number(text.replace(",", "."));
  if (!text.trim() || !Number.isFinite(value)) return null;
  bits.setFloat64(0, value);
  return `f${bits.getBigUint64(0).toString(16).padStart(16, "0")}`;
};
// The description of a valid setting or seed if the text is not valid, else null.
const expected = (path, text, like = "u") => {
  if (path === "seed") return /^\d{1,19}$/.test(text) ? null : "a whole number from 0, of at most 19 digits";
  const code = coded(text, like);
  if (path === "model.hidden") return code !== null && Number(text) >= 1 && Number(text) <= 5000 ? null : "a whole number from 1 to 5000";
  if (path === "train.learning-rate") return code !== null && Number(text.replace(",", ".")) > 0 ? null : "a number above 0, such as 0.02";
  return code !== null ? null : like[0] === "u" ? "a whole number from 0, of at most 9 digits" : "a number, such as 0.02";
};

// The name of a value of a measurement: all metrics on training points, then all metrics on validation points.
const metricOf = (which) => study.metrics[which % study.metrics.length];
const named = (which) => `${which < study.metrics.length ? "training" : "validation"} ${metricOf(which).name}`;
const written = (metric, value) => (metric.percent ? percent(value) : brief(value));
// The 16-bit form of a value in the page.
const short = (value) => (Number.isFinite(value) ? (new Uint32Array(Float32Array.of(Math.abs(value)).buffer)[0] + (1 << 14)) >>> 15 : 0xff00);

// A network with output 0 everywhere predicts no class: every point counts as an error, and the loss is ln 2. Every run
// whose output weights are initially 0 begins so. This is a convention, not a result, so curves of the error omit it.
const blank = (epoch, values, at) => epoch === 0 && ["train", "validation"].every((part) => values[at(part, "error")] === 1 && Math.abs(values[at(part, "loss")] - Math.LN2) < 0.002);

const study = (() => {
  const element = $("data");
  if (!element) return null;
  const study = JSON.parse(element.textContent);
  // The index of a metric in a measurement, and the number of values of a measurement.
  study.at = (part, name) => (part === "train" ? 0 : study.metrics.length) + study.metrics.findIndex((metric) => metric.name === name);
  study.width = 2 * study.metrics.length;
  // The metrics in the order of the page: the objective is the first.
  study.offered = [...study.metrics.filter(({ name }) => name === study.decides.metric), ...study.metrics.filter(({ name }) => name !== study.decides.metric)];
  const codes = new Uint16Array(decode(study.curves).buffer);
  const values = new Float32Array(Uint32Array.from(codes, (code) => code << 15).buffer);
  const epochs = new Uint32Array(decode(study.epochs).buffer);
  let start = 0;
  study.runs = study.runs.map(([trial, seed, id, digest, outcome, trace, count, whole]) => {
    const run = { trial, seed, id, digest, outcome, trace, whole, codes: codes.subarray(study.width * start, study.width * (start + count)), epochs: epochs.subarray(start, start + count), values: values.subarray(study.width * start, study.width * (start + count)) };
    start += count;
    run.from = blank(run.epochs[0], run.values, study.at) ? 1 : 0;
    return run;
  });
  // Of many measurements the page contains every second, third and so on, and the last one of each run.
  study.stride = Math.max(1, Math.ceil(study.runs.reduce((sum, run) => sum + run.whole, 0) / 100_000));
  study.trials.forEach((trial, index) => {
    trial.index = index;
    trial.settings = { ...study.shared, ...trial.own };
    trial.name = study.axes.map((axis, place) => `${last(axis)} = ${trial.at[place]}`).join(", ") || "the only trial";
  });
  // Trials that differ only in their fold are one trial, and one row of the table; its folds are consecutive.
  study.folds ??= 1;
  study.whole = (trial) => trial - (trial % study.folds);
  study.of = study.trials.map((_, index) => study.runs.filter((run) => run.trial === index));
  // The distinct values of each axis, in the order of the study.
  study.values = study.axes.map((_, place) => [...new Set(study.trials.map((trial) => trial.at[place]))]);
  // The points of files, and the data set of a trial and a seed.
  study.sets.forEach((set) => { set.numbers = new Float64Array(decode(set.points).buffer); });
  study.setOf = (trial, seed) => study.sets.find((set) => set.trials.includes(trial) && (set.seed === null || set.seed === seed));
  study.find = (at) => study.trials.find((trial) => trial.at.every((value, place) => value === at[place]));
  return study;
})();

// The current choice; listeners display it. The address contains it, so that a view can be shared.
const chosen = { trial: 0, seed: "", metric: study?.decides.metric, part: study?.decides.part, single: false, epoch: null, own: {}, errors: [] };
const listeners = [];
const choose = (changes) => {
  Object.assign(chosen, { errors: [] }, changes);
  const words = new URLSearchParams();
  if (study) {
    study.axes.forEach((axis, place) => words.set(axis, study.trials[chosen.trial].at[place]));
    words.set("seed", chosen.seed);
    if (chosen.epoch !== null) words.set("epoch", chosen.epoch);
    if (chosen.metric !== study.decides.metric) words.set("metric", chosen.metric);
    if (chosen.part !== study.decides.part) words.set("part", chosen.part);
    if (chosen.single) words.set("runs", "single");
    Object.entries(chosen.own).forEach(([path, value]) => words.set(`set.${path}`, value));
    try { history.replaceState(null, "", `#${words}`); } catch { /* some file viewers forbid it */ }
  }
  listeners.forEach((listener) => listener(changes));
};
const isMetric = (text) => study.metrics.some(({ name }) => name === text);
// The errors in an address, as texts.
const errorsOf = (words, trial) => {
  const known = new Set([...study.axes, "seed", "epoch", "metric", "part", "runs"]);
  const of = { epoch: [/^\d{1,9}$/, "a whole number"], metric: [{ test: isMetric }, study.offered.map(({ name }) => name).join(" or ")], part: [/^(validation|train)$/, "validation or train"], runs: [/^(spread|single)$/, "spread or single"] };
  const errorOf = (key, value) => {
    const place = study.axes.indexOf(key);
    if (place >= 0) return study.values[place].includes(value) ? null : `${key} = ${value} was not run (the values are ${several(study.values[place])})`;
    const path = key.startsWith("set.") ? key.slice(4) : null;
    const like = path === null ? undefined : study.trials[0].settings[path];
    if (!known.has(key) && like === undefined) return `the name ${key} is unknown (expected one of ${[...known].join(", ")})`;
    const description = key === "seed" || path ? expected(path ?? key, value, like) : of[key][0].test(value) ? null : of[key][1];
    if (description === null && key === "seed" && !study.again && !study.runs.some((run) => run.seed === value)) return `seed = ${value} was not run`;
    return description === null ? null : `${key} = ${value} is not valid (expected ${description})`;
  };
  const errors = [...words].map(([key, value]) => errorOf(key, value)).filter(Boolean);
  if (!trial && !errors.length) errors.push(`the combination ${study.axes.map((axis) => `${axis} = ${words.get(axis) ?? "any"}`).join(", ")} was not run`);
  return errors;
};
const several = (values) => (values.length > 12 ? `${values.slice(0, 12).join(", ")} and ${values.length - 12} others` : values.join(", "));
// The message about the address, with what the page shows instead; empty without errors.
const addressError = () => (chosen.errors.length ? `✗ The address of this page does not fit this study: ${chosen.errors.join("; ")}. Shown instead: ${study.trials[chosen.trial].name}, seed ${chosen.seed}.` : "");
const fromAddress = () => {
  const words = new URLSearchParams(location.hash.slice(1));
  if (!study || !study.trials.length) return;
  const first = study.trials[0];
  const trial = study.find(study.axes.map((axis, place) => words.get(axis) ?? first.at[place]));
  // Without a best trial the page opens the first one, and must not call it the best.
  const best = document.querySelector("#trials .best");
  const at = study.axes.some((axis) => words.has(axis)) && trial ? trial.index : best ? Number(best.dataset.trial) : 0;
  const own = {};
  words.forEach((value, key) => { if (key.startsWith("set.") && key.slice(4) in first.settings && expected(key.slice(4), value, first.settings[key.slice(4)]) === null) own[key.slice(4)] = value; });
  const epoch = words.has("epoch") && /^\d{1,9}$/.test(words.get("epoch")) ? Number(words.get("epoch")) : null;
  const seed = /^\d{1,19}$/.test(words.get("seed") ?? "") ? words.get("seed") : study.of[at][0]?.seed ?? "0";
  // A link to a section of the page is not a choice of runs.
  const errors = /^#[\w-]*$/.test(location.hash) && (location.hash === "#" || $(location.hash.slice(1))) ? [] : errorsOf(words, trial);
  Object.assign(chosen, { errors, trial: at, seed, epoch, own, metric: isMetric(words.get("metric")) ? words.get("metric") : study.decides.metric, part: /^(train|validation)$/.test(words.get("part")) ? words.get("part") : study.decides.part, single: words.get("runs") === "single" });
};
