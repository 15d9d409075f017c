// The core of restudy, compiled to WebAssembly. It trains one run at a time, from its settings and its seed.
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const hex = (bytes) => Array.from(bytes, (byte) => HEX[byte]).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

class Core {
  constructor(instance) {
    this.exports = instance.exports;
  }
  static async of(bytes) {
    return new Core((await WebAssembly.instantiate(bytes, {})).instance);
  }
  bytes(place, length) {
    return new Uint8Array(this.exports.memory.buffer, place, length).slice();
  }
  numbers(place, length) {
    return new Float64Array(this.bytes(place, 8 * length).buffer);
  }
  write(bytes) {
    const place = this.exports.room(bytes.length);
    new Uint8Array(this.exports.memory.buffer, place, bytes.length).set(bytes);
    return place;
  }
  // Sets the points of a file for the next runs: x1, x2, y of each; the first `train` points are training points.
  data(numbers, train) {
    this.exports.data(this.write(new Uint8Array(numbers.buffer)), train, numbers.length / 3 - train);
  }
  // Starts a run from settings (paths with the values of an identity) and a seed (digits). Returns false if they are
  // not valid. Settings that name a file need the identity, which covers the contents of the file.
  begin(settings, seed, id = null) {
    const lines = Object.keys(settings).sort().map((path) => `${path}=${settings[path]}\n`);
    this.busy = 0;
    const bytes = new TextEncoder().encode(`${lines.join("")}seed=${seed}\n${id === null ? "" : `run=${id}\n`}`);
    return this.exports.begin(this.write(bytes), bytes.length) === 0;
  }
  // Trains at most `steps` steps. Returns 0 if no measurement was reached, 1 if one was, 2 if the last one was.
  advance(steps) {
    const from = performance.now();
    const reached = this.exports.advance(steps);
    this.busy += performance.now() - from;
    return reached;
  }
  digest(which) {
    return hex(this.bytes(this.exports.digests() + 32 * which, 32));
  }
  get id() { return this.digest(0); }
  get link() { return this.digest(1); }
  get runDigest() { return this.digest(2); }
  get outcome() {
    return new TextDecoder().decode(this.bytes(this.exports.outcome(), this.exports.outcome_length()));
  }
  // The last measurement.
  get point() {
    const numbers = this.numbers(this.exports.point(), this.exports.point_length());
    return { epoch: numbers[0], step: numbers[1], values: Array.from(numbers.subarray(2)) };
  }
  // Returns the outputs at points of the plane: x1, x2, x1, x2, ...
  outputs(coordinates) {
    const place = this.write(new Uint8Array(coordinates.buffer));
    const found = this.exports.outputs(place, coordinates.length / 2);
    return this.numbers(found, this.exports.length());
  }
  points(split) {
    const found = this.exports.points(split);
    return this.numbers(found, this.exports.length());
  }
  root(pairs) {
    const bytes = unhex(pairs.map(([id, digest]) => id + digest).join(""));
    return hex(this.bytes(this.exports.root(this.write(bytes), pairs.length), 32));
  }
}

// Trains to the end, or until `seen` returns false; waits while `ahead` returns true. The page stays responsive.
// Returns whether the end was reached.
const walk = async (core, seen, ahead = () => false) => {
  for (;;) {
    const until = performance.now() + 14;
    do {
      const reached = core.advance(400);
      if (reached && !seen(reached === 2)) return false;
      if (reached === 2) return true;
    } while (performance.now() < until && !ahead());
    do {
      await (ahead() ? frame() : pause());
      if (!seen(null)) return false;
    } while (ahead());
  }
};

// Compares a run that is trained here with the stored one, measurement by measurement.
class Comparison {
  constructor(run) {
    this.run = run;
    this.stride = Math.max(1, Math.ceil(run.whole / 256));
    this.first = null;
    this.curve = null;
    this.index = 0;
    this.drawn = 0;
  }
  see(link, point) {
    const at = this.index++;
    if (at % study.stride === 0 || at + 1 === this.run.whole) this.compareCurves(point);
    if (at % this.stride || !this.run.trace) return true;
    const same = link.slice(0, 4) === this.run.trace.slice(4 * at / this.stride, 4 * at / this.stride + 4);
    if (!same) this.first ??= point.epoch;
    return same;
  }
  // Compares the curves of the page with this measurement.
  compareCurves({ epoch, values }) {
    const at = this.drawn++;
    if (this.curve) return;
    if (this.run.epochs[at] !== epoch) this.curve = `measurement ${at} is drawn at epoch ${this.run.epochs[at]}, but belongs to epoch ${epoch}`;
    values.forEach((value, which) => {
      if (short(value) !== this.run.codes[study.width * at + which]) this.curve ??= `at epoch ${epoch} the ${named(which)} is drawn at ${fine(this.run.values[study.width * at + which])}, but training gives ${fine(value)}`;
    });
  }
  // The first difference so far.
  get difference() {
    if (this.first !== null) return `differs from epoch ${this.first} on`;
    return this.curve && `is not the one whose curve is in this page: ${this.curve}`;
  }
  ends(core) {
    if (this.first !== null) return this.difference;
    if (core.id !== this.run.id) return "is another run: its settings have another identity";
    if (core.runDigest !== this.run.digest || core.outcome !== this.run.outcome) return "has another digest at its end";
    return this.difference;
  }
}
