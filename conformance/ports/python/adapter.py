"""A testee of link/1 in Python: ``python3 conformance/ports/python/adapter.py``, requests on stdin, replies on stdout."""

import asyncio
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from testee.main import serve  # noqa: E402

if __name__ == "__main__":
    asyncio.run(serve())
    sys.stdout.flush()
    os._exit(0)  # the thread that reads stdin may still wait
