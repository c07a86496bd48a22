"""Ada hands over the authority's files, sees what they would do, and says yes; or reads what is wrong."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from casework.front.imports import bell
from casework.front.imports.uploading import work_on
from casework.records.models import Child, Membership, Notification, Upload, User
from casework.records.services import uploads
from casework.records.services.conflicts import declare_conflict
from tests.front.imports.folders import FEW, exampleshire, few_children, small, with_cell, zipped
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast


def import_url(cast: Cast) -> str:
    return reverse("imports:hand-over", args=[cast.exampleshire.pk])


@pytest.fixture(autouse=True)
def nobody_hears_the_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the worker does is done in the test itself."""
    monkeypatch.setattr(bell, "_ring_aside", lambda upload_id: None)


def hand_over(cast: Cast, *files: tuple[str, bytes], by: User | None = None, **answers: str) -> Any:
    return at_the_desk(by or cast.ada).post(
        import_url(cast),
        {
            "form_key": str(uuid.uuid4()),
            "year": "",
            **answers,
            "folder": [SimpleUploadedFile(name, content) for name, content in files],
        },
    )


def checked(cast: Cast, content: bytes) -> str:
    """Hand over, let the worker check; the address of the page."""
    answer = hand_over(cast, ("folder.zip", content))
    assert answer.status_code == 302, text_of(answer)
    work_on(Upload.objects.get().pk)
    return str(answer.url)


def opened(cast: Cast, address: str) -> str:
    answer = at_the_desk(cast.ada).get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(answer)).split())


def test_ada_sees_what_is_new_says_yes_and_reads_what_was_done(cast: Cast) -> None:
    address = checked(cast, small())
    shown = opened(cast, address)
    assert f"{len(FEW)} children" in shown
    assert "Nothing is written yet" in shown
    answer = at_the_desk(cast.ada).post(address, {"form_key": str(uuid.uuid4())})
    assert (answer.status_code, answer.url) == (302, address)  # type: ignore[attr-defined]  # a redirect
    assert "Waiting to be imported" in opened(cast, address)
    work_on(Upload.objects.get().pk)
    done = opened(cast, address)
    assert "Imported" in done
    assert "Nobody has been told" in done
    assert Child.objects.filter(reference__in=FEW).count() == len(FEW)


def test_yes_pressed_twice_is_one_yes(cast: Cast) -> None:
    address, key = checked(cast, small()), str(uuid.uuid4())
    answers = [at_the_desk(cast.ada).post(address, {"form_key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    another = at_the_desk(cast.ada).post(address, {"form_key": str(uuid.uuid4())})
    assert another.status_code == 409


def test_the_same_files_again_have_nothing_to_import(cast: Cast) -> None:
    address = checked(cast, small())
    at_the_desk(cast.ada).post(address, {"form_key": str(uuid.uuid4())})
    work_on(Upload.objects.get().pk)
    again = opened(cast, checked(cast, small()))
    assert "0 changes" in again
    assert "There is nothing to import" in again


def test_while_it_is_checked_the_page_looks_again_by_itself_with_and_without_script(cast: Cast) -> None:
    address = hand_over(cast, ("folder.zip", small())).url
    upload = Upload.objects.get()
    uploads.say_progress(upload.pk, "2025-26/episodes.csv", 30, 120)
    page = text_of(at_the_desk(cast.ada).get(address))
    assert '<noscript><meta http-equiv="refresh"' in page
    assert 'data-refresh="3"' in page
    assert "2025-26/episodes.csv: 25 %" in page
    work_on(upload.pk)
    assert "refresh" not in text_of(at_the_desk(cast.ada).get(address)).replace("Refresh now", "")


def test_faults_are_a_table_by_file_line_and_column(cast: Cast) -> None:
    content = zipped(with_cell("children.csv", 2, "DOB", "45123")).getvalue()
    shown = opened(cast, checked(cast, content))
    assert "Nothing was imported. One thing is wrong" in shown
    assert "children.csv Line: 2 Column: DOB “45123” is Excel’s own count of days." in shown


def test_of_very_many_faults_the_first_are_shown_and_all_counted(cast: Cast) -> None:
    files = exampleshire()
    files["children.csv"] = files["children.csv"].replace(b"/20", b"/")
    shown = opened(cast, checked(cast, zipped(files).getvalue()))
    assert shown.count("can be read in several ways") == 200
    assert re.search(r"And [0-9]+ more\.", shown)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "Choose the zip of your folder"),
        ([("folder.zip", b"not a zip")], "not a zip file that can be opened"),
        ([("folder.zip", zipped({"../x.csv": b""}).getvalue())], "leads out of the folder"),
        ([("header.csv", b"CHILD")], "Choose the return year"),
    ],
)
def test_what_cannot_be_a_folder_is_said_on_the_page_with_422(
    cast: Cast, files: list[tuple[str, bytes]], words: str
) -> None:
    answer = hand_over(cast, *files)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Upload.objects.exists()


