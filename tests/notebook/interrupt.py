"""Interrupt a sweep: the cell fails, variables and finished runs stay. python3 interrupt.py FOLDER"""
import os
import sys
import time

from jupyter_client.manager import KernelManager

folder = sys.argv[1]
spec = r'[study]\nquestion = \"?\"\n[data.double-moon]\n[train]\nepochs = 3000\n[sweep]\n\"model.hidden\" = [1, 40]\nseeds = 200\n'
manager = KernelManager(kernel_name="restudy")
manager.start_kernel(cwd=folder)
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=120)


def outcome(request):
    """Wait for the end of a request, and return its error, if any."""
    error = None
    while True:
        message = client.get_iopub_msg(timeout=120)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "error":
            error = message["content"]
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return error


assert outcome(client.execute("use restudy::prelude::*;\nlet kept: u64 = 42;")) is None
begun = client.execute(f'let answers = sweep(&study_from("long", "{spec}")?)?;')
time.sleep(6)
stopped = time.time()
manager.interrupt_kernel()
error = outcome(begun)
print(f"stopped after {time.time() - stopped:.1f} s: {error}")
assert error is not None, "the cell of an interrupted sweep fails"
assert "interrupted" in error["evalue"], error
assert outcome(client.execute("assert_eq!(kept, 42);")) is None, "variables of earlier cells stay"
assert outcome(client.execute("assert_eq!(kept, 43);")) is not None, "and a failure is still one"
segments = os.path.join(folder, "results", "long", "segments")
assert any(name.endswith(".seg") for name in os.listdir(segments)), "finished runs are safe"
client.stop_channels()
manager.shutdown_kernel(now=False)
