// What happens when the page is there.
const start = async () => {
  fromAddress();
  sortable();
  if (!study || !study.trials.length) return;
  heatMap();
  curves();
  $("explore").hidden = false;
  const excuse = (text) => { $("again").replaceChildren($("again").querySelector("h3"), make("p", { class: "note", id: "obstacle" }, text), make("p", { class: "bad", role: "status" }, doubted())); $("again").hidden = false; };
  if (!study.again) {
    await tiles(null);
    excuse(study.obstacle);
  } else if ($("core")) {
    try {
      const core = await Core.of(decode($("core").textContent));
      await tiles(core);
      $("again").hidden = false;
      explorer(core);
      const note = make("p", { id: "rooted", class: rooted(core) ? "good" : "bad" }, rooted(core)
        ? `✓ Checked in this browser: the digests of the ${study.runs.length} runs in this page add up to the root.`
        : "✗ The digests in this page do not add up to its root: the page was changed.");
      const covers = make("p", { class: "note", id: "rooted-covers" }, `This mark covers the identities of the runs and their digests, which take in every measured epoch: none of them was changed, added or left out, unless the root was changed with it. Whether training gives these digests is what Check all runs, under Explore, finds out. ${UNCOVERED}`);
      $("proof").querySelector("h2").after(note, ...(rooted(core) ? [covers] : []));
      if (!rooted(core)) document.querySelector("header").append(note.cloneNode(true));
    } catch (error) {
      excuse(`This browser cannot train the runs again (${error.message}).`);
    }
  }
  const show = () => choose({ trial: chosen.trial, doubts: chosen.doubts });
  show();
  // A link to a part of the page leaves what is chosen.
  addEventListener("hashchange", () => { if (location.hash.includes("=")) { fromAddress(); show(); } });
};
start();