def test_single_files_of_one_year_are_taken(cast: Cast) -> None:
    few = few_children(exampleshire()).items()
    files = [(name.rpartition("/")[2], content) for name, content in few if not name.startswith("2025-26")]
    assert hand_over(cast, *files, year="2026-27").status_code == 302
    assert hand_over(cast, *files, year="1926-27").status_code == 422


@pytest.mark.ac("C03")
def test_files_too_large_are_refused_and_never_touch_a_disk(cast: Cast, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = hand_over(cast, ("folder.zip", small()))
    assert answer.status_code == 422
    assert "more than 10 MB" in text_of(answer)
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]


def test_a_file_that_was_not_asked_for_is_refused(cast: Cast) -> None:
    strange = {"form_key": str(uuid.uuid4()), "year": "", "photo": SimpleUploadedFile("a.zip", small())}
    assert at_the_desk(cast.ada).post(import_url(cast), strange).status_code == 422


def test_files_are_thrown_away_when_asked(cast: Cast) -> None:
    address = checked(cast, small())
    answer = at_the_desk(cast.ada).post(f"{address}discard/", {"form_key": str(uuid.uuid4())})
    assert answer.status_code == 302
    assert at_the_desk(cast.ada).get(address).status_code == 404
    assert not Upload.objects.exists()


def test_only_administrators_of_the_authority_see_any_of_it(cast: Cast) -> None:
    address = checked(cast, small())
    for page in (address, f"{address}discard/", import_url(cast)):
        assert at_the_desk(cast.eve).get(page).status_code == 404
        for person in (cast.bev, cast.amina, cast.ruth):
            assert at_the_desk(person).get(page).status_code == 403
            assert at_the_desk(person).post(page).status_code == 403
    elsewhere = address.replace(str(cast.exampleshire.pk), str(cast.northmoor.pk))
    assert at_the_desk(cast.ada).get(elsewhere).status_code == 404
    assert hand_over(cast, ("folder.zip", small()), by=cast.bev).status_code == 403


@pytest.mark.ac("T05.5")
def test_whoever_has_a_conflict_of_interest_leaves_it_to_a_colleague(cast: Cast) -> None:
    """What the files would change is told of every child, beside what the record has of them."""
    address = checked(cast, small())
    declare_conflict(by=cast.ada, child=cast.kit, reason="My nephew.")
    for page in (address, f"{address}discard/", import_url(cast)):
        answer = at_the_desk(cast.ada).get(page)
        assert answer.status_code == 403
        assert "Ask a colleague to do this." in text_of(answer)


def test_nothing_of_the_files_is_in_a_title_or_an_address(cast: Cast) -> None:
    address = checked(cast, small())
    title = re.search("<title>(.*?)</title>", text_of(at_the_desk(cast.ada).get(address)), re.DOTALL)
    assert title is not None
    assert not any(reference in title[0] + address for reference in FEW)


def test_workers_of_the_files_are_not_invited_yet_and_then_are(cast: Cast) -> None:
    address = checked(cast, small())
    at_the_desk(cast.ada).post(address, {"form_key": str(uuid.uuid4())})
    work_on(Upload.objects.get().pk)
    post = Membership.objects.get(user__email="team.north.worker6@exampleshire.example")
    people = text_of(at_the_desk(cast.ada).get(url("authority-people", cast.exampleshire.pk)))
    assert "Not invited yet" in people
    assert url("invitation-send", post.pk) in people
    assert send(cast.ada, "invitation-send", post.pk, name="").status_code == 422
    assert send(cast.ada, "invitation-send", post.pk, name="Noor West").status_code == 302
    assert Notification.objects.filter(recipient=post.user, template="invitation").count() == 1
    people = text_of(at_the_desk(cast.ada).get(url("authority-people", cast.exampleshire.pk)))
    assert url("invitation-send", post.pk) not in people
    assert "Noor West" in people
