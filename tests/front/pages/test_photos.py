"""Photographs on the pages: sent in from a phone, seen, approved, withdrawn; and served as images."""

from __future__ import annotations

import uuid
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.front.images import ALONE
from casework.records.field_rules import field_rules
from casework.records.lookers import lookers_of, looks_at
from casework.records.models import Photo, PhotoContent, Role, User
from casework.records.photos import content_of, for_police
from casework.records.pictures import MOST_BYTES, NO_HEIC, NOT_A_PHOTO, TOO_LARGE
from casework.records.services import photos
from casework.records.times import now
from tests.a_photo import HEIC, NO_PICTURES, RED, SECRET, flood, jpeg, picture, png, talkative_jpeg, upload
from tests.front.api.serving import served
from tests.front.pages.at_the_desk import at_the_desk, text_of, url
from tests.front.pages.duty_night import in_force, missing
from tests.records.audit_rows import asked
from tests.records.test_photos import tables

if TYPE_CHECKING:
    from tests.cast import Cast


def sent(by: User, cast: Cast, content: bytes = b"", name: str = "IMG_0001.jpg", **answers: object) -> Any:
    """The page of adding one, filled in."""
    given = {
        "form_key": str(uuid.uuid4()),
        "photo": upload(content or jpeg(), name),
        "taken": "today",
        "source": "Her key worker",
        **answers,
    }
    return at_the_desk(by).post(url("photo-add", cast.kit.pk), given)


def a_photo(cast: Cast, **said: Any) -> Photo:
    return photos.add_photo(by=cast.carl, child=cast.kit, picture=picture(), source="School", **said)


def press(by: User, page: str, photo: Photo, **answers: str) -> Any:
    keys = {"form_key": str(uuid.uuid4())}
    return at_the_desk(by).post(url(page, photo.child_id, photo.pk), {**keys, **answers})


def image_of(photo: Photo) -> str:
    return url("photo", photo.child_id, photo.pk)


# Sent in ----------------------------------------------------------------------------------------------


def test_carl_sends_one_from_his_phone_and_amina_sees_it(cast: Cast) -> None:
    page = text_of(at_the_desk(cast.carl).get(url("photo-add", cast.kit.pk)))
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file" accept="image/jpeg,image/png"' in page
    answer = sent(cast.carl, cast)
    assert (answer.status_code, answer.url) == (302, url("photo-list", cast.kit.pk))
    photo = Photo.objects.get()
    assert (photo.taken_on, photo.added_by) == (now().date(), cast.carl)
    page = text_of(at_the_desk(cast.amina).get(url("child-detail", cast.kit.pk)))
    assert f'src="{image_of(photo)}"' in page
    assert 'alt="Photograph of the child. Taken ' in page
    assert "Not approved for the police." in page


@pytest.mark.parametrize(
    ("answers", "taken_on", "is_rough"),
    [
        ({"taken": "unknown"}, None, False),
        (
            {"taken": "day", "taken_on_day": "3", "taken_on_month": "5", "taken_on_year": "2025"},
            "2025-05-03",
            False,
        ),
        (
            {"taken": "about", "taken_about_day": "1", "taken_about_month": "6", "taken_about_year": "2024"},
            "2024-06-01",
            True,
        ),
    ],
)
def test_when_it_was_taken_may_be_known_roughly_or_not_at_all(
    cast: Cast, answers: dict[str, Any], taken_on: str | None, is_rough: bool
) -> None:
    assert sent(cast.carl, cast, **answers).status_code == 302
    photo = Photo.objects.get()
    assert (photo.taken_on and photo.taken_on.isoformat(), photo.is_rough) == (taken_on, is_rough)
    page = text_of(at_the_desk(cast.carl).get(url("photo-list", cast.kit.pk)))
    words = {None: "It is not known when it was taken", "2024-06-01": "Taken about June 2024"}
    assert words.get(taken_on, "Taken 3 May 2025") in page


def test_it_is_sent_and_approved_in_one_page(cast: Cast) -> None:
    assert sent(cast.carl, cast, for_police="yes").status_code == 302
    assert len(for_police(cast.kit)) == 1


