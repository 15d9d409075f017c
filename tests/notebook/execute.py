"""Execute a notebook with nbconvert: python3 execute.py FILE OUTPUT [--allow-errors]"""
import sys

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

source, target, *options = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
for cell in notebook.cells:
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
folder = source.rsplit("/", 1)[0]
ExecutePreprocessor(timeout=300, kernel_name="restudy", allow_errors="--allow-errors" in options).preprocess(notebook, {"metadata": {"path": folder}})
nbformat.write(notebook, target)
