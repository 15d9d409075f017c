"""Test a report in headless Chromium: `python3 browser.py REPORT.html FOLDER`

Writes screenshots and the printed page to FOLDER. Needs playwright (pip) and chromium (apt).
"""

import base64
import json
import pathlib
import re
import sys

from playwright.sync_api import sync_playwright

PAGE, FOLDER = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
FOLDER.mkdir(parents=True, exist_ok=True)
CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}

# Visible texts whose contrast with the first opaque color behind them, as defined by WCAG 2, is below 4.5 (3 if large).
CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; (text = walker.nextNode());) {
    const element = text.parentElement;
    if (!text.textContent.trim() || !element.checkVisibility() || element.closest('script, .skip, svg, option, datalist')) continue;
    const style = getComputedStyle(element);
    let behind = element;
    while (behind && rgba(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
    const [a, b] = [light(rgba(style.color)), light(rgba(behind ? getComputedStyle(behind).backgroundColor : getComputedStyle(document.body).backgroundColor))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.6 && +style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) poor.push([text.textContent.trim().slice(0, 40), +ratio.toFixed(2)]);
  }
  return poor;
}"""

# The share of places where the picture of the chosen trial and the plane of the explorer differ in color.
SAME = """() => {
  const read = (canvas) => { const small = document.createElement('canvas'); [small.width, small.height] = [60, 80]; const draw = small.getContext('2d'); draw.drawImage(canvas, 0, 0, 60, 80); return draw.getImageData(0, 0, 60, 80).data; };
  const [a, b] = [document.querySelector('#tiles [aria-pressed=true] canvas'), document.getElementById('plane')].map(read);
  const side = (data, i) => data[4 * i] > data[4 * i + 2] + 12 ? 1 : data[4 * i] + 12 < data[4 * i + 2] ? -1 : 0;
  let other = 0;
  for (let i = 0; i < 4800; i++) if (side(a, i) * side(b, i) < 0) other++;
  return other / 4800;
}"""


class Reader:
    """A page, with its errors and requests."""

    def __init__(self, browser, path, **options):
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.trouble = []
        self.page.on("console", lambda message: message.type in ("error", "warning") and self.trouble.append(message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("request", lambda request: request.url.startswith(("file:", "data:")) or self.trouble.append(request.url))
        self.open(path)

    def open(self, path, address=""):
        self.page.goto("about:blank")
        self.page.goto(path.as_uri() + address)
        self.settled()

    def settled(self):
        if self.page.locator("#obstacle").count():
            return self.page.inner_text("#obstacle")
        return self.until(lambda: re.match("✓|✗|At|Trained|These", self.page.inner_text("#state")) and self.page.inner_text("#state"))

    def until(self, condition):
        """Wait in Python: the policy of the page forbids Playwright to evaluate code in it."""
        for _ in range(1200):
            found = condition()
            if found:
                return found
            self.page.wait_for_timeout(50)
        raise AssertionError(f"waited in vain; the page says: {self.page.inner_text('#state')}")

    def end(self):
        assert not self.trouble, self.trouble
        self.context.close()


def column(page, index):
    return page.eval_on_selector_all("#trials tbody tr", f"rows => rows.filter(r => !r.hidden).map(r => r.cells[{index}].textContent)")


def values(texts):
    return [float(re.search(r"[\d.]+", text).group()) for text in texts if re.search(r"\d", text)]


def explores(browser):
    reader = Reader(browser, PAGE, viewport={"width": 1280, "height": 900})
    page = reader.page
    assert reader.settled().startswith("✓"), reader.settled()
    assert page.inner_text("#rooted").startswith("✓")
    # Both marks describe what they do not cover.
    for place in ("#covers", "#rooted-covers"):
        assert "Not covered: the answer" in page.inner_text(place), page.inner_text(place)
    page.screenshot(path=FOLDER / "desktop.png")
    page.screenshot(path=FOLDER / "desktop-full.png", full_page=True)
    page.locator("#explore").screenshot(path=FOLDER / "explorer.png")
    # The table can be sorted in both directions, by click and by key.
    axes = page.locator("#trials thead .axis").count()
    heading = page.locator("#trials thead th").nth(axes + 2).locator("button")
    heading.click()
    rising = values(column(page, axes + 2))
    assert rising == sorted(rising) and len(rising) > 1, rising
    heading.focus()
    page.keyboard.press("Enter")
    assert values(column(page, axes + 2)) == rising[::-1]
    # The explorer shows another trial, an earlier epoch, another seed; the address changes with it, and restores the state.
    picture = "document.getElementById('plane').toDataURL()"
    before = page.evaluate(picture)
    page.locator("#map button[aria-pressed=false]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(50)
    assert reader.settled().startswith("✓")
    assert page.evaluate(picture) != before
    page.locator("#epoch").focus()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    reader.until(lambda: page.get_attribute("#plane", "data-epoch") == "3")
    assert "every link up to here" in reader.settled(), reader.settled()
    page.fill("#seed", "2")
    page.keyboard.press("Tab")
    page.wait_for_timeout(50)
    assert reader.settled().startswith("✓")
    address = page.evaluate("location.hash")
    assert "seed=2" in address and "model.hidden=" in address, address
    text = page.inner_text("#digest")
    reader.open(PAGE, address)
    assert page.inner_text("#digest") == text and page.input_value("#seed") == "2"
    # The probability at the pointer, moved by mouse and by keys.
    page.locator("#plane").hover(position={"x": 40, "y": 40})
    assert page.inner_text("#pointer").startswith("At ("), page.inner_text("#pointer")
    page.locator("#plane").focus()
    page.keyboard.press("ArrowLeft")
    middle = page.inner_text("#pointer")
    page.keyboard.press("Shift+ArrowUp")
    assert middle.startswith("At (0.88, -1.00)") and page.inner_text("#pointer").startswith("At (0.88, -0.20)"), middle
    # The picture of every trial opens the trial; if the network is the stored one, both show the same.
    tiles = page.locator("#tiles button")
    assert tiles.count() == page.locator("#trials tbody tr").count(), tiles.count()
    tiles.nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(50)
    assert reader.settled().startswith("✓") and tiles.nth(1).get_attribute("aria-pressed") == "true"
    assert page.evaluate(SAME) < 0.02
    assert "Replicated in this browser" in page.inner_text("#replicated")
    # Settings that were never run are marked; invalid ones are not trained.
    field = page.locator("[id='set-model.hidden']")
    field.fill("9")
    field.press("Tab")
    page.wait_for_timeout(50)
    assert "never ran" in reader.settled(), reader.settled()
    field.fill("many")
    field.press("Tab")
    assert field.get_attribute("aria-invalid") == "true"
    assert "hidden = many is not valid: expected a whole number from 1 to 5000" in page.inner_text("#state"), page.inner_text("#state")
    # The page shows intermediate epochs of a re-training.
    page.click("#run")
    on_its_way = set()
    reader.until(lambda: on_its_way.add(page.get_attribute("#plane", "data-epoch")) or re.match("✓|Trained", page.inner_text("#state")))
    assert len(on_its_way) > 3, on_its_way
    assert field.get_attribute("aria-invalid") == "false"
    # Curves.
    for label in ("single runs", "loss", "training"):
        page.get_by_label(label, exact=True).check()
    assert "Training loss" in page.inner_text("#chart-note") and "single run" in page.inner_text("#chart-note")
    page.locator("#chart").screenshot(path=FOLDER / "chart.png")
    # The untrained network, which outputs no class, is not in the curves of the error, but in those of the loss.
    begins = lambda: float(re.match(r"M([\d.]+)", page.get_attribute("#chart .middle", "d")).group(1))
    loss = begins()
    page.get_by_label("error", exact=True).check()
    left_out = "Before the first step" in page.inner_text("#chart-note")
    assert (begins() > loss) == left_out, (begins(), loss)
    assert page.text_content("#chart text[transform]") == "training error"
    assert "to train with" in page.inner_text("#points")
    # Ten runs.
    page.click("#whole")
    page.wait_for_timeout(50)
    assert "10 of 10 runs give the stored digests" in reader.settled(), reader.settled()
    # Every control has a name.
    unnamed = page.evaluate("[...document.querySelectorAll('button, input, select')].filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length)).map(e => e.outerHTML)")
    assert not unnamed, unnamed
    page.pdf(path=FOLDER / "report.pdf", format="A4")
    assert (FOLDER / "report.pdf").read_bytes().startswith(b"%PDF")
    reader.end()


def reads_well(browser):
    for scheme in ("light", "dark"):
        reader = Reader(browser, PAGE, viewport={"width": 1280, "height": 900}, color_scheme=scheme)
        poor = reader.page.evaluate(CONTRAST)
        assert not poor, (scheme, poor)
        filters = reader.page.evaluate("[...document.querySelectorAll('figure img:not(.as-it-is)')].map(e => getComputedStyle(e).filter)")
        assert all(("invert" in text) == (scheme == "dark") for text in filters), (scheme, filters)
        reader.page.screenshot(path=FOLDER / f"{scheme}.png", full_page=True)
        reader.end()
    reader = Reader(browser, PAGE, viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, is_mobile=True)
    wide = reader.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, f"the page is {wide} pixels wide"
    reader.page.screenshot(path=FOLDER / "phone.png", full_page=True)
    reader.end()
    # Without scripts the page still has the answer, the figures and the table.
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(PAGE.as_uri())
    assert page.locator("#trials tbody tr").count() > 1 and page.locator("figure").count() and not page.is_visible("#explore")
    context.close()


def catches(browser):
    original = PAGE.read_text()
    data = json.loads(re.search(r'id="data">([^<]*)<', original).group(1))
    run = data["runs"][0]
    axis = data["axes"][0]
    address = "#" + "&".join(f"{axis}={value}" for axis, value in zip(data["axes"], data["trials"][0]["at"])) + f"&seed={run[1]}"

    def change(old, new):
        assert old != new and old in original
        path = FOLDER / "changed.html"
        path.write_text(original.replace(f'"{old}"', f'"{new}"', 1))
        reader = Reader(browser, path)
        reader.open(path, address)
        said = (reader.settled(), reader.page.inner_text("#rooted"))
        reader.context.close()
        return said

    flip = lambda text, at: text[:at] + ("1" if text[at] == "0" else "0") + text[at + 1 :]
    said = change(run[3], flip(run[3], 5))
    assert said[0].startswith("✗") and "digest" in said[0] and said[1].startswith("✗"), said
    said = change(run[5], flip(run[5], 4 * 3 + 1))
    assert "from epoch 3 on" in said[0], said
    curves = bytearray(base64.b64decode(data["curves"]))
    curves[8 * 3 + 6] ^= 1
    said = change(data["curves"], base64.b64encode(curves).decode())
    assert "at epoch 3 the validation error is drawn at" in said[0], said
    said = change(data["root"], flip(data["root"], 0))
    assert said[1].startswith("✗"), said
    said = change(data["shared"]["train.sampling"], "s7:shuffle")
    assert said[0].startswith("✗"), said


def says_what_is_unknown(browser):
    reader = Reader(browser, PAGE, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    for address, words in (("#model.hidden=77&seed=1", "model.hidden = 77 was not run"), ("#hidden=7&seed=2", "the name hidden is unknown"), ("#seed=abc", "seed = abc is not valid")):
        reader.open(PAGE, address)
        assert words in reader.page.inner_text("#state"), reader.page.inner_text("#state")
    reader.open(PAGE, "#results")
    assert reader.settled().startswith("✓"), reader.settled()
    reader.end()


def says_why_not(browser):
    reader = Reader(browser, PAGE, viewport={"width": 1280, "height": 900})
    page = reader.page
    reader.until(lambda: page.locator("#obstacle").count())
    assert "come from a file" in page.inner_text("#obstacle") and not page.is_visible("#plane") and not page.is_visible("#boundaries")
    # The page still has table, map and curves.
    page.locator("#map button[aria-pressed=false]").first.click()
    assert page.locator("#chart path").count() > 3
    reader.end()


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(**CHROMIUM)
    able = json.loads(re.search(r'id="data">([^<]*)<', PAGE.read_text()).group(1))["again"]
    for check in (explores, reads_well, catches, says_what_is_unknown) if able else (says_why_not, reads_well):
        check(browser)
        print(f"{check.__name__}: good", flush=True)
    browser.close()
