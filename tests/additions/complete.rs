//! What `CONTRIBUTING.md` asks for beside the file and the line.

use super::copy::Copy;

pub fn data_set(copy: &Copy) {
    // The contract: how the points are drawn, and the settings.
    copy.replace(
        "src/contract.md",
        "\n### Files",
        "\n**bars** (`gap`, `width`). `u₁ = unit`, `u₂ = unit`. The point is `(y · (gap + width · u₁), 2 · u₂ - 1)`.\n\n### Files",
    );
    copy.insert(
        "src/contract.md",
        "data.blobs ",
        "data.bars         train u 1000, validation u 1000, seed u 0, gap f 0.5, width f 1",
    );
    // The second implementation.
    copy.replace(
        "tests/contract/contract.py",
        "GENERATORS = {",
        "def bars(draws, y, gap, width):\n    u1, u2 = draws.unit(), draws.unit()\n    \
         return y * (gap + width * u1), 2.0 * u2 - 1.0\n\n\nGENERATORS = {\"bars\": bars, ",
    );
    copy.insert(
        "tests/contract/proof.py",
        "    \"data.blobs\":",
        "    \"data.bars\": \"train u, validation u, seed u, gap f, width f\",",
    );
    // Studies on which both are compared.
    copy.replace("tests/contract/main.rs", "Blobs, Circles", "Bars, Blobs, Circles");
    copy.insert(
        "tests/contract/pieces.rs",
        "        Data::Blobs(Blobs {",
        "        Data::Bars(Bars { train, validation, seed, gap: 0.3, ..Bars::default() }),",
    );
    study(
        copy,
        "(\"bars\", \"bars = { train = 21, validation = 20 }\\nmodel.hidden = 3\\ntrain.epochs = 3\", &[\"completed\"]),",
    );
    // Its own tests, with the points that stay.
    copy.insert(
        "crates/network/src/data/tests.rs",
        "        Data::Blobs(Blobs { train, validation, ..",
        "        Data::Bars(Bars { train, validation, ..Bars::default() }),",
    );
    copy.insert("crates/network/src/data/tests.rs", "        (\"blobs\", \"", "        (\"bars\", \"BARS\"),");
    copy.insert(
        "crates/experiments/src/tests/later.rs",
        "    data.blobs train",
        "    data.bars train validation seed gap width",
    );
    // Where people meet it.
    copy.replace("README.md", "spirals, blobs, csv", "spirals, blobs, bars, csv");
    copy.replace("notebook/facade/src/prelude.rs", "Blobs, Circles", "Bars, Blobs, Circles");
    copy.replace("notebook/facade/src/cards.rs", "Blobs, Circles", "Bars, Blobs, Circles");
    copy.replace("notebook/facade/src/cards.rs", " Blobs Csv", " Blobs Bars Csv");
}

/// One more study for both programs of the contract.
fn study(copy: &Copy, text: &str) {
    let runs = copy.read("tests/contract/runs.rs");
    let (start, rest) = runs.split_once("const STUDIES: [(&str, &str, &[&str]); ").unwrap();
    let (count, rest) = rest.split_once("] = [\n").unwrap();
    let count: usize = count.parse().unwrap();
    let runs = format!("{start}const STUDIES: [(&str, &str, &[&str]); {}] = [\n    {text}\n{rest}", count + 1);
    copy.write("tests/contract/runs.rs", runs);
}

/// The definition that the tests of the network compare a metric with.
pub fn metric_of_the_network(copy: &Copy) {
    copy.insert(
        "crates/network/src/metric/tests.rs",
        "        Metric::Loss => mean(",
        "        Metric::Hinge => mean(&|m| (1.0 - m).max(0.0)),",
    );
}

pub fn metric(copy: &Copy) {
    copy.replace("src/contract.md", "\nThree metrics are the sum", "\nFour metrics are the sum");
    copy.insert("src/contract.md", "| `brier` |", "| `hinge` | 0 if `y * Y ≥ 1`, else `1 - y * Y` |");
    copy.insert(
        "tests/contract/contract.py",
        "    \"brier\": lambda",
        "    \"hinge\": lambda margin: 0.0 if margin >= 1.0 else 1.0 - margin,",
    );
    copy.replace("tests/contract/contract.py", "RANGES = {", "RANGES = {\"hinge\": (0.0, INFINITY), ");
    copy.replace("tests/contract/proof.py", "MORE_METRICS = [", "MORE_METRICS = [\"hinge\", ");
    study(
        copy,
        "(\"hinge\", \"xor = { train = 20, validation = 20 }\\nmodel.hidden = 3\\ntrain.epochs = 3
     evaluate.metrics = ['loss', 'error', 'hinge', 'auc']\", &[\"completed\"]),",
    );
}

pub fn figure(copy: &Copy) {
    copy.replace("crates/figure/src/rows.rs", "| `strip`, `heat-map` |", "| `strip`, `heat-map`, `ecdf` |");
    copy.replace(
        "crates/figure/src/tests.rs",
        "    defaults(&owned.declared(Some(2)))\n",
        "    let mut figures = defaults(&owned.declared(Some(2)));\n    \
         figures.insert(\"shares\".into(), Figure::Ecdf(Ecdf::default()));\n    figures\n",
    );
}

pub fn command(copy: &Copy) {
    copy.insert("tests/program/json.rs", "        \"gradcheck --cases 2\",", "        \"metrics\",");
}
