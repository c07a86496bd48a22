"""What happens to files on their way: damage that changes what they say, and some that does not."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Mapping
from io import StringIO
from typing import Final

from tests.front.imports.folders import Files

Damage = Callable[[random.Random, Files], None]


def some_file(chance: random.Random, files: Mapping[str, bytes]) -> str:
    return chance.choice(sorted(files))


def flip_bytes(chance: random.Random, files: Files) -> None:
    name = some_file(chance, files)
    content = bytearray(files[name])
    for _ in range(chance.choice([1, 1, 1, 3, 30])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    files[name] = bytes(content)


def flip_a_sign(chance: random.Random, files: Files) -> None:
    """One printable sign for another: the damage that looks most like a real row."""
    name = some_file(chance, files)
    place = chance.randrange(len(files[name]))
    sign = chance.choice('0123456789ABCXZ/-,";=\t ').encode()
    files[name] = files[name][:place] + sign + files[name][place + 1 :]


def cut(chance: random.Random, files: Files) -> None:
    name = some_file(chance, files)
    files[name] = files[name][: chance.randrange(len(files[name]))]


def cut_a_piece_out(chance: random.Random, files: Files) -> None:
    name = some_file(chance, files)
    start = chance.randrange(len(files[name]))
    files[name] = files[name][:start] + files[name][start + chance.randrange(1, 200) :]


def put_bytes_in(chance: random.Random, files: Files) -> None:
    name = some_file(chance, files)
    place = chance.randrange(len(files[name]))
    files[name] = files[name][:place] + chance.randbytes(chance.randrange(1, 40)) + files[name][place:]


def double_a_row(chance: random.Random, files: Files) -> None:
    name, rows = rows_of_some_file(chance, files)
    rows.insert(chance.randrange(len(rows)), chance.choice(rows))
    files[name] = b"".join(rows)


def lose_a_row(chance: random.Random, files: Files) -> None:
    name, rows = rows_of_some_file(chance, files)
    del rows[chance.randrange(len(rows))]
    files[name] = b"".join(rows)


def swap_two_cells(chance: random.Random, files: Files) -> None:
    name, rows = rows_of_some_file(chance, files)
    place = chance.randrange(1, len(rows))
    cells = rows[place].rstrip(b"\r\n").split(b",")
    one, other = chance.sample(range(len(cells)), 2)
    cells[one], cells[other] = cells[other], cells[one]
    rows[place] = b",".join(cells) + b"\r\n"
    files[name] = b"".join(rows)


def swap_two_files(chance: random.Random, files: Files) -> None:
    one, other = chance.sample(sorted(files), 2)
    files[one], files[other] = files[other], files[one]


def swap_two_rows(chance: random.Random, files: Files) -> None:
    name, rows = rows_of_some_file(chance, files)
    one, other = chance.choices(range(1, len(rows)), k=2)
    rows[one], rows[other] = rows[other], rows[one]
    files[name] = b"".join(rows)


def lose_a_file(chance: random.Random, files: Files) -> None:
    del files[some_file(chance, files)]


def write_otherwise(chance: random.Random, files: Files) -> None:
    """As another program, another country or another decade would have saved it."""
    name = some_file(chance, files)
    text = files[name].decode()
    files[name] = chance.choice(
        [
            text.encode("utf-16"),
            text.encode("utf-16-be"),
            text.replace("e", "é").encode("cp1252", "replace"),
            text.replace("\r\n", "\r").encode(),
            text.replace(",", ";").encode(),
            text.replace(",", "\t").encode(),
            text.replace("/", ".").encode(),
        ]
    )


def grow_a_cell(chance: random.Random, files: Files) -> None:
    name, rows = rows_of_some_file(chance, files)
    place = chance.randrange(len(rows))
    cells = rows[place].rstrip(b"\r\n").split(b",")
    cells[chance.randrange(len(cells))] = b"x" * chance.choice([300, 20_000, 140_000, 1024 * 1024])
    rows[place] = b",".join(cells) + b"\r\n"
    files[name] = b"".join(rows)


def move_columns(chance: random.Random, files: Files) -> None:
    name = some_file(chance, files)
    rows = list(csv.reader(StringIO(files[name].decode())))
    order = chance.sample(range(len(rows[0])), len(rows[0]))
    files[name] = "".join(",".join(row[place] for place in order) + "\r\n" for row in rows).encode()


def mark_or_end_lines_otherwise(chance: random.Random, files: Files) -> None:
    name = some_file(chance, files)
    content = files[name]
    files[name] = chance.choice(
        [b"\xef\xbb\xbf" + content, content.replace(b"\r\n", b"\n"), content + b"\r\n" * 9]
    )


def rows_of_some_file(chance: random.Random, files: Files) -> tuple[str, list[bytes]]:
    name = chance.choice([name for name in sorted(files) if files[name].count(b"\n") > 2])
    return name, files[name].splitlines(keepends=True)


CHANGING: Final[list[Damage]] = [
    *(flip_bytes, flip_a_sign, flip_a_sign, cut, cut_a_piece_out, put_bytes_in, double_a_row, lose_a_row),
    *(swap_two_cells, swap_two_files, lose_a_file, write_otherwise, grow_a_cell),
]
HARMLESS: Final[list[Damage]] = [swap_two_rows, move_columns, mark_or_end_lines_otherwise]


def damage(number: int, files: Files) -> None:
    """The damage of that number: the same on every run."""
    chance = random.Random(number)  # noqa: S311 - not for secrets
    for one in (*chance.choices(HARMLESS, k=chance.choice([0, 1])), chance.choice(CHANGING)):
        one(chance, files)
