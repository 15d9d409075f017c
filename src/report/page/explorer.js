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
  const small = make("canvas", { width: N, height: N });
  const spot = (x, y) => [(x - window_[0]) / (window_[1] - window_[0]) * canvas.width, (window_[3] - y) / (window_[3] - window_[2]) * canvas.height];
  const look = () => {
    points = [0, 1].map((part) => core.points(part));
    const xs = points[0].filter((_, i) => i % 3 === 0);
    const ys = points[0].filter((_, i) => i % 3 === 1);
    const ends = (values) => [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    const [[left, right], [low, high]] = [ends(xs), ends(ys)];
    const half = Math.max(right - left, high - low) * 0.56;
    window_ = [(left + right) / 2 - half, (left + right) / 2 + half, (low + high) / 2 - half, (low + high) / 2 + half];
  };
  const grid = () => {
    const at = new Float64Array(2 * N * N);
    for (let i = 0; i < N * N; i++) {
      at[2 * i] = window_[0] + (window_[1] - window_[0]) * ((i % N) + 0.5) / N;
      at[2 * i + 1] = window_[3] - (window_[3] - window_[2]) * (Math.floor(i / N) + 0.5) / N;
    }
    return core.outputs(at);
  };
  const paint = () => {
    const outputs = grid();
    const image = new ImageData(N, N);
    const [minus, white, plus] = [[213, 94, 0], [255, 255, 255], [0, 114, 178]];
    outputs.forEach((output, i) => {
      const p = 1 / (1 + Math.exp(-output));
      const part = Math.abs(2 * p - 1) * 0.44;
      const to = p < 0.5 ? minus : plus;
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = white[c] + (to[c] - white[c]) * part;
      image.data[4 * i + 3] = 255;
    });
    small.getContext("2d").putImageData(image, 0, 0);
    const draw = canvas.getContext("2d");
    draw.imageSmoothingEnabled = true;
    draw.drawImage(small, 0, 0, canvas.width, canvas.height);
    const shown = points[chosen.part === "train" ? 0 : 1];
    for (let i = 0; i < Math.min(shown.length, 9000); i += 3) {
      const [x, y] = spot(shown[i], shown[i + 1]);
      draw.beginPath();
      draw.arc(x, y, 2.6, 0, 7);
      draw.fillStyle = shown[i + 2] > 0 ? "#0067a3" : "#c04f00";
      draw.fill();
    }
    // The boundary: where the output changes its sign between neighbours of the grid.
    draw.strokeStyle = "#111";
    draw.lineWidth = 2.5;
    draw.beginPath();
    const size = canvas.width / N;
    for (let row = 0; row + 1 < N; row++) for (let column = 0; column + 1 < N; column++) {
      const corner = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([i, j]) => ({ x: column + i + 0.5, y: row + j + 0.5, v: outputs[(row + j) * N + column + i] }));
      const cuts = corner.flatMap((a, k) => {
        const b = corner[(k + 1) % 4];
        if (a.v > 0 === b.v > 0) return [];
        const t = a.v / (a.v - b.v);
        return [[(a.x + t * (b.x - a.x)) * size, (a.y + t * (b.y - a.y)) * size]];
      });
      for (let k = 0; k + 1 < cuts.length; k += 2) { draw.moveTo(...cuts[k]); draw.lineTo(...cuts[k + 1]); }
    }
    draw.stroke();
    canvas.dataset.epoch = history_.at(-1)?.epoch ?? "";
  };
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const x = window_[0] + (window_[1] - window_[0]) * (event.clientX - box.left) / box.width;
    const y = window_[3] - (window_[3] - window_[2]) * (event.clientY - box.top) / box.height;
    const output = core.outputs(Float64Array.of(x, y))[0];
    if (output !== undefined) $("pointer").textContent = `At (${x.toFixed(2)}, ${y.toFixed(2)}): class +1 with probability ${(1 / (1 + Math.exp(-output))).toFixed(3)}.`;
  });

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
    if (!core.begin(settings(), chosen.seed)) return say("These settings cannot be trained.", "bad");
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
    const numbers = `epoch ${point.epoch}: validation error ${percent(point.values[3])}, loss ${brief(point.values[2])}`;
    if (!ended) {
      const same = comparison && comparison.first === null;
      say(!comparison ? `At ${numbers}. The study never ran these settings.` : same ? `At ${numbers}; every link up to here is the stored one.` : `At ${numbers}; differs from epoch ${comparison.first} on.`, !comparison ? "new" : same ? "good" : "bad");
    } else {
      const difference = comparison?.ends(core);
      if (!comparison) say(`Trained in ${seconds} s; ${numbers}. The study never ran this: there is nothing to compare it with.`, "new");
      else if (difference) say(`✗ The run ${difference}.`, "bad");
      else say(`✓ The same to the last bit: ${history_.length} links and the digest, in ${seconds} s; ${numbers}.`, "good");
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

  // Ten runs spread over the study, each to its end.
  $("whole").addEventListener("click", async () => {
    const own = ++ticket;
    const count = Math.min(10, study.runs.length);
    const runs = Array.from({ length: count }, (_, i) => study.runs[Math.floor(i * study.runs.length / count)]);
    for (const [index, run] of runs.entries()) {
      say(`Run ${index + 1} of ${count}: ${study.trials[run.trial].name}, seed ${run.seed} …`);
      const comparison = new Comparison(run);
      if (!core.begin(study.trials[run.trial].settings, run.seed)) return say("These settings cannot be trained.", "bad");
      await walk(core, (final) => {
        if (final !== null) comparison.see(core.link, core.point.epoch);
        return own === ticket;
      });
      if (own !== ticket) return;
      const difference = comparison.ends(core);
      if (difference) return say(`✗ ${study.trials[run.trial].name}, seed ${run.seed} ${difference}.`, "bad");
    }
    say(`✓ ${count} of ${count} runs give the stored digests, to the last bit.`, "good");
  });
};

// Whether the digests in the page are those of its root.
const rooted = (core) => core.root(study.runs.map((run) => [run.id, run.digest])) === study.root;
