"""Addresses of the pages that people see in a browser."""

from django.urls import URLPattern, URLResolver, path

from casework.front.pages.access import (
    conflicts,
    emergencies,
    readers,
    reviewers,
    reviews,
    unexplained,
    who_looked,
)
from casework.front.pages.children import (
    addresses,
    children,
    facts,
    photo_approvals,
    photos,
    placements,
    reasons,
    searches,
)
from casework.front.pages.episodes import (
    accepting,
    actions,
    categories,
    closing,
    copies,
    corrections,
    decisions,
    endings,
    episodes,
    grab_sheets,
    heard,
    interviews,
    legal_tools,
    meetings,
    police,
    prevention,
    referrals,
    returns,
    risk,
    shares,
    steps,
    tellings,
)
from casework.front.pages.episodes import addresses as episode_addresses
from casework.front.pages.force import saying, shared
from casework.front.pages.kit import around
from casework.front.pages.now import area, handover, interviews_owed, now, pupils, reviewing, work
from casework.front.pages.reports import (
    coming_back,
    enquiries,
    former,
    home,
    news,
    open_reports,
    own_copies,
    phone_reports,
    reports,
)
from casework.front.pages.setup import (
    homes,
    leaves,
    organisations,
    own_number,
    people,
    police_clients,
    protocol,
    rotas,
)

app_name = "pages"

# Around every page: where each person starts, and the strip that tells of the clock.
frame: list[URLPattern | URLResolver] = [
    path("", around.start, name="start"),
    path("clock/", around.clock_strip, name="clock-strip"),
    path("nothing/", around.nothing, name="nothing"),
]

