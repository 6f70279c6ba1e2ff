"""A worker as its own process, with the test functions registered: `python -m tests.background.worker_process '{"lease": 1}'`."""

import json
import logging
import sys

from ontrack_app.background import worker
from ontrack_app.background.queue import Pace
from tests.background import functions

if __name__ == "__main__":
    assert functions.SEED
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    sys.exit(worker.run(Pace(**json.loads(sys.argv[1]))))
