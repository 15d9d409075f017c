"""Runs a notebook in JupyterLab in headless Chromium: python3 browser.py NOTEBOOK SCREENSHOTS

Opens it with the kernel "Rust (restudy)", runs all cells, saves, and looks for equations, a table and a figure on the page.
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from playwright.sync_api import sync_playwright

notebook, shots = map(os.path.abspath, sys.argv[1:])
folder, name = os.path.split(notebook)
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
state = tempfile.mkdtemp()
overrides = os.path.join(state, "lab", "settings")
os.makedirs(overrides)
with open(os.path.join(overrides, "overrides.json"), "w", encoding="utf-8") as file:
    # Every cell is on the page, not only those in sight; and no question about news from the network.
    json.dump({
        "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    }, file)
server = subprocess.Popen(
    [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=", "--ServerApp.password=",
     f"--ServerApp.root_dir={folder}", f"--LabApp.app_settings_dir={overrides}", f"--LabApp.workspaces_dir={state}"],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
)
base = f"http://127.0.0.1:{port}"


def stored():
    with open(notebook, encoding="utf-8") as file:
        return [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]


def wait(what, seconds, is_so):
    for _ in range(seconds * 2):
        try:
            if is_so():
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise SystemExit(f"waited {seconds} s for {what}")


try:
    wait("JupyterLab", 60, lambda: urllib.request.urlopen(f"{base}/api").status == 200)
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport={"width": 1200, "height": 1600})
        page.goto(f"{base}/lab/tree/{name}")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=90_000)
        page.click("text=Run >> nth=0")
        page.click("text=Run All Cells >> nth=0")
        count = len(stored())

        def finished():
            page.keyboard.press("Control+s")
            time.sleep(0.5)
            cells = stored()
            assert not any(output["output_type"] == "error" for cell in cells for output in cell["outputs"]), cells
            return all(cell["execution_count"] for cell in cells)

        wait("all cells", 180, finished)
        time.sleep(2)
        finished()
        found = {what: page.locator(where).count() for what, where in {
            "equations": "mjx-container", "tables": ".jp-OutputArea-output table", "figures": ".jp-OutputArea-output img, .jp-OutputArea-output svg",
        }.items()}
        for what, where in [("top", ".jp-Cell >> nth=0"), ("equations", ".jp-OutputArea-output mjx-container >> nth=0"),
                            ("table", ".jp-OutputArea-output table >> nth=0"), ("figure", ".jp-OutputArea-output[data-mime-type='image/svg+xml'] >> nth=0")]:
            page.locator(where).scroll_into_view_if_needed()
            time.sleep(0.5)
            page.screenshot(path=os.path.join(shots, f"{what}.png"))
        browser.close()
    print(f"{count} cells, {found}")
    assert all(found.values()), found
finally:
    server.terminate()
    server.wait(timeout=30)