# The authority's side: the board, one's own work, the episode and everything recorded about it.
duty: list[URLPattern | URLResolver] = [
    path("now/", now.board, name="now"),
    path("area/", area.hosted, name="area"),
    path("reviewing/", reviewing.children_reviewed, name="reviewing"),
    path("pupils/", pupils.pupils, name="pupils"),
    path("overdue/", now.overdue, name="overdue"),
    path("work/", work.my_work, name="my-work"),
    path("reports/phone/", phone_reports.take, name="phone-report"),
    path("episodes/<uuid:episode_id>/", episodes.detail, name="episode-detail"),
    path("episodes/<uuid:episode_id>/details/", episodes.details, name="episode-details"),
    path("episodes/<uuid:episode_id>/correct/", corrections.correct, name="episode-correct"),
    path("handover/", handover.board, name="handover"),
    path("episodes/<uuid:episode_id>/handover/", accepting.accept_handover, name="episode-handover"),
    path("episodes/<uuid:episode_id>/accept/", accepting.accept, name="episode-accept"),
    path("episodes/<uuid:episode_id>/category/", categories.decide, name="episode-category"),
    path("episodes/<uuid:episode_id>/located/", returns.locate, name="episode-located"),
    path("episodes/<uuid:episode_id>/located/check/", returns.check, name="located-check"),
    path(
        "episodes/<uuid:episode_id>/located/<uuid:located_id>/", returns.answer_finding, name="finding-answer"
    ),
    path("episodes/<uuid:episode_id>/returned/", returns.record, name="episode-returned"),
    path("episodes/<uuid:episode_id>/return/", returns.complete, name="episode-return"),
    path("episodes/<uuid:episode_id>/sign-off/", closing.sign_off, name="episode-sign-off"),
    path("episodes/<uuid:episode_id>/reopen/", closing.reopen, name="episode-reopen"),
    path("episodes/<uuid:episode_id>/false-report/", closing.call_false, name="episode-false-report"),
    path("episodes/<uuid:episode_id>/ends/", endings.overview, name="episode-ends"),
    path("episodes/<uuid:episode_id>/ends/transferred/", endings.transfer, name="episode-transfer"),
    path("episodes/<uuid:episode_id>/ends/joined/", endings.join, name="episode-join"),
    path("episodes/<uuid:episode_id>/ends/died/", endings.record_death, name="death-record"),
    path("episodes/<uuid:episode_id>/ends/died/confirm/", endings.confirm_death, name="death-confirm"),
    path("episodes/<uuid:episode_id>/address/", episode_addresses.of_episode, name="episode-address"),
    path("episodes/<uuid:episode_id>/grab-sheet/", grab_sheets.show_sheet, name="episode-grab-sheet"),
    path("episodes/<uuid:episode_id>/risk/", risk.overview, name="episode-risk"),
    path("episodes/<uuid:episode_id>/risk/grade/", risk.assess, name="risk-assess"),
    path("episodes/<uuid:episode_id>/risk/indicators/", risk.add_indicator, name="indicator-add"),
    path(
        "episodes/<uuid:episode_id>/risk/indicators/<uuid:indicator_id>/withdraw/",
        risk.withdraw_indicator,
        name="indicator-withdraw",
    ),
    path("episodes/<uuid:episode_id>/police/", police.overview, name="episode-police"),
    path("episodes/<uuid:episode_id>/police/answer/", police.record_answer, name="police-answer"),
    path(
        "episodes/<uuid:episode_id>/police/<uuid:answer_id>/challenge/",
        police.challenge,
        name="police-challenge",
    ),
    path("episodes/<uuid:episode_id>/police/talk/", prevention.record, name="prevention-record"),
    path("episodes/<uuid:episode_id>/heard/", heard.overview, name="episode-heard"),
    path("episodes/<uuid:episode_id>/heard/<uuid:news_id>/share/", heard.share, name="sighting-share"),
    path("episodes/<uuid:episode_id>/referrals/", referrals.overview, name="episode-referrals"),
    path(
        "episodes/<uuid:episode_id>/referrals/home-office/",
        referrals.tell_home_office,
        name="home-office-tell",
    ),
    path("episodes/<uuid:episode_id>/referrals/nrm/", referrals.refer_to_nrm, name="nrm-refer"),
    path("episodes/<uuid:episode_id>/referrals/guardian/", referrals.ask_for_guardian, name="guardian-ask"),
    path("episodes/<uuid:episode_id>/referrals/not/", referrals.decide_not_to, name="referral-decline"),
    path(
        "episodes/<uuid:episode_id>/referrals/<uuid:referral_id>/outcome/",
        referrals.record_outcome,
        name="referral-outcome",
    ),
    path("episodes/<uuid:episode_id>/told/", tellings.overview, name="episode-tellings"),
    path("episodes/<uuid:episode_id>/told/tell/", tellings.tell, name="telling-record"),
    path("episodes/<uuid:episode_id>/told/not/", tellings.decide_not_to_tell, name="telling-decline"),
    path("episodes/<uuid:episode_id>/told/again/", tellings.tell_again, name="telling-again"),
    path("episodes/<uuid:episode_id>/copies/<uuid:copy_id>/", copies.withdraw, name="copy-withdraw"),
    path("episodes/<uuid:episode_id>/shares/<uuid:share_id>/end/", shares.end, name="share-end"),
    path("episodes/<uuid:episode_id>/interviews/", interviews.overview, name="episode-interviews"),
    path("interviews/", interviews_owed.interview_list, name="interview-list"),
    path("interviews/<uuid:interview_id>/take-on/", interviews.take_on, name="interview-take-on"),
    path("interviews/<uuid:interview_id>/allocate/", interviews.allocate, name="interview-allocate"),
    path("interviews/<uuid:interview_id>/offer/", interviews.offer, name="interview-offer"),
    path("interviews/<uuid:interview_id>/attempt/", interviews.attempt, name="interview-attempt"),
    path("interviews/<uuid:interview_id>/hold/", interviews.hold, name="interview-hold"),
    path("interviews/<uuid:interview_id>/decline/", interviews.decline, name="interview-decline"),
    path("interviews/<uuid:interview_id>/share/", interviews.share, name="interview-share"),
    path("interviews/<uuid:interview_id>/unable/", interviews.unable, name="interview-unable"),
    path("steps/<uuid:step_id>/done/", steps.complete, name="step-complete"),
    path("steps/<uuid:step_id>/tell/", steps.tell, name="step-tell"),
    path("steps/<uuid:step_id>/acknowledge/", steps.acknowledge, name="step-acknowledge"),
    path("steps/<uuid:step_id>/hand-over/", steps.hand_over, name="step-hand-over"),
    path("steps/<uuid:step_id>/waive/", steps.waive, name="step-waive"),
    path("steps/<uuid:step_id>/ask-to-waive/", steps.ask_to_waive, name="step-ask-waiver"),
    path("steps/<uuid:step_id>/keep/", steps.keep, name="step-keep"),
    path("steps/<uuid:step_id>/reopen/", steps.reopen, name="step-reopen"),
]

