// The table of trials: headings sort it, the field above it filters it, a row opens its trial.
const number = (text) => {
  const found = /-?\d+(\.\d+)?(e-?\d+)?/.exec(text.replace("−", "-"));
  return found ? Number(found[0]) : NaN;
};
const compare = (a, b) => {
  const [x, y] = [number(a), number(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y) ? a.localeCompare(b, "en") : Number.isNaN(x) ? 1 : -1;
  return x - y;
};
const sortable = () => {
  const table = $("trials");
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];
  const cell = (row, column) => row.cells[column].textContent;
  const sort = (column) => {
    const down = headings[column].getAttribute("aria-sort") === "ascending";
    headings.forEach((heading) => heading.removeAttribute("aria-sort"));
    headings[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...body.rows].map((row) => [row, cell(row, column)]);
    rows.sort(([, a], [, b]) => {
      const absent = Number.isNaN(number(a)) !== Number.isNaN(number(b));
      return absent || !down ? compare(a, b) : compare(b, a);
    });
    body.append(...rows.map(([row]) => row));
  };
  headings.forEach((heading, column) => {
    if (heading.classList.contains("scale")) return;
    const button = make("button", { type: "button", class: "sort", onclick: () => sort(column) });
    button.append(...heading.childNodes);
    heading.append(button);
  });
  if (body.rows.length > 6) {
    const note = make("span", { class: "soft", role: "status" });
    const filter = make("input", { type: "search", id: "filter", placeholder: "e.g. hidden=7 or 0.02", "aria-label": "Show only trials with", autocomplete: "off" });
    filter.addEventListener("input", () => {
      const words = filter.value.trim().toLowerCase().split(/[\s,]+/).filter(Boolean);
      let shown = 0;
      for (const row of body.rows) {
        const values = headings.flatMap((heading, column) => (heading.classList.contains("axis") ? [[heading.textContent.trim().toLowerCase(), cell(row, column).toLowerCase()]] : []));
        const fits = (word) => {
          const [name, value] = word.includes("=") ? word.split("=") : ["", word];
          return values.some(([axis, text]) => axis.includes(name) && text === value);
        };
        row.hidden = !words.every(fits);
        shown += row.hidden ? 0 : 1;
      }
      note.textContent = words.length ? `${shown} of ${body.rows.length} trials` : "";
    });
    table.parentElement.before(make("p", { class: "filter" }, make("label", { for: "filter" }, "Show only "), filter, " ", note));
  }
  if (!study) return;
  for (const row of body.rows) {
    const first = row.cells[0];
    if (!headings[0].classList.contains("axis")) continue;
    const button = make("button", { type: "button", class: "open", title: "Open this trial", onclick: () => open(Number(row.dataset.trial)) });
    button.append(...first.childNodes);
    first.append(button);
  }
  listeners.push(() => { for (const row of body.rows) row.classList.toggle("chosen", Number(row.dataset.trial) === chosen.trial); });
};
// Opens a trial in the curves and the explorer.
const open = (trial, seed = chosen.seed) => {
  const seeds = study.of[trial].map((run) => run.seed);
  choose({ trial, seed: seeds.includes(seed) ? seed : seeds[0] ?? "0", epoch: null, own: {} });
  $("curves").scrollIntoView({ behavior: still() ? "auto" : "smooth", block: "start" });
};
