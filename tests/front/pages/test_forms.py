"""Carl fills in forms at night: the rows of bad input that live in fields."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from casework.front.pages.kit.answers import differences
from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    DateOfBirthField,
    EmailField,
    GovForm,
    LondonDateTimeField,
    MultipleChoiceField,
    NarrativeField,
    NumberField,
    PhoneField,
    PostcodeField,
    RowChoiceField,
    TextField,
    TickField,
    VersionedForm,
)
from casework.front.pages.kit.forms.moments import MomentBoundField
from casework.records.errors import Invalid
from casework.records.models import PoliceForce

NIGHT = datetime(2027, 11, 19, 23, 12, 8, tzinfo=UTC)


class SeenForm(GovForm):
    last_seen_at = LondonDateTimeField("When?", missing="Enter the time the child was last seen.")


class WordsForm(GovForm):
    name = TextField("Name", missing="Enter a name.")
    story = NarrativeField("What happened?")


class RiskForm(GovForm):
    risk = ChoiceField("Risk", [("low", "Low"), ("high", "High")], missing="Choose a risk.")


class PoliceForm(GovForm):
    told = ChoiceField("Told?", [Choice("yes", "Yes", reveals="reference"), Choice("no", "No")])
    reference = TextField("Reference", missing="Enter the police reference.")


def post(**answers: str) -> QueryDict:
    sent = QueryDict(mutable=True)
    sent.update(answers)
    return sent


def given(day: str, clock: str, **more: str) -> SeenForm:
    days = dict(zip(("day", "month", "year"), day.split("/"), strict=True))
    parts = {"time": clock, **days, **more}
    sent = {"last_seen_at": "give", **{f"last_seen_at_{part}": text for part, text in parts.items()}}
    return SeenForm(post(**sent), now=NIGHT)


def only_error(form: GovForm, name: str) -> str:
    assert not form.is_valid()
    assert list(form.errors) == [name]
    (message,) = form.errors[name]
    return str(message)


def words(**answers: str) -> WordsForm:
    return WordsForm(post(**{"name": "Kit", **answers}))


# Text ---------------------------------------------------------------------------------------------


@pytest.mark.ac("B01")
def test_an_empty_question_says_what_to_enter_and_the_summary_leads_to_it() -> None:
    from casework.front.templatetags.govuk_forms import problems

    form = SeenForm(post(), now=NIGHT)
    assert only_error(form, "last_seen_at") == "Enter the time the child was last seen."
    (problem,) = problems(form)
    assert problem.href == "#last_seen_at"
    assert 'id="last_seen_at"' in str(form["last_seen_at"])


@pytest.mark.ac("B02")
@pytest.mark.parametrize(
    "blank", ["", "   ", "\u200b\u200b", "\u00a0\u00a0", "\ufeff \u2060", "\u3164", "\t"]
)
def test_a_name_of_nothing_visible_is_empty(blank: str) -> None:
    assert only_error(words(name=blank), "name") == "Enter a name."


@pytest.mark.ac("B03")
def test_a_megabyte_is_too_long_and_is_kept() -> None:
    story = "x" * 1_000_000
    form = words(story=story)
    assert only_error(form, "story") == "Use 10,000 characters or fewer."
    assert story in str(form["story"])


@pytest.mark.ac("B04")
@pytest.mark.ac("B05")
@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b", "a\ufffdb", "a\x1bb"])  # noqa: PT014  # half a pair looks like U+FFFD to the linter
def test_a_character_that_cannot_be_kept_is_refused_and_the_page_can_still_be_sent(bad: str) -> None:
    form = words(name=bad)
    assert "cannot be kept" in only_error(form, "name")
    assert "a\ufffdb" in str(form["name"]).encode().decode()


@pytest.mark.ac("B05")
def test_a_half_pair_in_a_real_request_is_refused() -> None:
    form = WordsForm(QueryDict(b"name=Kit%ED%A0%80"))
    assert "cannot be kept" in only_error(form, "name")


@pytest.mark.ac("B06")
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("👩‍👧 safe", "👩‍👧 safe"),
        ("Llŷr w\u0302en", "Llŷr ŵen"),
        ("محمد", "محمد"),
        ("Z\u0351\u036b\u0352a\u0358l", "Z\u0351\u036b\u0352a\u0358l"),
    ],
)
def test_every_script_is_stored_exactly_and_composed(typed: str, stored: str) -> None:
    form = words(name=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == stored


@pytest.mark.ac("B07")
def test_marks_that_turn_text_round_are_taken_out_with_a_word() -> None:
    form = words(name="Kit\u202enwodhsA")
    assert form.is_valid()
    assert form.cleaned_data["name"] == "KitnwodhsA"
    assert len(form.warnings) == 1


@pytest.mark.ac("B08")
@pytest.mark.ac("B09")
@pytest.mark.ac("B10")
@pytest.mark.parametrize("code", ["<script>alert(1)</script>", "{{7*7}}{% debug %}${7*7}", "' OR 1=1--"])
def test_code_is_text(code: str) -> None:
    form = words(name=code)
    assert form.is_valid()
    assert form.cleaned_data["name"] == code
    assert "<script>" not in str(form["name"])
    assert ">49<" not in str(form["name"])


def test_a_name_is_one_line_and_a_narrative_many() -> None:
    assert only_error(words(name="Kit\r\nBcc: eve@example.org"), "name") == "Write this on one line."
    form = words(story=" one\r\ntwo ")
    assert form.is_valid()
    assert form.cleaned_data["story"] == "one\ntwo"


# When ---------------------------------------------------------------------------------------------


@pytest.mark.ac("B11")
def test_a_time_in_the_future_is_refused_but_a_fast_clock_is_forgiven() -> None:
    assert only_error(given("19/11/2027", "23:22"), "last_seen_at") == "That time is in the future."
    assert given("19/11/2027", "23:16").is_valid()


@pytest.mark.ac("B13")
@pytest.mark.parametrize("clock", ["01:00", "01:30", "01:59"])
def test_a_time_that_never_was_is_explained(clock: str) -> None:
    assert only_error(given("28/03/2027", clock), "last_seen_at") == (
        "That time did not exist: clocks went forward. Use 02:00 or later."
    )


@pytest.mark.ac("B14")
def test_an_hour_that_happened_twice_is_asked_about_and_both_answers_are_kept() -> None:
    asked = given("31/10/2027", "01:30")
    assert not asked.is_valid()
    assert "Before the clocks went back" in str(asked["last_seen_at"])
    before, after = (given("31/10/2027", "01:30", which=which) for which in ("before", "after"))
    assert before.is_valid()
    assert after.is_valid()
    assert before.cleaned_data["last_seen_at"] == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert after.cleaned_data["last_seen_at"] == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_nobody_is_asked_about_an_hour_that_happened_once() -> None:
    assert "clocks went back" not in str(given("19/11/2027", "22:10")["last_seen_at"])


@pytest.mark.ac("B15")
@pytest.mark.parametrize(
    "day", ["29/2/2027", "31/06/2027", "00/00/0000", "1/1/20226", "1//2027", "x/y/z", "1/1/0001", "²/1/2027"]
)
def test_a_day_that_is_none_is_refused(day: str) -> None:
    assert only_error(given(day, "22:10"), "last_seen_at") == "Enter a real date."


@pytest.mark.parametrize("typed", ["22:10", "2210", "22.10", "10:10pm", "10.10 PM"])
def test_a_time_may_be_written_as_people_write_it(typed: str) -> None:
    form = given("18/11/2027", typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["last_seen_at"] == datetime(2027, 11, 18, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["22:60", "25:00", "later", "13pm", "22", "0am"])
def test_a_time_that_is_none_is_named(typed: str) -> None:
    assert only_error(given("18/11/2027", typed), "last_seen_at") == (
        f"{typed} is not a time. Write it like 22:10."
    )


def test_summer_time_is_an_hour_behind_in_the_record() -> None:
    form = given("1/7/2027", "22:10")
    assert form.is_valid()
    assert form.cleaned_data["last_seen_at"] == datetime(2027, 7, 1, 21, 10, tzinfo=UTC)


def test_just_now_means_the_time_that_was_shown() -> None:
    shown = SeenForm(now=datetime(2027, 11, 19, 22, 50, 40, tzinfo=UTC))["last_seen_at"]
    assert isinstance(shown, MomentBoundField)
    assert "Just now, 22:50" in str(shown)
    sent = SeenForm(post(last_seen_at="30", last_seen_at_asked=shown.asked_at), now=NIGHT)
    assert sent.is_valid()
    assert sent.cleaned_data["last_seen_at"] == datetime(2027, 11, 19, 22, 20, tzinfo=UTC)


@pytest.mark.parametrize("asked", ["", "nonsense", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"])
def test_a_forged_time_of_asking_is_never_in_the_future(asked: str) -> None:
    form = SeenForm(post(last_seen_at="now", last_seen_at_asked=asked), now=NIGHT)
    assert form.is_valid()
    assert form.cleaned_data["last_seen_at"] == NIGHT.replace(second=0)


def test_a_time_typed_without_pressing_a_radio_is_an_answer() -> None:
    form = given("19/11/2027", "22:10")
    unpressed = post(**{name: text for name, text in form.data.items() if name != "last_seen_at"})
    assert SeenForm(unpressed, now=NIGHT).is_valid()


def test_a_form_about_time_has_to_be_given_the_clock() -> None:
    with pytest.raises(TypeError, match="needs now"):
        SeenForm(post(last_seen_at="now")).is_valid()


# People's particulars -----------------------------------------------------------------------------


class ChildForm(GovForm):
    born = DateOfBirthField("Date of birth", missing="Enter their date of birth.")


class ContactForm(GovForm):
    phone = PhoneField("Telephone")
    postcode = PostcodeField("Postcode")
    email = EmailField("E-mail")
    beds = NumberField("Beds", least=1, most=60)


def born(year: int, month: int = 11, day: int = 19) -> ChildForm:
    return ChildForm(post(born_day=str(day), born_month=str(month), born_year=str(year)), now=NIGHT)


@pytest.mark.ac("B17")
def test_a_date_of_birth_is_judged_by_the_records_clock() -> None:
    assert only_error(born(2027, day=20), "born") == "A date of birth is in the past."
    assert only_error(born(1907), "born") == "That makes them 120. Check the year."
    leaver, child = born(2008), born(2009, day=20)
    assert leaver.is_valid()
    assert leaver.warnings == ["They are 19: a care leaver, not a child in care. Check the year if not."]
    assert child.is_valid()
    assert child.warnings == []


@pytest.mark.ac("B18")
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+44 (0)7700 900123 ext 4", "+447700900123;ext=4"),
        ("07700 900 123", "+447700900123"),
        ("01632-960140", "+441632960140"),
        ("+33 1 99 00 12 34", "+33199001234"),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(typed: str, stored: str) -> None:
    form = ContactForm(post(phone=typed))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["phone"] == stored


@pytest.mark.ac("B18")
@pytest.mark.parametrize("typed", ["07700 KITTEN", "1" * 40, "12345", "+", "999"])
def test_what_nobody_can_ring_is_refused(typed: str) -> None:
    assert only_error(ContactForm(post(phone=typed)), "phone").startswith("Enter a telephone number")


@pytest.mark.ac("B19")
@pytest.mark.parametrize(
    ("typed", "stored"), [("sw1a1aa", "SW1A 1AA"), ("ZZ99 3WZ", "ZZ99 3WZ"), (" m1 1ae", "M1 1AE")]
)
def test_a_postcode_is_kept_as_the_post_writes_it(typed: str, stored: str) -> None:
    form = ContactForm(post(postcode=typed))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["postcode"] == stored


@pytest.mark.ac("B19")
@pytest.mark.parametrize("typed", ["<b>", "SW1A", "12345", "SW1A 1A"])
def test_what_is_no_postcode_is_refused(typed: str) -> None:
    assert only_error(ContactForm(post(postcode=typed)), "postcode").startswith("Enter a full postcode")


@pytest.mark.ac("B20")
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("kit@larch.example\nBcc: eve@example.org", "Write this on one line."),
        ("a" * 288 + "@l.example", "Use 254 characters or fewer."),
        ("a@b", "Enter an e-mail address like name@example.org."),
        ("a@..example", "Enter an e-mail address like name@example.org."),
    ],
)
def test_an_address_no_letter_can_reach_is_refused(typed: str, message: str) -> None:
    assert only_error(ContactForm(post(email=typed)), "email") == message


@pytest.mark.ac("B20")
def test_a_domain_beyond_ascii_is_kept_as_punycode() -> None:
    form = ContactForm(post(email="carl@lärche.example"))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["email"] == "carl@xn--lrche-gra.example"


def test_a_number_is_whole_and_within_bounds_and_nothing_is_not_nought() -> None:
    for typed in ("0", "61", "1.5", "１２", "-1"):
        assert only_error(ContactForm(post(beds=typed)), "beds") == "Enter a whole number from 1 to 60."
    empty = ContactForm(post())
    assert empty.is_valid()
    assert empty.cleaned_data["beds"] is None


# Lists --------------------------------------------------------------------------------------------


class ForceForm(GovForm):
    force = RowChoiceField("Force")


@pytest.mark.ac("B21")
def test_nonsense_and_somebody_elses_row_get_the_same_sentence() -> None:
    ours, theirs = PoliceForce(name="Exampleshire Constabulary"), PoliceForce(name="Northmoor Police")

    def choose(key: object) -> ForceForm:
        form = ForceForm(post(force=str(key)))
        field = form.fields["force"]
        assert isinstance(field, RowChoiceField)
        field.offer([ours], words=lambda force: force.name)
        return form

    assert only_error(choose(theirs.pk), "force") == "Choose one from the list."
    assert only_error(choose("nonsense"), "force") == "Choose one from the list."
    assert choose(ours.pk).is_valid()
    assert only_error(RiskForm(post(risk="medium")), "risk") == "Choose one from the list."


@pytest.mark.ac("B22")
@pytest.mark.parametrize("extra", ["is_staff", "authority", "risk_0", "risk_day"])
def test_an_answer_that_was_not_asked_for_is_never_ignored(extra: str) -> None:
    form = RiskForm(post(risk="low", **{extra: "1"}))
    assert only_error(form, "__all__") == f"{extra}: This field cannot be set."


@pytest.mark.ac("B22")
def test_what_every_form_sends_is_asked_for() -> None:
    shown = RiskForm()
    sent = post(risk="low", csrfmiddlewaretoken="x", submit="", form_key=str(shown["form_key"].value()))
    form = RiskForm(sent)
    assert form.is_valid(), form.errors
    assert str(form.key) == sent["form_key"]


@pytest.mark.ac("B23")
def test_two_answers_to_one_question_are_refused() -> None:
    assert "two answers" in only_error(RiskForm(QueryDict("risk=low&risk=high")), "__all__")
    assert "two answers" in only_error(RiskForm(QueryDict("risk=low&risk=low")), "__all__")


class ChecksForm(GovForm):
    checked = MultipleChoiceField(
        "Checked?", [("house", "House"), ("phone", "Phone"), Choice("none", "Nothing", is_none=True)]
    )
    is_guess = TickField("Best guess")


def test_many_answers_come_in_the_lists_order_and_nothing_excludes_the_rest() -> None:
    form = ChecksForm(QueryDict("checked=phone&checked=house&is_guess=yes"))
    assert form.is_valid()
    assert form.cleaned_data["checked"] == ["house", "phone"]
    assert form.cleaned_data["is_guess"] is True
    assert not ChecksForm(QueryDict("checked=none&checked=house")).is_valid()
    assert not ChecksForm(QueryDict("checked=house&checked=house")).is_valid()
    assert not ChecksForm(QueryDict("is_guess=maybe")).is_valid()
    nothing = ChecksForm(post())
    assert nothing.is_valid()
    assert (nothing.cleaned_data["checked"], nothing.cleaned_data["is_guess"]) == ([], False)


def test_a_question_is_only_owed_under_the_answer_that_reveals_it() -> None:
    assert only_error(PoliceForm(post(told="yes")), "reference") == "Enter the police reference."
    no = PoliceForm(post(told="no", reference="\x00"))
    assert no.is_valid(), no.errors
    assert no.cleaned_data["reference"] == ""
    assert [one.name for one in no.asked] == ["told"]


# The form -----------------------------------------------------------------------------------------


class PlanForm(VersionedForm):
    plan = NarrativeField("What was agreed?")


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 30])
def test_a_version_is_a_number_that_the_page_showed(version: str) -> None:
    assert not PlanForm(post(plan="Phone hourly", version=version)).is_valid()
    assert PlanForm(post(plan="Phone hourly", version="3")).is_valid()


@pytest.mark.parametrize("key", ["x", "1", "not-a-uuid"])
def test_a_broken_key_is_refused_and_a_showing_has_one_of_its_own(key: str) -> None:
    assert not RiskForm(post(risk="low", form_key=key)).is_valid()
    assert RiskForm()["form_key"].value() != RiskForm()["form_key"].value()


def test_a_services_refusal_stands_beside_the_question_it_names() -> None:
    form = RiskForm(post(risk="low"))
    assert form.is_valid()
    form.refuse(Invalid("Low needs a reason.", field="risk"))
    assert form.errors["risk"] == ["Low needs a reason."]
    form.refuse(Invalid("Not tonight.", field="nothing_of_this_form"))
    assert form.non_field_errors() == ["Not tonight."]


@pytest.mark.ac("B26")
def test_a_lost_race_shows_only_what_differs() -> None:
    form = PlanForm(post(plan="Mine", version="3"))
    (one,) = differences(form, {"plan": "Theirs"})
    assert (one.question, one.yours, one.theirs) == ("What was agreed?", "Mine", "Theirs")
    assert differences(form, {"plan": "Mine"}) == []
