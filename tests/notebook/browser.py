"""Run a notebook in JupyterLab in headless Chromium: python3 browser.py NOTEBOOK SCREENSHOTS

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
    # Render all cells, not only visible ones, and do not ask about news from the internet.
    json.dump({
        "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    }, file)
server = subprocess.Popen(
    [sys.executable, "-m", "jupyterlab", "--no-browser", "--expose-app-in-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=", "--ServerApp.password=",
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
        count = len(stored())
        command = "name => window.jupyterapp.commands.execute(name)"

        def numbers():
            """Return the number of executed cells on the page."""
            shown = page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
            return sum(prompt.strip("[]: ").isdigit() for prompt in shown)

        try:
            wait("the kernel", 90, lambda: page.evaluate(
                "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"))
            page.evaluate(command, "notebook:run-all-cells")
            wait("all cells", 300, lambda: numbers() == count)
            page.evaluate(command, "docmanager:save")
            wait("the saved notebook", 60, lambda: all(cell["execution_count"] for cell in stored()))
        except BaseException:
            page.screenshot(path=os.path.join(shots, "failed.png"))
            print("dialogs:", page.locator(".jp-Dialog").all_inner_texts())
            print("prompts:", page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts())
            print("errors:", page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts())
            raise
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
