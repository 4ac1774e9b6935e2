"""Do the set-up scripts do their work once, for whoever calls, from wherever?"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

FAKE_UV = """#!/bin/sh
echo "$@" >> calls
case "$1" in
    venv) mkdir -p .venv/bin; printf '#!/bin/sh\\nexit 0\\n' > .venv/bin/python; chmod +x .venv/bin/python ;;
    python) exit 1 ;;
    pip) sleep 0.3 ;;
esac
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An empty installation: the script, requirement files, and a uv that only writes down how it was called."""
    for name in ("requirements.txt", "requirements-dev.txt", ".python-version"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy/setup.sh", tmp_path / "deploy/setup.sh")
    uv = tmp_path / ".tools/bin/uv"
    uv.parent.mkdir(parents=True)
    uv.write_text(FAKE_UV, encoding="utf-8")
    uv.chmod(0o755)
    return tmp_path


def start(house: Path, wanted: str) -> subprocess.Popen[str]:
    return subprocess.Popen([house / "deploy/setup.sh", wanted], cwd="/", stderr=subprocess.PIPE, text=True)


def finish(*running: subprocess.Popen[str]) -> None:
    for one in running:
        _, said = one.communicate(timeout=30)
        assert one.returncode == 0, said


def installs(house: Path) -> list[str]:
    """The requirement files that were installed, in order."""
    calls = (house / "calls").read_text(encoding="utf-8").splitlines()
    return [call.split()[-1] for call in calls if call.startswith("pip sync")]


def test_a_second_call_does_nothing(house: Path) -> None:
    finish(start(house, "run"))
    finish(start(house, "run"))
    assert installs(house) == ["requirements.txt"]


def test_hashes_are_demanded(house: Path) -> None:
    finish(start(house, "run"))
    assert "--require-hashes" in (house / "calls").read_text(encoding="utf-8")


def test_two_calls_at_once_install_once(house: Path) -> None:
    finish(start(house, "run"), start(house, "run"))
    assert installs(house) == ["requirements.txt"]


def test_tools_of_developers_are_added_and_never_taken_away(house: Path) -> None:
    for wanted in ("run", "dev", "run"):
        finish(start(house, wanted))
    assert installs(house) == ["requirements.txt", "requirements-dev.txt"]
    (house / "requirements-dev.txt").write_text("changed", encoding="utf-8")
    finish(start(house, "run"))
    assert installs(house)[2:] == ["requirements-dev.txt"]


def test_a_python_of_pyenv_is_found_without_a_path(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = house / "pyenv/versions/3.10.13/bin/python3.10"
    kept.parent.mkdir(parents=True)
    kept.touch(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(house / "pyenv"))
    finish(start(house, "run"))
    assert f"--python {kept} .venv" in (house / "calls").read_text(encoding="utf-8")


def test_changed_requirements_are_installed(house: Path) -> None:
    finish(start(house, "run"))
    (house / "requirements.txt").write_text("changed", encoding="utf-8")
    finish(start(house, "run"))
    assert installs(house) == ["requirements.txt"] * 2


def test_the_launcher_works_from_any_folder_and_through_a_link(house: Path, tmp_path: Path) -> None:
    finish(start(house, "run"))
    seen = '#!/bin/sh\necho "$PYTHONPATH|$HAVEN_VAR_DIR|$HAVEN_MODEL_DIR|$*"\n'
    (house / ".venv/bin/python").write_text(seen, encoding="utf-8")
    link = tmp_path / "haven-link"
    link.symlink_to(house / ".venv/bin/haven")
    plain = {"PATH": os.environ["PATH"], "HAVEN_MODEL_DIR": "/elsewhere"}
    said = subprocess.run(
        [link, "report", "a b"], cwd="/", env=plain, check=True, capture_output=True, text=True
    ).stdout
    assert said == f"{house}|{house}/var|/elsewhere|-m bot report a b\n"


def test_the_real_launcher_answers_from_another_folder(tmp_path: Path) -> None:
    said = subprocess.run(
        [ROOT / ".venv/bin/haven", "--help"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    assert "serve" in said.stdout


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder of commands in which nothing is installed but the shell's own needs."""
    commands = tmp_path / "commands"
    commands.mkdir()
    for name in ("sh", "printf", "mktemp", "rm", "tail"):
        (commands / name).symlink_to(str(shutil.which(name)))
    return commands


def command(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def system_test(bare: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(bare), "POSTGRES_BINARIES": str(bare / "none")}
    return subprocess.run(
        [ROOT / "deploy/system-test.sh"], env=environment, capture_output=True, text=True, check=False
    )


def test_who_may_not_install_is_told_what_to_type(bare: Path) -> None:
    command(bare, "id", "echo 1000")
    command(bare, "apt-get", "exit 1")
    done = system_test(bare)
    assert done.returncode == 1
    assert "sudo apt-get update && sudo apt-get install -y --no-install-recommends postgresql chromium" in done.stderr


def test_root_installs_only_what_is_missing(bare: Path) -> None:
    log = bare / "log"
    command(bare, "id", "echo 0")
    command(bare, "env", f'echo "$*" >> {log}')
    command(bare, "apt-get", f'echo "$*" >> {log}')
    command(bare, "chromium", "")
    done = system_test(bare)
    assert done.returncode == 0, done.stderr
    assert log.read_text(encoding="utf-8").splitlines() == [
        "update -q",
        "DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql",
    ]


def test_where_all_is_there_nothing_is_done(bare: Path) -> None:
    for name in ("initdb", "chromium"):
        command(bare, name, "")
    assert system_test(bare).returncode == 0
