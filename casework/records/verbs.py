"""What can happen to the ground's records, in the past tense: a closed list."""

from enum import StrEnum


class RecordVerb(StrEnum):
    CHILD_REGISTERED = "child.registered"
    CHILD_CORRECTED = "child.corrected"
    CHILD_IMPORTED = "child.imported"
    CHILD_IMPORT_CORRECTED = "child.import_corrected"
    CHILD_ALLOCATED = "child.allocated"
    CHILD_RESTRICTED = "child.restricted"
    CHILD_UNRESTRICTED = "child.unrestricted"
    LEGAL_STATUS_RECORDED = "legal_status.recorded"
    PLACEMENT_STARTED = "placement.started"
    PLACEMENT_ENDED = "placement.ended"
    FACT_RECORDED = "fact.recorded"
    FACT_CONFIRMED = "fact.confirmed"
    FACT_WITHDRAWN = "fact.withdrawn"
    PHOTO_ADDED = "photo.added"
    PHOTO_WITHDRAWN = "photo.withdrawn"
    PHOTO_FOR_POLICE = "photo.approved_for_police"
    PHOTO_NOT_FOR_POLICE = "photo.taken_back_from_police"
    PHOTO_FOR_PUBLIC = "photo.approved_for_public"
    PHOTO_NOT_FOR_PUBLIC = "photo.taken_back_from_public"
    PERSON_TOLD = "person.told"
    PERSON_NOT_TOLD = "person.not_told"
    GRANT_GIVEN = "grant.given"
    GRANT_ENDED = "grant.ended"
