"""YAML read by its nodes, so that whatever is wrong can be named by line and column.

Nothing here is constructed by the YAML library: every value is taken as the text that stands in the file,
so `no`, `09:00` and `1e3` mean what a person typed, and a tag can't make an object.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, TypeVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Word = TypeVar("Word", bound=str)
Value = TypeVar("Value")

LONGEST_DOCUMENT: Final = 500_000
DEEPEST_NESTING: Final = 24


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a document; lines and columns count from 1."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"


class DocumentError(Exception):
    """A document that can't be used, with everything that is wrong in it."""

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Misread(Exception):
    """One value can't be read; `Fields` keeps the problem and goes on with the next."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def misread(node: Node, message: str) -> Misread:
    return Misread(problem_at(node, message))


def problem_at(node: Node, message: str) -> Problem:
    return Problem(node.start_mark.line + 1, node.start_mark.column + 1, message)


def root(text: str) -> Node:
    """The document's outermost node; DocumentError where it isn't one plain YAML document."""
    if len(text) > LONGEST_DOCUMENT:
        raise DocumentError([Problem(1, 1, f"The document is longer than {LONGEST_DOCUMENT:,} characters.")])
    try:
        _refuse_what_hides(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise DocumentError([Problem(line, column, f"This is not YAML: {error.problem}.")]) from error
    except yaml.reader.ReaderError as error:
        before = text[: int(error.position)]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise DocumentError([Problem(line, column, "This character can't stand in YAML.")]) from error
    if node is None:
        raise DocumentError([Problem(1, 1, "The document is empty.")])
    return node


def _refuse_what_hides(text: str) -> None:
    """No aliases, tags or bottomless nesting: what is read must be what a person sees."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if getattr(event, "anchor", None):  # aliases carry one too
            raise _refused_at(event, "Write it out: anchors and aliases are not used here.")
        if getattr(event, "tag", None):
            raise _refused_at(event, "Tags are not used here.")
        if depth > DEEPEST_NESTING:
            raise _refused_at(event, "This is nested too deeply.")


def _refused_at(event: yaml.Event, message: str) -> DocumentError:
    mark = event.start_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return DocumentError([Problem(line, column, message)])


# ---- values ----


def text(node: Node) -> str:
    """A text that isn't empty, without its outer space."""
    if not isinstance(node, ScalarNode):
        raise misread(node, "A text is needed here.")
    value = str(node.value).strip()
    if not value:
        raise misread(node, "This is empty.")
    return value


def text_up_to(longest: int) -> Callable[[Node], str]:
    def read(node: Node) -> str:
        value = text(node)
        if len(value) > longest:
            raise misread(node, f"Use {longest} characters or fewer; here are {len(value)}.")
        return value

    return read


def word_of(choices: Collection[Word]) -> Callable[[Node], Word]:
    """Reads one of the given words and no other."""

    def read(node: Node) -> Word:
        value = text(node)
        for choice in choices:
            if choice == value:
                return choice
        raise misread(node, f"“{value}” is not one of: {', '.join(choices)}.")

    return read


def whole_number(lowest: int, highest: int) -> Callable[[Node], int]:
    def read(node: Node) -> int:
        value = text(node)
        if not (value.isascii() and value.isdigit() and len(value) < 10 and lowest <= int(value) <= highest):
            raise misread(node, f"Give a whole number from {lowest} to {highest}, not “{value}”.")
        return int(value)

    return read


def yes_or_no(node: Node) -> bool:
    return word_of(("yes", "no"))(node) == "yes"


def converted(convert: Callable[[str], Value], wanted: str) -> Callable[[Node], Value]:
    """Reads with a function that raises ValueError for what it can't take; `wanted` says what it can."""

    def read(node: Node) -> Value:
        value = text(node)
        try:
            return convert(value)
        except ValueError:
            raise misread(node, f"“{value}” is not {wanted}.") from None

    return read


def list_of(read: Callable[[Node], Value]) -> Callable[[Node], tuple[Value, ...]]:
    """Reads a list without repetitions."""

    def read_all(node: Node) -> tuple[Value, ...]:
        values: list[Value] = []
        for item in items(node):
            value = read(item)
            if value in values:
                raise misread(item, "This stands here twice.")
            values.append(value)
        return tuple(values)

    return read_all


def items(node: Node) -> list[Node]:
    if not isinstance(node, SequenceNode):
        raise misread(node, "A list is needed here.")
    return list(node.value)


class Fields:
    """The fields of one mapping; problems are gathered, so that one reading names them all.

    A field that can't be read gets `otherwise`, which nobody uses: a document with problems is refused.
    """

    def __init__(self, node: Node, known: Collection[str], problems: list[Problem]) -> None:
        if not isinstance(node, MappingNode):
            raise misread(node, f"Fields are needed here: {', '.join(known)}.")
        self.node = node
        self.problems = problems
        self.nodes: dict[str, Node] = {}
        for key, value in node.value:
            self._take(key, value, known)

    def _take(self, key: Node, value: Node, known: Collection[str]) -> None:
        name = str(key.value) if isinstance(key, ScalarNode) else ""
        if name not in known:
            self.problems.append(problem_at(key, f"“{name}” is not known here. Known: {', '.join(known)}."))
        elif name in self.nodes:
            self.problems.append(problem_at(key, f"“{name}” stands here twice."))
        else:
            self.nodes[name] = value

    def __contains__(self, name: str) -> bool:
        return name in self.nodes

    def required(self, name: str, read: Callable[[Node], Value], otherwise: Value) -> Value:
        if name not in self.nodes:
            self.problems.append(problem_at(self.node, f"“{name}” is missing."))
        return self.optional(name, read, otherwise)

    def optional(self, name: str, read: Callable[[Node], Value], otherwise: Value) -> Value:
        if name not in self.nodes:
            return otherwise
        try:
            return read(self.nodes[name])
        except Misread as refused:
            self.problems.append(refused.problem)
            return otherwise
