// What happens when the page is there.
const start = async () => {
  fromAddress();
  sortable();
  if (!study || !study.trials.length) return;
  heatMap();
  curves();
  $("explore").hidden = false;
  if (study.again && $("core")) {
    try {
      const core = await Core.of(decode($("core").textContent));
      $("again").hidden = false;
      explorer(core);
      const note = make("p", { id: "rooted", class: rooted(core) ? "good" : "bad" }, rooted(core)
        ? `✓ Checked in this browser: the digests of the ${study.runs.length} runs in this page add up to the root.`
        : "✗ The digests in this page do not add up to its root: the page was changed.");
      $("proof").querySelector("h2").after(note);
      if (!rooted(core)) document.querySelector("header").append(note.cloneNode(true));
    } catch (error) {
      $("again").replaceChildren(make("p", { class: "note" }, `This browser cannot train the runs again (${error.message}).`));
      $("again").hidden = false;
    }
  }
  choose({ trial: chosen.trial });
  addEventListener("hashchange", () => { fromAddress(); choose({ trial: chosen.trial }); });
};
start();