def test_the_tablet_sends_one_under_a_name_and_is_shown_none(cast: Cast) -> None:
    page = text_of(at_the_desk(cast.tablet).get(url("photo-add", cast.kit.pk)))
    assert "Your name" in page
    assert "The police may have it" not in page
    assert "Amina Rahal" not in page  # what a child beside it need not read
    assert sent(cast.tablet, cast).status_code == 422
    answer = sent(cast.tablet, cast, typed_name="Carl")
    assert (answer.status_code, answer.url) == (302, url("home"))
    photo = Photo.objects.get()
    assert photo.typed_name == "Carl"
    assert sent(cast.tablet, cast, png(), typed_name="Carl", for_police="yes").status_code == 422
    assert at_the_desk(cast.tablet).get(url("photo-list", cast.kit.pk)).status_code == 403
    assert at_the_desk(cast.tablet).get(image_of(photo)).status_code == 403


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"source": ""}, "Enter who took it"),
        ({"source": "x" * 201}, "200 characters"),
        ({"taken": ""}, "Say when it was taken"),
        ({"taken": "day"}, "Enter the day."),
        (
            {"taken": "day", "taken_on_day": "1", "taken_on_month": "1", "taken_on_year": "2199"},
            "That day is in the future.",
        ),
        ({"is_staff": "1"}, "is_staff: This field cannot be set."),
    ],
)
def test_what_is_wrong_is_said_and_the_file_is_asked_for_once_more(
    cast: Cast, answers: dict[str, Any], words: str
) -> None:
    answer = sent(cast.carl, cast, **answers)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "Choose the photograph once more" in text_of(answer)
    assert not Photo.objects.exists()


@pytest.mark.ac("T12.2", "U01", "U03", "U04")
@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES.keys())
@pytest.mark.parametrize("name", ["photo.jpg", "photo.php.jpg"])
def test_what_is_no_photo_is_refused_with_what_to_send(cast: Cast, content: bytes, name: str) -> None:
    answer = at_the_desk(cast.carl).post(
        url("photo-add", cast.kit.pk),
        {"photo": upload(content, name), "taken": "today", "source": "School"},
    )
    assert answer.status_code == 422
    assert NOT_A_PHOTO in text_of(answer)
    assert not Photo.objects.exists()


@pytest.mark.ac("T12.3", "U05")
def test_a_flood_of_pixels_is_refused_on_the_page(cast: Cast) -> None:
    answer = sent(cast.carl, cast, flood(50_000, 50_000), "x.png")
    assert answer.status_code == 422
    assert NOT_A_PHOTO in text_of(answer)


@pytest.mark.ac("U03")
def test_an_iphones_own_format_is_refused_with_what_to_do(cast: Cast) -> None:
    assert NO_HEIC in text_of(sent(cast.carl, cast, HEIC, "IMG_1.HEIC"))


@pytest.mark.ac("T12.3", "U07")
def test_more_than_ten_megabytes_never_reach_a_disk_or_the_record(cast: Cast) -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    answer = sent(cast.carl, cast, jpeg() + b"\0" * MOST_BYTES)
    assert answer.status_code == 422
    assert TOO_LARGE in text_of(answer)


@pytest.mark.ac("T12.3")
def test_a_body_of_no_stated_length_is_not_read(cast: Cast) -> None:
    answer = at_the_desk(cast.carl).generic(
        "POST",
        url("photo-add", cast.kit.pk),
        jpeg(),
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="",
        HTTP_TRANSFER_ENCODING="chunked",
    )
    assert answer.status_code == 413
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert not Photo.objects.exists()


