"""What people write under a step's own questions, in their order, when nothing about it is remarkable."""

from collections.abc import Mapping, Sequence
from typing import Final

ANSWERS: Final[Mapping[str, Sequence[str]]] = {
    "E1": ("House, garden and the lane behind. Phone rings out. Two friends have not seen them.",),
    "E3": ("Expected back within the half hour; staff will ring again then.",),
    "T1": ("Form and photo sent to the control room and to the duty team.",),
    "A1": (
        "Rang and spoke to both: settled, eating, watching a film.",
        "Night staff, every three hours.",
    ),
    "A2": ("They stay there tonight. Fetching them now would only make them run.",),
    "A3": (
        "We know where they are, we speak three times a day, and the adult there is known to us.",
        "Social worker visits tomorrow morning, and we decide again then.",
    ),
    "T2": ("Told at once, by phone.", "The director tells the lead member herself in the morning."),
    "T4a": (
        "Ports, the two known addresses and the car wash on the ring road.",
        "A boy in the same house knows the driver; his home has been told.",
    ),
    "T6": (
        "The sergeant in the control room.",
        "Police visit the two addresses; the home rings friends; we speak again at the end of the shift.",
    ),
    "T7a": ("Read it all. The grade is right. Ask the phone company again, and the family.",),
    "T8a": ("Two hospitals, custody, youth justice, an aunt. Nobody has seen them.",),
    "T8c": ("The reviewing officer, by e-mail; asks to hear again on Friday.",),
    "T9": (
        "Police sergeant, health, the home’s manager and the social worker.",
        "Police visit the two addresses; the home rings friends each evening; we meet again in two days.",
    ),
    "L1": (
        "An officer is with them in the station’s front office.",
        "Staff are on their way, within the hour.",
    ),
    "L2": ("Back to the same home. Nothing there made them go, and they want to.",),
    "L3": ("Still there, safe, and waiting for the car. They did not want to go at night.",),
    "L4": ("No medicine is due; seen by the nurse.", "Nothing has to be kept."),
    "T11": (
        "No order: the child is looked after by agreement. A warning notice is being prepared.",
        "No publicity yet: it could push them further away. Asked again on Friday.",
    ),
    "T12": (
        "All agencies. Each has its list, and we meet again in two days.",
        "They are on the list, with dental records.",
        "The manager of the home has asked Ofsted, and told them.",
    ),
    "T13": ("Police, health, school, the home. Each goes through its list.", "Kept for another two weeks."),
    "T14": (
        "Nothing was left out. Bank and phone are asked for again.",
        "No early review for now.",
    ),
    "T15": ("On the panel’s list for next Tuesday.", "DNA and dental records are there; bank asked, no use."),
    "T16": ("The police ask two more forces.", "Both are open."),
    "T17": ("It goes on as one for a missing adult.", "The social worker, once a week by phone."),
    "R1": ("Tired and hungry, glad to be in the warm. Nothing new with them.", "Police, and the duty team."),
    "R3": ("The same evening, at the home. They say that they were with friends and are not hurt.",),
    "R6": ("The home and the police have what was agreed.", "Two places and one name added to the plan."),
    "R7": (
        "Police, health, school, the home.",
        "Police visit the address; the home changes its evenings.",
    ),
    "R8": ("Not brought forward. The plan was changed this week, and the next review is in a month.",),
    "R10c": ("Next Tuesday.", "A worker whom they choose, twice a week."),
    "R10d": ("This home is not right for them. Another one nearer to friends is being looked for.",),
}
