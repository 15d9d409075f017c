// The explorer: any setting and seed, trained here by the core of restudy, and compared with the stored run where there is one.
const bits = new DataView(new ArrayBuffer(8));
// The value of an identity as people write it, and back: of the same kind as the one that is there.
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
// The settings that are shown, with the reader's own in place of those of the trial.
const settings = () => {
  const base = study.trials[chosen.trial].settings;
  const own = Object.entries(chosen.own).map(([path, text]) => [path, base[path] === undefined ? null : coded(text, base[path])]);
  return { ...base, ...Object.fromEntries(own.filter(([, code]) => code !== null)) };
};
const stored = () => (Object.keys(chosen.own).length ? undefined : study.of[chosen.trial].find((run) => run.seed === chosen.seed));
const pause = () => new Promise((done) => setTimeout(done));

// Trains to the end, or until `seen` says no; the page stays responsive. True if the end was reached.
const walk = async (core, seen) => {
  for (;;) {
    const until = performance.now() + 14;
    do {
      const reached = core.advance(400);
      if (reached && !seen(reached === 2)) return false;
      if (reached === 2) return true;
    } while (performance.now() < until);
    await pause();
    if (!seen(null)) return false;
  }
};

// How a run that is trained here differs from the stored one, measurement by measurement.
class Comparison {
  constructor(run) {
    this.run = run;
    this.stride = Math.max(1, Math.ceil(run.whole / 256));
    this.same = 0;
    this.first = null;
    this.index = 0;
  }
  see(link, epoch) {
    const at = this.index++;
    if (at % this.stride || !this.run.trace) return true;
    const entry = this.run.trace.slice(4 * at / this.stride, 4 * at / this.stride + 4);
    if (link.slice(0, 4) === entry) this.same += 1;
    else this.first ??= epoch;
    return link.slice(0, 4) === entry;
  }
  ends(core) {
    if (this.first !== null) return `differs from epoch ${this.first} on`;
    if (core.id !== this.run.id) return "is another run: its settings give another identity";
    if (core.answer !== this.run.digest || core.outcome !== this.run.outcome) return "ends in another digest";
    return null;
  }
}

const explorer = (core) => {
  const state = $("state");
  let ticket = 0;
  let points = [[], []];
  let window_ = [-3, 3, -3, 3];
  let history_ = [];
  const say = (text, kind = "") => { state.textContent = text; state.className = kind; };

  // The plane.
  const canvas = $("plane");
  const N = 80;
  let rows = N;
  let cross = null;
  const look = () => {
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
  // What the network says at a place, given as shares of the width and the height.
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

  // The fields of the settings: what is swept, the width and the rate.
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
      const fits = code !== null && !(path === "model.hidden" && Number(input.value) > 5000);
      input.setAttribute("aria-invalid", String(!fits));
      if (!fits) return;
      now[path] = code;
      const trial = study.trials.find((trial) => Object.entries(now).every(([key, value]) => trial.settings[key] === value));
      if (trial) choose({ trial: trial.index, own: {}, epoch: null });
      else choose({ own: { ...chosen.own, [path]: plain(code) }, epoch: null });
    });
    return [path, input];
  }));
  $("seed").addEventListener("change", () => {
    const fits = /^\d{1,19}$/.test($("seed").value);
    $("seed").setAttribute("aria-invalid", String(!fits));
    if (fits) choose({ seed: $("seed").value, epoch: null });
  });
  $("seeds").append(...study.of[chosen.trial].map((run) => make("option", { value: run.seed })));

  // One cell a link of the chain: same, other, or nothing to compare with.
  const links = $("links");
  const mark = (kind, epoch) => links.append(make("i", { class: kind, title: `epoch ${epoch}` }));

  // Trains what is chosen, up to the chosen epoch, or to its end.
  const go = async (whole) => {
    const own = ++ticket;
    const run = stored();
    chosen.grown = history_ = [];
    links.replaceChildren();
    $("digest").textContent = "";
    const obstacle = beginRun(core, chosen.trial, settings(), chosen.seed, run);
    if (obstacle) return say(obstacle, "bad");
    look();
    const epochs = Number(plain(settings()["train.epochs"]));
    $("epoch").max = epochs;
    const target = whole || chosen.epoch === null ? Infinity : chosen.epoch;
    const comparison = run ? new Comparison(run) : null;
    say(run ? "Training …" : "Training settings that the study never ran …");
    let painted = performance.now();
    const began = painted;
    const ended = await walk(core, (final) => {
      if (own !== ticket) return false;
      if (final !== null) {
        const point = core.point;
        history_.push(point);
        const same = comparison ? comparison.see(core.link, point.epoch) : null;
        if (links.childElementCount < 400) mark(same === null ? "new" : same ? "same" : "other", point.epoch);
        if (point.epoch >= target && !final) return false;
      }
      if (performance.now() - painted > 60) {
        painted = performance.now();
        show();
      }
      return true;
    });
    if (own !== ticket) return;
    show();
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    const point = history_.at(-1);
    const error = blank(point.epoch, point.values) ? "no class named yet" : `validation error ${percent(point.values[3])}`;
    const numbers = `epoch ${point.epoch}: ${error}, loss ${brief(point.values[2])}`;
    if (!ended) {
      const same = comparison && comparison.first === null;
      say(!comparison ? `At ${numbers}. The study never ran these settings.` : same ? `At ${numbers}; every link up to here is the stored one.` : `At ${numbers}; differs from epoch ${comparison.first} on.`, !comparison ? "new" : same ? "good" : "bad");
    } else {
      const difference = comparison?.ends(core);
      if (!comparison) say(`Trained in ${seconds} s; ${numbers}. The study never ran this: there is nothing to compare it with.`, "new");
      else if (difference) say(`✗ The run ${difference}.`, "bad");
      else if (replicate(run)) say(`✓ The same to the last bit: ${history_.length} links and the digest, in ${seconds} s; ${numbers}.`, "good");
      $("digest").textContent = core.answer;
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
    go(false);
  });

  // Runs of the study that gave the stored digest here, since the page was opened.
  const replicated = new Map(study.trials.map((trial) => [trial.index, new Set()]));
  const replicate = (run) => {
    replicated.get(run.trial).add(run.seed);
    const by = study.trials.map((trial) => [trial, replicated.get(trial.index).size]).filter(([, count]) => count);
    const sum = by.reduce((sum, [, count]) => sum + count, 0);
    const list = by.length > 12 ? `in ${by.length} trials` : by.map(([trial, count]) => `${trial.name}: ${count}`).join("; ");
    $("replicated").textContent = `Replicated in this browser since the page was opened: ${sum} of ${study.runs.length} runs, each with the stored digest (${list}).`;
    return true;
  };

  // Runs spread over the study, each to its end.
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
        if (final !== null) comparison.see(core.link, core.point.epoch);
        return own === ticket;
      });
      if (own !== ticket) return;
      const difference = comparison.ends(core);
      if (difference) return say(`✗ ${study.trials[run.trial].name}, seed ${run.seed} ${difference}.`, "bad");
      replicate(run);
    }
    say(`✓ ${count} of ${count} runs give the stored digests, to the last bit.`, "good");
  };
  $("whole").addEventListener("click", () => check(10));
  $("every").addEventListener("click", () => check(Infinity));
  if (study.sets.length) $("again-note").textContent += " The points come from a file; those in the page are the ones of the table. The identity of a run names the file by its content, and is taken as it stands.";
};

// Whether the digests in the page are those of its root.
const rooted = (core) => core.root(study.runs.map((run) => [run.id, run.digest])) === study.root;
