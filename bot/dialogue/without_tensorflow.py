"""How does Rasa start without TensorFlow? Import this before anything of Rasa's when serving, never when training.

Rasa's policy module imports TensorFlow through two helper modules that no component of ours uses. Standing in for
those two saves about 300 MB and 2.5 seconds a process. `tests/bot/dialogue/test_engine.py` shows that nothing else asks
for them, and that the Rasa version is the one this was written for.
"""

from __future__ import annotations

import sys
import types

_STANDINS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": (
        "RasaDataGenerator",
        "RasaBatchDataGenerator",
        "increase_batch_size",
    ),
}


def _refuse(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError("this process serves without TensorFlow; training runs in a process of its own")


def stand_in() -> None:
    """Put the stand-ins in place. Harmless when called twice, or when TensorFlow is already loaded."""
    if "tensorflow" in sys.modules:
        return
    for name, members in _STANDINS.items():
        if name not in sys.modules:
            module = types.ModuleType(name, "Stands in for a module that needs TensorFlow.")
            for member in members:
                setattr(module, member, type(member, (), {"__init__": _refuse}))
            sys.modules[name] = module


stand_in()