# What people met about, agreed and decided; and what was asked of the law.
agreeing: list[URLPattern | URLResolver] = [
    path("episodes/<uuid:episode_id>/meetings/", meetings.overview, name="episode-meetings"),
    path("episodes/<uuid:episode_id>/meetings/new/", meetings.record, name="meeting-record"),
    path("episodes/<uuid:episode_id>/meetings/<uuid:meeting_id>/", meetings.change, name="meeting-change"),
    path("episodes/<uuid:episode_id>/actions/new/", actions.add, name="action-add"),
    path("episodes/<uuid:episode_id>/actions/<uuid:action_id>/", actions.change, name="action-change"),
    path("episodes/<uuid:episode_id>/actions/<uuid:action_id>/done/", actions.complete, name="action-done"),
    path("episodes/<uuid:episode_id>/actions/<uuid:action_id>/drop/", actions.drop, name="action-drop"),
    path("episodes/<uuid:episode_id>/legal/new/", legal_tools.begin, name="legal-tool-use"),
    path("episodes/<uuid:episode_id>/legal/<uuid:tool_id>/", legal_tools.go_on, name="legal-tool-next"),
    *(
        path(
            f"episodes/<uuid:episode_id>/decisions/{name.removeprefix('decision-')}/",
            decisions.decide,
            {"kind": kind.value},
            name=name,
        )
        for kind, name in decisions.PAGES.items()
    ),
]

# A home's own pages: report, news, "They're back", and the report as its carers see it.
home_pages: list[URLPattern | URLResolver] = [
    path("home/", home.home, name="home"),
    path("reports/ours/", own_copies.ours, name="reports-ours"),
    path("reports/ours/<uuid:copy_id>/", own_copies.detail, name="report-copy"),
    path("episodes/<uuid:episode_id>/information/", former.add, name="information-add"),
    path("reports/new/", reports.start, name="report-new"),
    path("reports/<uuid:draft_id>/children/", reports.children, name="report-children"),
    path("reports/<uuid:draft_id>/check/", reports.check, name="report-check"),
    path("reports/<uuid:draft_id>/discard/", reports.discard, name="report-discard"),
    path("reports/<uuid:draft_id>/<slug:slug>/", reports.question, name="report-question"),
    path("episodes/<uuid:episode_id>/sent/", reports.sent, name="report-sent"),
    path("episodes/<uuid:episode_id>/news/", news.add, name="news-add"),
    path("episodes/<uuid:episode_id>/news/sighting/", news.add_sighting, name="sighting-add"),
    path("episodes/<uuid:episode_id>/news/spoken/", news.add_spoken, name="spoken-add"),
    path("episodes/<uuid:episode_id>/notice/", news.notice, name="notice-give"),
    path("children/<uuid:child_id>/enquirer/", enquiries.record, name="enquirer"),
    path("episodes/<uuid:episode_id>/back/", coming_back.back, name="episode-back"),
    path("episodes/<uuid:episode_id>/back/next/", coming_back.what_next, name="return-next"),
    path("episodes/<uuid:episode_id>/report/", open_reports.detail, name="report-detail"),
    path("episodes/<uuid:episode_id>/report/police/", open_reports.police_answer, name="report-police"),
    path(
        "episodes/<uuid:episode_id>/report/police/<uuid:answer_id>/",
        open_reports.challenge,
        name="report-challenge",
    ),
    path("episodes/<uuid:episode_id>/report/steps/<uuid:step_id>/", open_reports.step, name="report-step"),
    path(
        "episodes/<uuid:episode_id>/report/steps/<uuid:step_id>/tell/",
        open_reports.tell_for_step,
        name="report-tell",
    ),
    path("episodes/<uuid:episode_id>/report/missing/", open_reports.missing, name="report-missing"),
    path("episodes/<uuid:episode_id>/report/away/", open_reports.away, name="report-away"),
    path("episodes/<uuid:episode_id>/report/told/", open_reports.told, name="report-told"),
    path("episodes/<uuid:episode_id>/report/ofsted/", open_reports.ofsted, name="report-ofsted"),
    path(
        "episodes/<uuid:episode_id>/report/actions/<uuid:action_id>/",
        open_reports.action,
        name="report-action",
    ),
    path("episodes/<uuid:episode_id>/report/danger/", open_reports.danger, name="report-danger"),
]

# A police force's own pages: what is shared with it, and what its officers say of it.
police_pages: list[URLPattern | URLResolver] = [
    path("shared/", shared.shared_list, name="shared-list"),
    path("shared/<uuid:episode_id>/", shared.detail, name="shared-detail"),
    path("shared/<uuid:episode_id>/photos/<uuid:photo_id>/", shared.photo, name="shared-photo"),
    path("shared/<uuid:episode_id>/acknowledge/", saying.acknowledge, name="shared-acknowledge"),
    path("shared/<uuid:episode_id>/reference/", saying.give_reference, name="shared-reference"),
    path("shared/<uuid:episode_id>/grade/", saying.grade, name="shared-grade"),
    path("shared/<uuid:episode_id>/sighting/", saying.report_sighting, name="shared-sighting"),
    path("shared/<uuid:episode_id>/found/", saying.propose_found, name="shared-found"),
]

