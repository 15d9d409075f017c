// The heat map of the trials, and the curves of the chosen trial and all others.

// One button for each fold of the trial, if the folds are not an axis of the heat map.
const chooseFold = () => {
  const row = $("folds");
  row.hidden = study.folds === 1 || study.axes.length < 3;
  if (row.hidden) return;
  const whole = study.whole(chosen.trial);
  row.replaceChildren("Fold held out: ", ...Array.from({ length: study.folds }, (_, fold) => make("button", { type: "button", "aria-pressed": String(whole + fold === chosen.trial), onclick: () => choose({ trial: whole + fold, epoch: null, own: {} }) }, String(fold))));
};

const heatMap = () => {
  const table = $("map");
  const draw = () => {
    const means = study.trials.map((trial) => trial.decided?.[0]).filter(Number.isFinite);
    const most = Math.max(...means, 1e-9);
    const [columns, rows] = [study.values[0] ?? [""], study.values[1] ?? [""]];
    const current = study.trials[chosen.trial].at;
    const shade = (trial) => Math.sqrt((trial.decided?.[0] ?? most) / most);
    chooseFold();
    table.replaceChildren(
      make("caption", {}, `Mean final ${study.decides.title}${study.axes.length > 2 ? `, at ${study.axes.slice(2).map((axis, i) => `${last(axis)} = ${current[i + 2]}`).join(", ")}` : ""}. A cell opens its trial.`),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, study.axes.length > 1 ? `${last(study.axes[1])} ↓  ${last(study.axes[0])} →` : last(study.axes[0] ?? "")), ...columns.map((value) => make("th", { scope: "col" }, value)))),
      make("tbody", {}, ...rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row || study.decides.metric), ...columns.map((column) => {
        const at = [...current];
        if (study.axes.length > 0) at[0] = column;
        if (study.axes.length > 1) at[1] = row;
        const trial = study.find(at);
        if (!trial) return make("td", {}, "");
        const part = shade(trial);
        const button = make("button", { type: "button", style: `--part:${(100 * part).toFixed(0)}%`, class: part > 0.55 ? "cell dark" : "cell", "aria-pressed": String(trial.index === chosen.trial), "aria-label": `${trial.name}: ${percent(trial.decided?.[0])}`, onclick: () => choose({ trial: trial.index, epoch: null, own: {} }) }, percent(trial.decided?.[0]));
        return make("td", {}, button);
      })))),
    );
  };
  listeners.push((changes) => {
    if (!("trial" in changes)) return;
    const focused = table.contains(document.activeElement);
    draw();
    if (focused) table.querySelector("[aria-pressed=true]")?.focus();
  });
};

const quantile = (sorted, share) => {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
};

// The index of the first measurement in a curve.
const first = (run, which) => (metricOf(which).name === "error" ? run.from : 0);
// The median, lower and upper quartile over the runs of a trial at every measurement. A run that ended keeps its last value.
const spread = (runs, which) => {
  const longest = runs.reduce((a, b) => (b.epochs.length > a.epochs.length ? b : a), runs[0]);
  const from = Math.max(0, ...runs.map((run) => first(run, which)));
  return Array.from(longest?.epochs.subarray(from) ?? [], (epoch, place) => {
    const index = place + from;
    const values = runs.filter((run) => run.epochs.length).map((run) => run.values[study.width * Math.min(index, run.epochs.length - 1) + which]).sort((a, b) => a - b);
    return [epoch, ...[0.25, 0.5, 0.75].map((share) => quantile(values, share))];
  });
};

