// Starts the page.
const start = async () => {
  fromAddress();
  sortable();
  if (!study || !study.trials.length) return;
  heatMap();
  curves();
  $("explore").hidden = false;
  const unavailable = (text) => { $("again").replaceChildren($("again").querySelector("h3"), make("p", { class: "note", id: "obstacle" }, text), make("p", { class: "bad", role: "status" }, addressError())); $("again").hidden = false; };
  if (!study.again) {
    await tiles(null);
    unavailable(study.obstacle);
  } else if ($("core")) {
    try {
      const core = await Core.of(decode($("core").textContent));
      await tiles(core);
      $("again").hidden = false;
      explorer(core);
      const note = make("p", { id: "rooted", class: rooted(core) ? "good" : "bad" }, rooted(core)
        ? `✓ Checked in this browser: the digests of the ${study.runs.length} runs in this page give the root.`
        : "✗ The digests in this page do not give its root: the page was changed.");
      const covers = make("p", { class: "note", id: "rooted-covers" }, `This mark covers the identities of the runs and their digests, which cover every measured epoch: none of them was changed, added or removed, unless the root was changed with it. To check that training gives these digests, use Check all runs, under Explore. ${UNCOVERED}`);
      $("proof").querySelector("h2").after(note, ...(rooted(core) ? [covers] : []));
      if (!rooted(core)) document.querySelector("header").append(note.cloneNode(true));
    } catch (error) {
      unavailable(`This browser cannot train the runs again (${error.message}).`);
    }
  }
  const show = () => choose({ trial: chosen.trial, errors: chosen.errors });
  show();
  // A link to a section of the page keeps the choice.
  addEventListener("hashchange", () => { if (location.hash.includes("=")) { fromAddress(); show(); } });
};
start();
