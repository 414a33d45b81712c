"""Python environments of the programs that the checks need, below target/."""

import os
import subprocess
import sys
from pathlib import Path

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", Path(__file__).resolve().parents[2] / "target"))


def made(name, packages):
    """The Python of an environment with these packages; installs them where they are not there."""
    place = TARGET / name
    python, installed = place / "bin/python", place / "installed.txt"
    if not installed.exists() or installed.read_text() != "\n".join(packages):
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        installed.write_text("\n".join(packages))
    return python


def enter(name, packages):
    """Goes on in that environment."""
    python = made(name, packages)
    if Path(sys.prefix).resolve() != (TARGET / name).resolve():
        os.execv(python, [python, *sys.argv])
