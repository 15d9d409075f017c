// node run.mjs MODULE: prints the root of the study, computed by a WebAssembly module, one run at a time and in lanes.
import { readFileSync } from "node:fs";

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});
const { memory, root } = instance.exports;
const roots = [1, 8].map((lanes) => {
  const place = root(lanes);
  return Buffer.from(new Uint8Array(memory.buffer, place, 32)).toString("hex");
});
if (roots[0] !== roots[1]) throw new Error(`lanes change bits: ${roots}`);
console.log(roots[0]);
