"""Check that notebooks are valid by the schema of their format, with an identifier for each cell."""
import sys

import nbformat

for name in sys.argv[1:]:
    notebook = nbformat.read(name, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5), name
    with open(name, encoding="utf-8") as stored:
        assert stored.read() == nbformat.writes(notebook) + "\n", f"{name} is not what nbformat would write"
