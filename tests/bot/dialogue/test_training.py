"""Training: needed when model and sources differ, and an ordinary Rasa project all the while."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.dialogue import training
from bot.settings import ROOT

#: Warnings of `rasa data validate` that a form-driven project with buttons cannot avoid.
EXPECTED = (
    r"The intent '(begin|change|choose|danger_now|resume|pick|remove|start_again_now)' is listed in the domain file",
    r"The intent 'case_review' is listed in the domain file",  # known by its name (commands.py)
    r"The intent '(affirm|choose|correct|danger_now|deny|skip|tell)' is not used in any story or rule",
    r"The utterance 'utter_\w+' is not used in any story or rule",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for source in training.SOURCES:
        kept = ROOT / source
        target = tmp_path / source
        target.parent.mkdir(parents=True, exist_ok=True)
        if kept.is_dir():
            shutil.copytree(kept, target)
        else:
            shutil.copy(kept, target)
    return tmp_path


@pytest.mark.parametrize("source", ["domain.yml", "config.yml", "data/nlu/faq.yml", "bot/dialogue/nlu.py"])
def test_a_change_in_any_source_makes_the_model_stale(project: Path, source: str) -> None:
    before = training.fingerprint(project)
    with (project / source).open("a") as file:
        file.write("\n# changed\n")
    assert training.fingerprint(project) != before


def test_no_model_a_cut_model_or_another_model_is_stale(project: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    assert training.is_stale(project, models)
    training.model_path(models).write_bytes(b"a whole model")
    stamp = training._stamp(training.fingerprint(project), training.model_path(models))
    (models / "haven.json").write_text(json.dumps(stamp))
    assert not training.is_stale(project, models)
    training.model_path(models).write_bytes(b"a whole mod")
    assert training.is_stale(project, models)
    (models / "haven.json").write_text("{")
    assert training.is_stale(project, models)


def rasa(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "rasa", *words],
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_rasas_own_validation_finds_only_what_is_expected() -> None:
    ran = rasa("data", "validate", "--domain", "domain.yml", "--data", "data", "--config", "config.yml")
    output = ran.stdout + ran.stderr
    assert ran.returncode == 0, output[-2000:]
    warned = re.findall(r"UserWarning: (.+)", output)
    unexpected = [w for w in warned if not any(re.search(expected, w) for expected in EXPECTED)]
    assert unexpected == []
    assert "No story structure conflicts found" in output


def test_rasas_own_test_of_the_stories_passes(model: Path, tmp_path: Path) -> None:
    words = ("test", "core", "--model", str(training.model_path(model)), "--stories", "tests/stories", "--out")
    ran = rasa(*words, str(tmp_path))
    assert ran.returncode == 0, (ran.stdout + ran.stderr)[-2000:]
    assert "None of the test stories failed" in (tmp_path / "failed_test_stories.yml").read_text()


def test_nothing_is_told_to_rasas_makers() -> None:
    code = (
        "from bot.__main__ import main\n"
        "main(['--help'])\n"
        "from rasa import telemetry\n"
        "assert not telemetry.is_telemetry_enabled()\n"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RASA")}
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, timeout=120)
    assert ran.returncode == 0, ran.stderr.decode()[-500:]