const [LEFT, BOTTOM] = [76, 34];
// On a narrow screen the chart is smaller, but its letters are not.
const narrow = matchMedia("(max-width: 40rem)");
const ticks = (most) => {
  const step = [1, 2, 5].flatMap((n) => [...Array(16)].map((_, k) => n * 10 ** (k - 8))).sort((a, b) => a - b).find((step) => most / step <= 5);
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => +(i * step).toPrecision(6));
};
// The ticks of a square-root scale, as in the figures: 1, 2, 5, 10, ... as long as they do not overlap.
const roots = (most, height) => {
  const kept = [];
  const all = [...Array(12)].flatMap((_, k) => [5, 2, 1].map((n) => n * 10 ** (4 - k))).filter((value) => value <= most);
  for (const value of all) {
    const above = kept.at(-1);
    if (!above || height * (Math.sqrt(above / most) - Math.sqrt(value / most)) > 30) if (height * Math.sqrt(value / most) > 26) kept.push(value);
  }
  // The upper part of the chart needs a tick: 40 if 50 is too large and 20 is far below.
  const whole = 10 ** Math.floor(Math.log10(most));
  const upper = Math.floor(most / whole + 1e-9) * whole;
  if (height * (Math.sqrt(upper / most) - Math.sqrt((kept[0] ?? 0) / most)) > 60) kept.unshift(upper);
  return [0, ...kept].map((value) => +value.toPrecision(3));
};
// The notes below the curves.
const notes = (curves, runs, which, top) => {
  const texts = [];
  if (runs.some((run) => first(run, which))) texts.push("Before the first step the output is 0 at every point and predicts no class, which counts as an error everywhere: the curves begin after it.");
  if (curves.some((curve) => curve.some(([, , middle]) => !(middle <= top)))) texts.push("Medians above the frame are drawn at its edge.");
  if (runs.some((run) => run.epochs.length < runs[0].epochs.length || run.epochs.length > runs[0].epochs.length)) texts.push("A run that ended early keeps its last value.");
  return texts.map((text) => ` ${text}`).join("");
};
const curves = () => {
  const cache = new Map();
  const known = (trial, which) => {
    const key = `${trial} ${which}`;
    if (!cache.has(key)) cache.set(key, spread(study.of[trial], which));
    return cache.get(key);
  };
  const draw = () => {
    const [WIDE, HIGH] = narrow.matches ? [400, 300] : [720, 320];
    const which = study.at(chosen.part, chosen.metric);
    const own = known(chosen.trial, which);
    const isOther = (trial) => trial.index !== chosen.trial && (trial.index - chosen.trial) % study.folds === 0;
    const others = study.trials.length <= 60 * study.folds ? study.trials.filter(isOther).map((trial) => known(trial.index, which)) : [];
    const runs = study.of[chosen.trial];
    const finite = [own, ...others].flat().map(([, , middle]) => middle).filter(Number.isFinite).sort((a, b) => a - b);
    const top = Math.max((finite.length ? quantile(finite, metricOf(which).bounded ? 1 : 0.98) : 0) * 1.04, 1e-3);
    const end = Math.max(1, ...[own, ...others].map((curve) => curve.at(-1)?.[0] ?? 0));
    const x = (epoch) => (LEFT + (WIDE - LEFT - 10) * epoch / end).toFixed(1);
    const y = (value) => (HIGH - BOTTOM - (HIGH - BOTTOM - 10) * Math.sqrt(Math.min(Number.isFinite(value) ? value : top, top) / top)).toFixed(1);
    const course = (run) => Array.from(run.epochs, (epoch, i) => [epoch, run.values[study.width * i + which]]).slice(first(run, which));
    const line = (points) => points.map(([epoch, value], i) => `${i ? "L" : "M"}${x(epoch)} ${y(value)}`).join("");
    const middle = (curve) => line(curve.map(([epoch, , value]) => [epoch, value]));
    const svg = $("chart");
    svg.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
    const show = metricOf(which).percent ? (value) => `${+(100 * value).toPrecision(4)} %` : (value) => String(value);
    const marks = [];
    roots(top, HIGH - BOTTOM - 10).forEach((value) => marks.push(make("path", { class: "rule", d: `M${LEFT} ${y(value)}H${WIDE - 10}` }), make("text", { x: LEFT - 8, y: +y(value) + 4, "text-anchor": "end" }, show(value))));
    ticks(end).forEach((value) => marks.push(make("text", { x: x(value), y: HIGH - BOTTOM + 18, "text-anchor": value === end ? "end" : "middle" }, String(value))));
    marks.push(make("text", { x: (WIDE + LEFT) / 2, y: HIGH - 2, "text-anchor": "middle" }, "epoch"));
    others.forEach((curve) => marks.push(make("path", { class: "other", d: middle(curve) })));
    if (chosen.single) runs.forEach((run) => marks.push(make("path", { class: "single", d: line(course(run)) })));
    else if (own.length) marks.push(make("path", { class: "band", d: `${line(own.map(([epoch, low]) => [epoch, low]))}${line(own.map(([epoch, , , high]) => [epoch, high]).reverse()).replace("M", "L")}Z` }));
    marks.push(make("path", { class: "middle", d: middle(own) }));
    const run = runs.find((run) => run.seed === chosen.seed);
    if (run) marks.push(make("path", { class: "run", d: line(course(run)) }));
    const grown = (chosen.grown ?? []).filter((point) => metricOf(which).name !== "error" || !blank(point.epoch, point.values, study.at));
    if (grown.length) marks.push(make("path", { class: "grown", d: line(grown.map((point) => [point.epoch, point.values[which]])) }));
    const name = study.trials[chosen.trial].name;
    const part = chosen.part === "train" ? "training" : "validation";
    const middle_ = (HIGH - BOTTOM + 10) / 2;
    marks.push(make("text", { x: 14, y: middle_, "text-anchor": "middle", transform: `rotate(-90 14 ${middle_})` }, `${part} ${chosen.metric}`));
    svg.replaceChildren(...marks);
    svg.setAttribute("aria-label", `${part} ${chosen.metric} by epoch at ${name}`);
    $("chart-note").textContent = `${part[0].toUpperCase()}${part.slice(1)} ${chosen.metric} at ${name}: the median of ${runs.length} runs${chosen.single ? " and every single run" : " and the band of the middle half"}${run ? `; thin, the run of seed ${chosen.seed}` : ""}${grown.length ? "; orange, the run that was trained in this browser" : ""}${others.length ? `; gray, the medians of the other trials${study.folds > 1 ? " on this fold" : ""}` : ""}. The scale is a square root.${notes([own, ...others], runs, which, top)}`;
  };
  const pick = (name, key) => document.querySelectorAll(`input[name=${name}]`).forEach((input) => {
    input.addEventListener("change", () => input.checked && choose({ [key]: key === "single" ? input.value === "single" : input.value }));
    listeners.push(() => { input.checked = key === "single" ? (input.value === "single") === chosen.single : input.value === chosen[key]; });
  });
  $("metric").append(...study.offered.map(({ name }) => make("label", {}, make("input", { type: "radio", name: "metric", value: name }), ` ${name}`)));
  pick("metric", "metric");
  pick("part", "part");
  pick("runs", "single");
  listeners.push(draw);
  narrow.addEventListener("change", draw);
};
