"""An organisation's details as questions and answers, ready for `components/summary_list.html`."""

from casework.front.pages.kit.cards import SummaryRow
from casework.front.pages.kit.telephones import spoken
from casework.records.models import Home, LocalAuthority

NOT_GIVEN = "Not given"


def authority_rows(authority: LocalAuthority) -> list[SummaryRow]:
    force, contact = authority.police_force, authority.data_protection_contact
    return [
        SummaryRow("Name", authority.name),
        SummaryRow("Code", authority.code),
        SummaryRow("Police force", force.name if force else NOT_GIVEN),
        SummaryRow("Duty telephone", spoken(authority.duty_phone) or NOT_GIVEN),
        SummaryRow("Out of hours", spoken(authority.out_of_hours_phone) or NOT_GIVEN),
        SummaryRow("Duty e-mail", authority.duty_email or NOT_GIVEN),
        SummaryRow("Data-protection contact", contact.name if contact else "The head of service"),
    ]


def home_rows(home: Home) -> list[SummaryRow]:
    """Never the address: whoever keeps the details sees it in the form that changes it."""
    host, force = home.host_authority, home.police_force
    minutes = int(home.grace.total_seconds() // 60)
    curfew = f"{home.curfew:%H:%M}, and {minutes} minutes of grace" if home.curfew else NOT_GIVEN
    return [
        SummaryRow("Provider", home.provider.name),
        SummaryRow("Kind", f"{home.get_kind_display()}; {home.get_sector_display().lower()}"),
        SummaryRow("Ofsted URN", home.urn or NOT_GIVEN),
        SummaryRow("In the area of", host.name if host else "Not known"),
        SummaryRow("Police force", force.name if force else NOT_GIVEN),
        SummaryRow("Places", home.capacity or NOT_GIVEN),
        SummaryRow("Telephone", spoken(home.phone) or NOT_GIVEN),
        SummaryRow("On-call manager", spoken(home.on_call_phone) or NOT_GIVEN),
        SummaryRow("E-mail", home.email or NOT_GIVEN),
        SummaryRow("Back by", curfew),
    ]
