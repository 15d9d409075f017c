// node check.mjs REPORT.html [RUNS]: trains runs of a report again with the module and the script in the page, and compares their links,
// digests and identities. With EXPECTED as a third argument, a file of "x1 x2 output" in hexadecimal digits of 64-bit floats, it also
// compares the outputs of the last network of the first run.
import { readFileSync } from "node:fs";

const page = readFileSync(process.argv[2], "utf8");
const wanted = Number(process.argv[3] ?? 10);
const embedded = (id) => new RegExp(`<script type="[^"]*" id="${id}">([^<]*)</script>`).exec(page)[1];
const script = /<script nonce="[0-9a-f]*">\n([\s\S]*)<\/script>/.exec(page)[1];
const core = script.slice(script.indexOf("const HEX"), script.indexOf("const $ = "));
const Core = new Function(`${core}; return Core;`)();
const data = JSON.parse(embedded("data"));
if (data.obstacle) { console.log(data.obstacle); process.exit(2); }
const module = await Core.of(Buffer.from(embedded("core"), "base64"));

const fail = (text) => { console.error(text); process.exit(4); };
const settings = (run) => ({ ...data.shared, ...data.trials[run[0]].own });
const sets = data.sets.map((set) => ({ ...set, numbers: new Float64Array(Uint8Array.from(Buffer.from(set.points, "base64")).buffer) }));
const setOf = (run) => sets.find((set) => set.trials.includes(run[0]) && (set.seed === null || set.seed === run[1]));
const train = (run) => {
  const set = setOf(run);
  if (set) module.data(set.numbers, set.train);
  if (!module.begin(settings(run), run[1], set ? run[2] : null)) fail(`run ${run[2]}: its settings cannot be trained`);
  const links = [];
  for (let reached = 0; reached !== 2;) if ((reached = module.advance(1000))) links.push(module.link);
  return links;
};
// If every seed divides the points of a file again, the page contains those of one seed.
const able = data.runs.filter((run) => !sets.length || setOf(run));
const count = Math.min(wanted, able.length);
for (let i = 0; i < count; i++) {
  const run = able[Math.floor(i * able.length / count)];
  const links = train(run);
  const stride = Math.max(1, Math.ceil(links.length / 256));
  const trace = links.filter((_, at) => at % stride === 0).map((link) => link.slice(0, 4)).join("");
  if (module.id !== run[2]) fail(`run ${run[2]}: its settings give ${module.id}`);
  if (trace !== run[5]) fail(`run ${run[2]}: another chain`);
  if (module.digest(2) !== run[3] || module.outcome !== run[4]) fail(`run ${run[2]}: digest ${module.digest(2)}, ${module.outcome}`);
}
if (module.root(data.runs.map((run) => [run[2], run[3]])) !== data.root) fail("the digests do not give the root");
let compared = 0;
if (process.argv[4]) {
  train(data.runs[0]);
  const floats = readFileSync(process.argv[4], "utf8").trim().split(/\s+/).map((digits) => Buffer.from(digits, "hex").readDoubleBE());
  const points = floats.filter((_, i) => i % 3 < 2);
  const outputs = module.outputs(Float64Array.from(points));
  outputs.forEach((output, i) => { if (!Object.is(output, floats[3 * i + 2])) fail(`point ${i}: ${output} instead of ${floats[3 * i + 2]}`); });
  compared = outputs.length;
}
console.log(`${count} runs and the root have the same bits${compared ? `, and ${compared} outputs` : ""}`);
