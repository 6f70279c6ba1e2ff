"""Gets ClamAV's clamd for the tests of the virus scanner by apt where we are root and there is none."""

import os
import shutil
import subprocess
import sys

PLACES = "/usr/sbin:/usr/local/sbin:/usr/bin"
GET_IT = "apt-get update && apt-get install -y --no-install-recommends clamav-daemon"


def find() -> str | None:
    """The path of an installed clamd; None where there is none."""
    return shutil.which("clamd") or shutil.which("clamd", path=PLACES)


def install() -> None:
    """Gets clamd by apt as root; otherwise ends with the one command to run."""
    if find():
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"The tests of the virus scanner need clamd, and there is none. Run this once as root: {GET_IT}", file=sys.stderr)  # fmt: skip
        raise SystemExit(1)
    print("Getting clamd for the tests of the virus scanner", file=sys.stderr, flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["/bin/sh", "-c", GET_IT], env=quiet, capture_output=True, text=True, check=False)
    if done.returncode != 0 or find() is None:
        print(done.stderr[-1500:], file=sys.stderr)
        print(f"clamd could not be installed. Run this, then make test again: {GET_IT}", file=sys.stderr)
        raise SystemExit(1)