# Children: the record, where they live, what to know when one goes missing.
records: list[URLPattern | URLResolver] = [
    path("children/", searches.child_list, name="child-list"),
    path("children/search/", searches.search, name="children-search"),
    path("children/found/<uuid:search_id>/", searches.found, name="children-found"),
    path("children/new/", children.register, name="child-register"),
    path("children/<uuid:child_id>/", children.detail, name="child-detail"),
    path("children/<uuid:child_id>/why/", reasons.give, name="child-reason"),
    path("children/<uuid:child_id>/change/", children.change, name="child-change"),
    path("children/<uuid:child_id>/worker/", children.allocate, name="child-allocate"),
    path("children/<uuid:child_id>/restrict/", children.restrict, name="child-restrict"),
    path("children/<uuid:child_id>/legal-status/", children.record_legal_status, name="legal-status-record"),
    path("children/<uuid:child_id>/facts/new/", facts.record, name="fact-record"),
    path("children/<uuid:child_id>/facts/confirm/", facts.confirm, name="fact-confirm"),
    path("children/<uuid:child_id>/facts/<uuid:fact_id>/change/", facts.change, name="fact-change"),
    path("children/<uuid:child_id>/facts/<uuid:fact_id>/withdraw/", facts.withdraw, name="fact-withdraw"),
    path("children/<uuid:child_id>/photos/", photos.overview, name="photo-list"),
    path("children/<uuid:child_id>/photos/new/", photos.add, name="photo-add"),
    path("children/<uuid:child_id>/photos/<uuid:photo_id>/", photos.image, name="photo"),
    path(
        "children/<uuid:child_id>/photos/<uuid:photo_id>/police/",
        photo_approvals.for_police,
        name="photo-for-police",
    ),
    path(
        "children/<uuid:child_id>/photos/<uuid:photo_id>/public/",
        photo_approvals.for_public,
        name="photo-for-public",
    ),
    path("children/<uuid:child_id>/photos/<uuid:photo_id>/withdraw/", photos.withdraw, name="photo-withdraw"),
    path("children/<uuid:child_id>/placements/new/", placements.start, name="placement-start"),
    path("children/<uuid:child_id>/placements/move/", placements.move, name="child-move"),
    path(
        "children/<uuid:child_id>/placements/<uuid:placement_id>/end/", placements.end, name="placement-end"
    ),
    path(
        "children/<uuid:child_id>/placements/<uuid:placement_id>/address/",
        addresses.of_placement,
        name="placement-address",
    ),
]

# Who may see a record and who must not: emergencies and their reviews, conflicts of interest.
looking: list[URLPattern | URLResolver] = [
    path("emergency/", emergencies.open_record, name="emergency"),
    path("reviews/", reviews.overview, name="reviews"),
    path("reviews/<uuid:glass_id>/", reviews.review, name="emergency-review"),
    path("conflicts/", conflicts.overview, name="conflicts"),
    path("conflicts/new/", conflicts.declare, name="conflict-declare"),
    path("conflicts/<uuid:conflict_id>/child/", conflicts.find_child, name="conflict-find"),
    path("conflicts/<uuid:conflict_id>/end/", conflicts.end, name="conflict-end"),
    path("children/<uuid:child_id>/readers/", readers.overview, name="child-readers"),
    path("children/<uuid:child_id>/reviewing-officer/", reviewers.assign, name="reviewing-officer"),
    path("children/<uuid:child_id>/readers/new/", readers.add, name="reader-add"),
    path("children/<uuid:child_id>/readers/<uuid:grant_id>/end/", readers.end, name="reader-end"),
    path("children/<uuid:child_id>/conflict/", conflicts.declare_of_child, name="conflict-of-child"),
    path("children/<uuid:child_id>/conflicts/new/", conflicts.record, name="conflict-record"),
]

# Who opened what, for those who watch over it.
watching: list[URLPattern | URLResolver] = [
    path("looks/", unexplained.of_week, name="unexplained"),
    path("children/<uuid:child_id>/looks/", who_looked.of_child, name="who-looked"),
]

