// The explorer: trains any setting and seed with the core of restudy, and compares the run with the stored one, if
// there is one.

// The current settings: those of the trial, with the changes of the reader.
const settings = () => {
  const base = study.trials[chosen.trial].settings;
  const own = Object.entries(chosen.own).map(([path, text]) => [path, base[path] === undefined ? null : coded(text, base[path])]);
  return { ...base, ...Object.fromEntries(own.filter(([, code]) => code !== null)) };
};
const stored = () => (Object.keys(chosen.own).length ? undefined : study.of[chosen.trial].find((run) => run.seed === chosen.seed));

// What the marks of this page cover, and what not.
const UNCOVERED = "Not covered: the answer, the other numbers of the table, the figures and the small pictures, which this page does not compute. restudy report --check FOLDER, with the results folder of the study, compares the report in it with its tables.";
const COVERED = "This mark covers the runs that were trained here: their identities, their outcomes, the chain through every measured epoch, and their curves in this page; also the mean errors of a trial in the table and the heat map, once all its runs were trained.";

// The shortest time in milliseconds in which a single run is shown, from its first measurement to its last.
const SHOWN = 1600;

const explorer = (core) => {
  const state = $("state");
  let ticket = 0;
  let points = [[], []];
  let window_ = [-3, 3, -3, 3];
  let history_ = [];
  const say = (text, kind = "") => {
    const errors = addressError();
    state.replaceChildren(...(errors ? [make("span", { class: "bad" }, errors), " "] : []), make("span", { class: kind }, text));
    state.className = errors ? "bad" : kind;
    $("covers").textContent = kind === "good" ? `${COVERED} ${UNCOVERED}` : "";
  };

  // The plane.
  const canvas = $("plane");
  const N = 80;
  let rows = N;
  let cross = null;
  const preparePlane = () => {
    points = [0, 1].map((part) => core.points(part));
    window_ = within(points[0]);
    rows = Math.round(N * tall(window_));
    const height = Math.round(canvas.width * tall(window_));
    if (canvas.height !== height) canvas.height = height;
    $("extent").textContent = `The plane: ${extent(window_)}; to the right and upwards.`;
  };
  const paint = () => {
    drawPlane(canvas, window_, core.outputs(lattice(window_, N, rows)), N, rows, points[chosen.part === "train" ? 0 : 1].slice(0, 9000));
    canvas.dataset.epoch = history_.at(-1)?.epoch ?? "";
    if (!cross) return;
    const [x, y] = [cross[0] * canvas.width, cross[1] * canvas.height];
    const draw = canvas.getContext("2d");
    draw.lineWidth = 2;
    draw.beginPath();
    for (const [dx, dy] of [[9, 0], [0, 9]]) { draw.moveTo(x - dx, y - dy); draw.lineTo(x + dx, y + dy); }
    draw.stroke();
  };
  // Shows the probability at a place, given as shares of the width and the height.
  const read = (across, down) => {
    const x = window_[0] + (window_[1] - window_[0]) * across;
    const y = window_[3] - (window_[3] - window_[2]) * down;
    const output = core.outputs(Float64Array.of(x, y))[0];
    if (output !== undefined) $("pointer").textContent = `At (${x.toFixed(2)}, ${y.toFixed(2)}): class +1 with probability ${(1 / (1 + Math.exp(-output))).toFixed(3)}.`;
  };
  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    read((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  canvas.addEventListener("pointermove", point);
  canvas.addEventListener("pointerdown", point);
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way || !history_.length) return;
    event.preventDefault();
    cross = (cross ?? [0.5, 0.5]).map((share, k) => Math.min(1, Math.max(0, share + way[k] * (event.shiftKey ? 0.1 : 0.02))));
    paint();
    read(...cross);
  });
  canvas.addEventListener("blur", () => { cross = null; if (history_.length) paint(); });

  // Shows the description of a valid value if a field is not valid, and removes the previous result.
  const refuse = (input, path, description) => {
    input.setAttribute("aria-invalid", String(description !== null));
    if (description === null) return false;
    ticket++;
    chosen.errors = [];
    links.replaceChildren();
    $("digest").textContent = "";
    say(`✗ ${last(path)} = ${input.value || "nothing"} is not valid: expected ${description}.`, "bad");
    return true;
  };

  // The fields of the settings: the axes, the hidden units and the learning rate.
  const base = study.trials[chosen.trial].settings;
  const fields = [...new Set([...study.axes, "model.hidden", "train.learning-rate"])].filter((path) => base[path] !== undefined && !path.startsWith("data."));
  const inputs = new Map(fields.map((path) => {
    const known = [...new Set(study.trials.map((trial) => plain(trial.settings[path] ?? "u0")))];
    const text = base[path][0] === "s";
    const input = text
      ? make("select", {}, ...known.map((value) => make("option", { value }, value)))
      : make("input", { inputmode: "decimal", autocomplete: "off", list: `list-${path}` });
    input.id = `set-${path}`;
    const row = make("label", { class: "field" }, make("span", {}, last(path)), input);
    if (!text) row.append(make("datalist", { id: `list-${path}` }, ...known.map((value) => make("option", { value }))));
    $("settings").append(row);
    input.addEventListener("change", () => {
      const now = settings();
      const code = coded(input.value, now[path]);
      if (refuse(input, path, expected(path, input.value, now[path]))) return;
      now[path] = code;
      const trial = study.trials.find((trial) => Object.entries(now).every(([key, value]) => trial.settings[key] === value));
      if (trial) choose({ trial: trial.index, own: {}, epoch: null });
      else choose({ own: { ...chosen.own, [path]: plain(code) }, epoch: null });
    });
    return [path, input];
  }));
  $("seed").addEventListener("change", () => {
    if (!refuse($("seed"), "seed", expected("seed", $("seed").value))) choose({ seed: $("seed").value, epoch: null });
  });
  $("seeds").append(...study.of[chosen.trial].map((run) => make("option", { value: run.seed })));

  // One cell for each link of the chain: same, other, or new if there is no stored run.
  const links = $("links");
  const mark = (kind, epoch) => links.append(make("i", { class: kind, title: `epoch ${epoch}` }));

  // Trains the chosen run, up to the chosen epoch or to its end.
  const go = async (whole) => {
    const own = ++ticket;
    const run = stored();
    chosen.grown = history_ = [];
    links.replaceChildren();
    $("digest").textContent = "";
    const obstacle = beginRun(core, chosen.trial, settings(), chosen.seed, run);
    if (obstacle) return say(obstacle, "bad");
    preparePlane();
    const epochs = Number(plain(settings()["train.epochs"]));
    $("epoch").max = epochs;
    const target = whole || chosen.epoch === null ? Infinity : chosen.epoch;
    const comparison = run ? new Comparison(run) : null;
    say(run ? "Training …" : "Training settings that the study never ran …");
    let painted = performance.now();
    let drawn = 0;
    // A run of a few milliseconds is slowed down, so that readers see the boundary move; a chosen epoch is shown at
    // once.
    const began = painted;
    const paced = target === Infinity && !still() && !document.hidden;
    const progress = () => (run ? history_.length / run.whole : (history_.at(-1)?.epoch ?? 0) / epochs);
    const ahead = () => paced && !document.hidden && own === ticket && progress() > (performance.now() - began) / SHOWN;
    const ended = await walk(core, (final) => {
      if (own !== ticket) return false;
      if (final !== null) {
        const point = core.point;
        history_.push(point);
        const same = comparison ? comparison.see(core.link, point) : null;
        if (links.childElementCount < 400) mark(same === null ? "new" : same ? "same" : "other", point.epoch);
        if (point.epoch >= target && !final) return false;
      }
      if (history_.length > drawn && performance.now() - painted > (paced ? 30 : 60)) {
        show();
        drawn = history_.length;
        painted = performance.now();
      }
      return true;
    }, ahead);
    if (own !== ticket) return;
    show();
    const seconds = `${(core.busy / 1000).toFixed(2)} s${paced && core.busy < 0.8 * SHOWN ? ", shown slower" : ""}`;
    const point = history_.at(-1);
    const value = (metric) => written(metric, point.values[study.at(study.decides.part, metric.name)]);
    const [decides, ...others] = study.offered;
    const decided = blank(point.epoch, point.values, study.at) ? "no class predicted yet" : `${study.decides.title} ${value(decides)}`;
    const numbers = `epoch ${point.epoch}: ${[decided, ...others.map((metric) => `${metric.name} ${value(metric)}`)].join(", ")}`;
    if (!ended) {
      const difference = comparison?.difference;
      if (!comparison) say(`At ${numbers}. The study never ran these settings.`, "new");
      else if (difference) say(`✗ At ${numbers}: the run ${difference}.`, "bad");
      else say(`At ${numbers}; every link up to here equals the stored one.`, "good");
    } else {
      const difference = comparison?.ends(core);
      if (!comparison) say(`Trained in ${seconds}; ${numbers}. The study never ran these settings, so there is no stored run to compare with.`, "new");
      else if (difference) say(`✗ The run ${difference}.`, "bad");
      else if (replicate(run, point)) say(`✗ ${replicate(run, point)}.`, "bad");
      else say(`✓ The same to the last bit: ${history_.length} links and the digest, in ${seconds}; ${numbers}.`, "good");
      $("digest").textContent = core.runDigest;
    }
  };
  const show = () => {
    chosen.grown = history_;
    $("epoch").value = history_.at(-1)?.epoch ?? 0;
    $("epoch-shown").textContent = history_.at(-1)?.epoch ?? "";
    paint();
    chart();
  };
  const chart = () => listeners.forEach((listener) => listener({}));

  $("run").addEventListener("click", () => { choose({ epoch: null }); });
  let timer = 0;
  $("epoch").addEventListener("input", () => {
    $("epoch-shown").textContent = $("epoch").value;
    clearTimeout(timer);
    const epoch = Number($("epoch").value);
    timer = setTimeout(() => choose({ epoch }), 80);
  });
  listeners.push((changes) => {
    if (!["trial", "seed", "epoch", "own"].some((key) => key in changes)) {
      if ("part" in changes) paint();
      return;
    }
    inputs.forEach((input, path) => { input.value = plain(settings()[path]); });
    $("seed").value = chosen.seed;
    [...inputs.values(), $("seed")].forEach((input) => input.setAttribute("aria-invalid", "false"));
    go(false);
  });

  // The runs that gave the stored digest in this browser, since the page was opened.
  const replicated = new Map(study.trials.map((trial) => [trial.index, new Map()]));
  // A wrong number of the page about the trial, once all its runs were trained; else null.
  const replicate = (run, point) => {
    replicated.get(run.trial).set(run.seed, point.values);
    const by = study.trials.map((trial) => [trial, replicated.get(trial.index).size]).filter(([, count]) => count);
    const sum = by.reduce((sum, [, count]) => sum + count, 0);
    const list = by.length > 12 ? `in ${by.length} trials` : by.map(([trial, count]) => `${trial.name}: ${count}`).join("; ");
    $("replicated").textContent = `Replicated in this browser since the page was opened: ${sum} of ${study.runs.length} runs, each with the stored digest (${list}).`;
    return misstated(study.trials[run.trial], (trial) => [...replicated.get(trial).values()]);
  };

  // Trains runs from the whole study, each to its end.
  const check = async (most) => {
    const own = ++ticket;
    const able = study.runs.filter((run) => !study.sets.length || study.setOf(run.trial, run.seed));
    const count = Math.min(most, able.length);
    const runs = Array.from({ length: count }, (_, i) => able[Math.floor(i * able.length / count)]);
    for (const [index, run] of runs.entries()) {
      say(`Run ${index + 1} of ${count}: ${study.trials[run.trial].name}, seed ${run.seed} …`);
      const comparison = new Comparison(run);
      const obstacle = beginRun(core, run.trial, study.trials[run.trial].settings, run.seed, run);
      if (obstacle) return say(obstacle, "bad");
      await walk(core, (final) => {
        if (final !== null) comparison.see(core.link, core.point);
        return own === ticket;
      });
      if (own !== ticket) return;
      const difference = comparison.ends(core);
      if (difference) return say(`✗ ${study.trials[run.trial].name}, seed ${run.seed} ${difference}.`, "bad");
      const wrong = replicate(run, core.point);
      if (wrong) return say(`✗ ${wrong}.`, "bad");
    }
    say(`✓ ${count} of ${count} runs give the stored digests, to the last bit.`, "good");
  };
  $("whole").addEventListener("click", () => check(10));
  $("every").addEventListener("click", () => check(Infinity));
  if (study.sets.length) $("again-note").textContent += " The points come from a file; those in the page are the ones of the table. The identity of a run covers the contents of the file, and this page cannot check it.";
};