@pytest.mark.ac("T12.3")
@pytest.mark.django_db(transaction=True)
def test_nor_over_a_real_connection(cast: Cast) -> None:
    """However much is still to come: the answer is there before it."""
    with served(WEB_WORKERS="1") as address:
        parts = urlsplit(address)
        line = HTTPConnection(parts.netloc, timeout=30)
        line.putrequest("POST", url("photo-add", cast.kit.pk))
        line.putheader("Content-Type", "multipart/form-data; boundary=x")
        line.putheader("Transfer-Encoding", "chunked")
        line.endheaders(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")  # and never the end
        assert line.getresponse().status == 413
        line.close()


def test_two_at_once_and_a_file_nobody_asked_for_are_refused(cast: Cast) -> None:
    both = sent(cast.carl, cast, photo=[upload(jpeg()), upload(png())])
    assert "Send one photograph at a time." in text_of(both)
    assert "other: This field cannot be set." in text_of(sent(cast.carl, cast, other=upload(jpeg())))
    assert not Photo.objects.exists()


def test_the_same_press_twice_adds_one(cast: Cast) -> None:
    key = str(uuid.uuid4())
    answers = [sent(cast.carl, cast, form_key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Photo.objects.count() == 1


@pytest.mark.ac("T12.1", "T12.4", "U02", "U06")
@pytest.mark.parametrize(
    "name",
    [
        "../../etc/zqname",
        "C:\\zqname.jpg",
        "con.zqname.jpg",
        "zqname" + "x" * 300 + ".jpg",
        "zqname\u202egpj.exe",
        "zqname.jpg%00.php",
        "zqname.php.jpg",
    ],
)
def test_neither_its_name_nor_what_it_said_is_kept_anywhere(cast: Cast, name: str) -> None:
    answer = sent(cast.carl, cast, talkative_jpeg(), name)
    assert answer.status_code == 302
    search = 'SELECT 1 FROM "{}" one WHERE one::text LIKE %s OR one::text LIKE %s OR one::text LIKE %s'
    words = ("%zqname%", f"%{SECRET}%", f"%{SECRET.encode().hex()}%")
    assert [table for table in tables() if asked(search.format(table), *words)] == []
    assert PhotoContent.objects.count() == 1


# Served -----------------------------------------------------------------------------------------------


@pytest.mark.ac("T12.2")
def test_an_image_is_an_image_and_nothing_else(cast: Cast) -> None:
    photo = a_photo(cast)
    answer = at_the_desk(cast.amina).get(image_of(photo))
    assert answer.content == content_of(photo)
    wanted = {
        "Content-Type": "image/jpeg",
        "Content-Disposition": 'attachment; filename="photo.jpg"',
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": ALONE,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    assert "img-src 'self'" in at_the_desk(cast.amina).get("/children/").headers["Content-Security-Policy"]


def test_another_childs_a_withdrawn_one_and_somebody_elses_are_not_there(cast: Cast) -> None:
    in_force(cast)
    missing(cast)
    photo, amina = a_photo(cast), at_the_desk(cast.amina)
    assert amina.get(url("photo", cast.ola.pk, photo.pk)).status_code == 404
    for stranger in (cast.eve, cast.mo, cast.dee):
        assert at_the_desk(stranger).get(image_of(photo)).status_code == 404
    assert at_the_desk(cast.ada).get(image_of(photo)).status_code == 403
    photos.withdraw_photo(by=cast.carl, photo=photo, reason="Blurred")
    assert amina.get(image_of(photo)).status_code == 404


def looks(cast: Cast, by: User) -> list[tuple[str, list[str]]]:
    return [(look.kind, list(look.fields)) for look in looks_at(cast.kit.pk, by=by.pk)]


@pytest.mark.ac("T28.3")
def test_the_image_belongs_to_the_look_at_its_page(cast: Cast) -> None:
    """Or a reader of “Who looked” would count each page twice."""
    photo, amina = a_photo(cast), at_the_desk(cast.amina)
    amina.get(url("child-detail", cast.kit.pk))
    amina.get(image_of(photo))
    assert looks(cast, cast.amina) == [("child", ["photo"])]
    (looker,) = [one for one in lookers_of(cast.kit.pk) if one.user_id == cast.amina.pk]
    assert looker.opened == 1


@pytest.mark.ac("T28.3")
def test_an_image_without_a_page_is_a_look_of_its_own(cast: Cast) -> None:
    photo = a_photo(cast)
    at_the_desk(cast.amina).get(url("child-change", cast.kit.pk))  # a page without the photograph
    at_the_desk(cast.amina).get(image_of(photo))
    assert looks(cast, cast.amina)[0] == ("photo", ["photo"])
    assert len(looks(cast, cast.amina)) == 2


def test_a_look_of_another_session_explains_no_image(cast: Cast) -> None:
    photo = a_photo(cast)
    at_the_desk(cast.amina).get(url("child-detail", cast.kit.pk))
    at_the_desk(cast.amina).get(image_of(photo))
    assert [kind for kind, _ in looks(cast, cast.amina)] == ["photo", "child"]


# Approved and withdrawn -----------------------------------------------------------------------------------


def test_carl_approves_one_for_the_police_and_takes_that_back(cast: Cast) -> None:
    photo = a_photo(cast)
    page = text_of(at_the_desk(cast.carl).get(url("photo-for-police", cast.kit.pk, photo.pk)))
    assert image_of(photo) in page
    assert press(cast.carl, "photo-for-police", photo, words="As he looks now").status_code == 302
    page = text_of(at_the_desk(cast.amina).get(url("photo-list", cast.kit.pk)))
    assert "For the police" in page
    assert "As he looks now" in page
    assert press(cast.amina, "photo-for-police", photo).status_code == 422  # why is asked
    assert press(cast.amina, "photo-for-police", photo, reason="It is his brother").status_code == 302
    assert for_police(cast.kit) == []


def test_only_who_decides_on_publicity_approves_one_for_the_public(cast: Cast) -> None:
    photo = a_photo(cast)
    for person in (cast.carl, cast.amina):
        assert at_the_desk(person).get(url("photo-for-public", cast.kit.pk, photo.pk)).status_code == 403
    assert press(cast.bev, "photo-for-public", photo).status_code == 422
    assert press(cast.bev, "photo-for-public", photo, words="His mother agrees").status_code == 302
    page = text_of(at_the_desk(cast.carl).get(url("photo-list", cast.kit.pk)))
    assert "His mother agrees" in page
    assert "Approve for the public" not in page


def test_a_withdrawn_one_leaves_its_reason(cast: Cast) -> None:
    photo = a_photo(cast, for_police=True)
    assert press(cast.amina, "photo-withdraw", photo).status_code == 422
    assert press(cast.amina, "photo-withdraw", photo, reason="It is his brother").status_code == 302
    page = text_of(at_the_desk(cast.carl).get(url("photo-list", cast.kit.pk)))
    assert "There is no photograph yet." in page
    assert "It is his brother" in page
    assert press(cast.amina, "photo-withdraw", photo, reason="Again").status_code == 404


@pytest.mark.ac("B25")
def test_another_childs_photograph_is_not_approved_from_here(cast: Cast) -> None:
    olas = photos.add_photo(by=cast.amina, child=cast.ola, picture=picture(), source="School")
    for page in ("photo-for-police", "photo-withdraw"):
        answer = at_the_desk(cast.carl).post(url(page, cast.kit.pk, olas.pk), {"reason": "x", "words": "x"})
        assert answer.status_code == 404
    assert not olas.approvals.exists()


# Beside who the child is ------------------------------------------------------------------------------


def test_an_absence_shows_the_face_and_says_when_the_police_have_none(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    femi, carl = at_the_desk(cast.femi), at_the_desk(cast.carl)
    lacking = "The police have no photograph of"
    assert lacking in text_of(femi.get(url("episode-detail", episode.pk)))
    for reader in (carl, at_the_desk(cast.tablet)):
        assert url("photo-add", cast.kit.pk) in text_of(reader.get(url("report-detail", episode.pk)))
    to_approve = "approve one that is here"
    assert to_approve not in text_of(carl.get(url("report-detail", episode.pk)))
    photo = a_photo(cast)
    assert to_approve in text_of(carl.get(url("report-detail", episode.pk)))
    page = text_of(femi.get(url("episode-detail", episode.pk)))
    assert image_of(photo) in page
    assert lacking in page
    photos.approve_photo(by=cast.femi, photo=photo, audience="police")
    for address in (url("episode-detail", episode.pk), url("episode-grab-sheet", episode.pk)):
        page = text_of(femi.get(address))
        assert image_of(photo) in page
        assert lacking not in page
    assert lacking not in text_of(carl.get(url("report-detail", episode.pk)))


def test_the_grab_sheet_has_what_is_approved_for_the_police_only(cast: Cast) -> None:
    in_force(cast)
    episode, photo = missing(cast), a_photo(cast)
    page = text_of(at_the_desk(cast.femi).get(url("episode-grab-sheet", episode.pk)))
    assert image_of(photo) not in page
    assert "No photograph has been approved for the police." in page


def test_an_officer_sees_what_was_approved_for_the_police_and_no_other(cast: Cast) -> None:
    in_force(cast)
    episode, dee = missing(cast), at_the_desk(cast.dee)
    approved = a_photo(cast, for_police=True)
    other = photos.add_photo(by=cast.carl, child=cast.kit, picture=picture(RED), source="His aunt")
    image = {photo: url("shared-photo", episode.pk, photo.pk) for photo in (approved, other)}
    page = text_of(dee.get(url("shared-detail", episode.pk)))
    assert image[approved] in page
    assert image[other] not in page
    assert "His aunt" not in page
    answer = dee.get(image[approved])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert dee.get(image[other]).status_code == 404
    assert at_the_desk(cast.amina).get(image[approved]).status_code == 404
    assert looks(cast, cast.dee)[0][0] == "shared_episode"
    photos.take_back_approval(by=cast.carl, photo=approved, audience="police", reason="Blurred")
    assert dee.get(image[approved]).status_code == 404
    assert "No photograph has been approved for the police." in text_of(
        dee.get(url("shared-detail", episode.pk))
    )


def test_the_page_of_photographs_asks_no_more_for_ten_than_for_one(cast: Cast) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked_now:
            at_the_desk(cast.amina).get(url("photo-list", cast.kit.pk))
        return len(asked_now)

    a_photo(cast, for_police=True)
    one = questions()
    for tone in range(5):
        drawn = picture((tone * 40, 9, 90))
        photos.add_photo(by=cast.carl, child=cast.kit, picture=drawn, source="School", for_police=True)
    assert questions() == one


def test_every_role_is_shown_them_or_is_not_as_the_rules_say(cast: Cast) -> None:
    shown = field_rules().kind_of("records.Photo", "source").shown
    assert {Role.HOME_STAFF, Role.SOCIAL_WORKER, Role.POLICE_LIAISON} <= set(shown)
    others = {Role.HOME_TABLET, Role.ADMINISTRATOR, Role.PERFORMANCE_OFFICER, Role.SCHOOL_CONTACT}
    assert not others & set(shown)