# Who is on duty and who is away.
cover: list[URLPattern | URLResolver] = [
    path("rota/", rotas.start, name="rota"),
    path("rota/authorities/<uuid:authority_id>/", rotas.of_authority, name="authority-rota"),
    path("rota/authorities/<uuid:authority_id>/new/", rotas.add_to_authority, name="authority-shift-add"),
    path("rota/providers/<uuid:provider_id>/", rotas.of_provider, name="provider-rota"),
    path("rota/providers/<uuid:provider_id>/new/", rotas.add_to_provider, name="provider-shift-add"),
    path("rota/lines/<uuid:shift_id>/", rotas.end, name="shift-change"),
    path("leave/", leaves.overview, name="leave"),
    path("leave/new/", leaves.record, name="leave-record"),
    path("leave/<uuid:leave_id>/end/", leaves.end, name="leave-end"),
]

# Setting up: organisations and their people; and the rule book, to read.
setup: list[URLPattern | URLResolver] = [
    path("number/", own_number.change, name="own-number"),
    path("setup/", organisations.setup, name="setup"),
    path("setup/authorities/new/", organisations.register, name="authority-register"),
    path("setup/authorities/<uuid:authority_id>/", organisations.detail, name="authority-detail"),
    path("setup/authorities/<uuid:authority_id>/change/", organisations.change, name="authority-change"),
    path("setup/authorities/<uuid:authority_id>/teams/new/", organisations.add_team, name="team-add"),
    path(
        "setup/authorities/<uuid:authority_id>/neighbours/new/",
        organisations.add_neighbour,
        name="neighbour-add",
    ),
    path("setup/authorities/<uuid:authority_id>/homes/", homes.of_authority, name="authority-homes"),
    path("setup/authorities/<uuid:authority_id>/homes/new/", homes.register, name="home-register"),
    path("setup/authorities/<uuid:authority_id>/people/", people.of_authority, name="authority-people"),
    path(
        "setup/authorities/<uuid:authority_id>/people/invite/",
        people.invite_to_authority,
        name="authority-invite",
    ),
    path(
        "setup/authorities/<uuid:authority_id>/people/invitations/",
        people.send_all_invitations,
        name="invitations-send",
    ),
    path("setup/authorities/<uuid:authority_id>/police/invite/", people.invite_police, name="police-invite"),
    path(
        "setup/authorities/<uuid:authority_id>/police/systems/",
        police_clients.of_authority,
        name="authority-police-clients",
    ),
    path(
        "setup/authorities/<uuid:authority_id>/police/systems/new/",
        police_clients.make,
        name="police-client-make",
    ),
    path("setup/police/systems/<uuid:client_id>/", police_clients.detail, name="police-client-detail"),
    path("setup/police/systems/<uuid:client_id>/change/", police_clients.change, name="police-client-change"),
    path(
        "setup/police/systems/<uuid:client_id>/secret/", police_clients.new_secret, name="police-secret-make"
    ),
    path("setup/police/systems/<uuid:client_id>/renew/", police_clients.renew, name="police-client-renew"),
    path("setup/police/systems/<uuid:client_id>/revoke/", police_clients.revoke, name="police-client-revoke"),
    path("setup/police/secrets/<uuid:secret_id>/end/", police_clients.end_secret, name="police-secret-end"),
    path("setup/forces/new/", organisations.add_police_force, name="police-force-add"),
    path("setup/providers/new/", organisations.add_provider, name="provider-add"),
    path("setup/providers/<uuid:provider_id>/", homes.of_provider, name="provider-detail"),
    path(
        "setup/providers/<uuid:provider_id>/people/invite/", people.invite_to_provider, name="provider-invite"
    ),
    path("setup/homes/<uuid:home_id>/", homes.detail, name="home-detail"),
    path("setup/homes/<uuid:home_id>/change/", homes.change, name="home-change"),
    path("setup/homes/<uuid:home_id>/people/invite/", people.invite_to_home, name="home-invite"),
    path("setup/people/<uuid:membership_id>/end/", people.end, name="membership-end"),
    path("setup/people/<uuid:membership_id>/invitation/", people.send_invitation, name="invitation-send"),
    path("setup/people/<uuid:membership_id>/suspend/", people.suspend, name="person-suspend"),
    path("setup/people/<uuid:membership_id>/restore/", people.restore, name="person-restore"),
    path("protocols/", protocol.in_force, name="protocol"),
    path("protocols/versions/<uuid:version_id>/", protocol.version, name="protocol-version"),
    path("protocols/versions/<uuid:version_id>/document/", protocol.document, name="protocol-document"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *frame,
    *duty,
    *agreeing,
    *home_pages,
    *police_pages,
    *records,
    *looking,
    *watching,
    *cover,
    *setup,
]