// The difference between the mean final errors of a trial in the table or the heat map and those of its runs, once all
// were trained; else null. Trials with diverged runs are skipped, since their means omit these.
const misstated = (trial, finalsOf) => {
  const known = (index) => finalsOf(index).length === study.of[index].length && !study.of[index].some((run) => run.outcome.startsWith("diverged"));
  const means = (finals) => ["train", "validation"].map((part) => study.at(part, study.decides.metric)).map((which) => finals.reduce((sum, values) => sum + values[which], 0) / finals.length);
  if (!known(trial.index)) return null;
  let finals = finalsOf(trial.index);
  let [train, validation] = means(finals);
  if (trial.decided && Math.abs(trial.decided[0] - validation) > 1e-9) return `${trial.name}: the heat map has the mean ${study.decides.title} ${percent(trial.decided[0])}, but its ${finals.length} runs give ${percent(validation)}`;
  // A row of the table is over all folds.
  const whole = study.whole(trial.index);
  const folds = study.trials.slice(whole, whole + study.folds).map((fold) => fold.index);
  if (!folds.every(known)) return null;
  finals = folds.flatMap(finalsOf);
  [train, validation] = means(finals);
  const row = document.querySelector(`#trials tr[data-trial="${whole}"]`);
  const axes = study.axes.length - (study.folds > 1 ? 1 : 0);
  for (const [name, mean, at] of [["training", train, 1], ["validation", validation, 2]]) {
    const shown = row && /^(\d+)(?:\.(\d+))?/.exec(row.cells[axes + at].textContent.trim());
    if (shown && Math.abs(Number(shown[0]) - 100 * mean) > 0.5 * 10 ** -(shown[2] ?? "").length + 1e-9) return `${trial.name}: the table has the mean ${name} ${study.decides.metric} ${shown[0]} %, but its ${finals.length} runs give ${(100 * mean).toFixed(3)} %`;
  }
  return null;
};

// Whether the digests in the page give its root.
const rooted = (core) => core.root(study.runs.map((run) => [run.id, run.digest])) === study.root;
