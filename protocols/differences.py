"""What changed between two editions of a protocol, step by step, as sentences."""

from collections.abc import Iterator

from protocols.clock import age_words, duration_words
from protocols.conditions import Condition, in_words
from protocols.rulebook import ProtocolDocument, StepRule, Timing

NOTHING = "nothing"


def differences(old: ProtocolDocument, new: ProtocolDocument) -> Iterator[str]:
    """One sentence for each step taken out or added, and for each field of a step that changed."""
    before = {step.code: step for step in old.steps}
    after = {step.code: step for step in new.steps}
    for code in [code for code in before if code not in after]:
        yield f"{code} is taken out: {before[code].title}."
    for code, step in after.items():
        if code not in before:
            yield f"{code} is new: {step.title}. {_due_words(step)}."
        else:
            yield from _changes(before[code], step)


def _changes(old: StepRule, new: StepRule) -> Iterator[str]:
    was, becomes = _in_words(old), _in_words(new)
    for field, words in becomes.items():
        if was[field] != words:
            yield f"{new.code} {field}: {was[field]} → {words}."


def _in_words(step: StepRule) -> dict[str, str]:
    ladder = (f"{rung.role} {duration_words(rung.after)} later" for rung in step.ladder)
    return {
        "title": step.title,
        "text": step.what,
        "kind": step.kind,
        "basis": step.basis,
        "citation": step.citation,
        "anchor": step.anchor,
        "due": _due_words(step),
        "condition": _condition_words(step.applies, "always"),
        "responsible": step.responsible,
        "told": ", ".join(step.told) or NOTHING,
        "stopped by": ", ".join(step.stops) or NOTHING,
        "met by": step.met_by or NOTHING,
        "comes again": "with each spell" if step.each_spell else "never",
        "repeat": duration_words(step.repeat) if step.repeat else "never",
        "warning": f"{duration_words(step.warn)} before" if step.warn else "never",
        "evidence": "; ".join(step.evidence) or NOTHING,
        "ladder": ", ".join(ladder) or NOTHING,
    }


def _due_words(step: StepRule) -> str:
    return "; or ".join(_timing_words(timing, step.anchor) for timing in step.timings)


def _timing_words(timing: Timing, anchor: str) -> str:
    condition = f" if {in_words(timing.when)}" if timing.when else ""
    return f"{anchor} {_counting_words(timing)}{condition}"


def _counting_words(timing: Timing) -> str:
    by = f" at {timing.at:%H:%M}" if timing.at else ""
    match timing.calendar:
        case "working_days":
            return f"+ {timing.days} working days{by}"
        case "clock_time":
            return f"+ {timing.days} days{by}" if timing.days else f"the next {timing.at:%H:%M}"
        case "change_of_cover":
            return "each change of cover"
        case "age":
            return f"when the child is {age_words(timing.months or 0)} old"
        case "elapsed":
            grace = " or the grace agreed" if timing.use_grace else ""
            return f"+ {duration_words(timing.delay)}{grace}" if timing.delay or grace else "at once"


def _condition_words(condition: Condition | None, otherwise: str) -> str:
    return f"if {in_words(condition)}" if condition else otherwise
