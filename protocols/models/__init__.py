"""Floor 2: the rule book and its runs."""

from .rule import Protocol, ProtocolVersion, Rung, Step, StepTiming
from .run import EngineVersion, ProtocolRun, StepEvent, StepRun, StepState

__all__ = [
    "EngineVersion",
    "Protocol",
    "ProtocolRun",
    "ProtocolVersion",
    "Rung",
    "Step",
    "StepEvent",
    "StepRun",
    "StepState",
    "StepTiming",
]
