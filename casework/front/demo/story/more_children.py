"""The children that the story is about, besides those of the first page."""

from typing import Final

from casework.front.demo.children import Fact, Kind, Law, Young
from casework.front.demo.people import AMINA, CALLUM, DUNCAN, EVE, JOSS, NIAMH, PAVEL, SIAN, THEO, WINNIE
from casework.records.models import Sex

GIRL, BOY = Sex.FEMALE, Sex.MALE
CARE_ORDER, INTERIM, AGREED = Law.C2, Law.C1, Law.V2
LOOKS, PHONE, PLACE, FRIEND, SAY = Kind.DESCRIPTION, Kind.PHONE, Kind.PLACE, Kind.FRIEND, Kind.SAY

ROWAN: Final = (
    Young(
        *("EX-20478", "Jaden", "Holt", 15, BOY, "rowan_court", JOSS, CARE_ORDER),
        (
            Fact(
                LOOKS,
                "About 175 cm, thin, black tracksuit, white trainers. A chipped front tooth.",
                "Joss",
                10,
            ),
            Fact(PHONE, "07700 900478, changed ten days ago", "Jaden", 10),
            Fact(PLACE, "Exmarket bus station; a flat above the launderette there", "Police", 28),
            Fact(
                Kind.VULNERABILITY, "Holds packages for older men and owes them for a bike.", "Interview", 28
            ),
            Fact(SAY, "He can say “wrong number” on the phone; then fetch him and ask nothing.", "Jaden", 10),
        ),
        worker=THEO,
    ),
    Young(
        *("EX-20702", "Jordan", "Pell", 16, BOY, "rowan_court", JOSS, AGREED),
        (
            Fact(
                LOOKS, "About 180 cm, broad, work boots, a blue jacket with the builder’s name.", "Joss", 18
            ),
            Fact(PHONE, "07700 900702", "Jordan", 18),
        ),
        worker=CALLUM,
    ),
    Young(
        *("EX-20611", "Tia", "Calder", 14, GIRL, "rowan_court", JOSS, CARE_ORDER),
        (
            Fact(LOOKS, "About 158 cm, long fair hair in a plait, denim jacket with badges.", "Joss", 15),
            Fact(PHONE, "07700 900611; her brother’s is off", "Tia", 15),
            Fact(Kind.FAMILY, "Reece is her brother. She looks after him and he follows her.", "File", 60),
        ),
        worker=THEO,
    ),
    Young(
        *("EX-20612", "Reece", "Calder", 13, BOY, "rowan_court", JOSS, CARE_ORDER),
        (
            Fact(LOOKS, "About 150 cm, fair, red cap, usually on a scooter.", "Joss", 15),
            Fact(PLACE, "His old street, where the dog may still be", "Interview", 7),
        ),
        worker=THEO,
    ),
    Young(
        *("EX-20866", "Tyler", "Boone", 13, BOY, "rowan_court", JOSS, CARE_ORDER),
        (Fact(LOOKS, "About 154 cm, freckles, grey school jumper, never a coat.", "Joss", 33),),
        worker=THEO,
    ),
)

TERN: Final = (
    Young(
        *("EX-20540", "Shanice", "Ferris", 15, GIRL, "tern_lodge", NIAMH, CARE_ORDER),
        (
            Fact(LOOKS, "About 165 cm, braids with gold rings, long grey coat.", "Niamh", 3),
            Fact(PHONE, "07700 900540; answers texts, not calls", "Niamh", 3),
            Fact(Kind.VULNERABILITY, "An older man with a warning notice waits near the home.", "Police", 26),
            Fact(SAY, "Ask about her nails before anything else. Do not name him.", "Key worker", 26),
        ),
        worker=AMINA,
    ),
    Young(
        *("EX-20329", "Liam", "Oduya", 14, BOY, "tern_lodge", NIAMH, INTERIM),
        (
            Fact(LOOKS, "About 160 cm, close-cropped hair, school blazer or a yellow raincoat.", "Niamh", 22),
            Fact(
                Kind.MEDICAL,
                "Epilepsy: tablets at eight in the morning and at eight at night.",
                "Health plan",
                22,
            ),
            Fact(PLACE, "The model shop; the footbridge over the railway", "Liam", 22),
        ),
        worker=CALLUM,
    ),
    Young(
        *("EX-20815", "Poppy", "Lane", 11, GIRL, "tern_lodge", NIAMH, INTERIM),
        (
            Fact(
                LOOKS, "About 140 cm, curly brown hair, purple wellingtons whatever the weather.", "Niamh", 5
            ),
            Fact(SAY, "Sit down on the floor first. Ask about the wellingtons.", "Niamh", 5),
        ),
        worker=THEO,
    ),
    Young(
        *("EX-20904", "Mason", "Trent", 14, BOY, "tern_lodge", NIAMH, AGREED),
        (Fact(LOOKS, "About 163 cm, heavy glasses, green rucksack with a bike lock on it.", "Niamh", 12),),
        worker=CALLUM,
    ),
    Young(
        *("EX-20977", "Erin", "Malloy", 10, GIRL, "tern_lodge", NIAMH, INTERIM),
        (Fact(LOOKS, "About 138 cm, two plaits, carries a bear called Mister.", "Niamh", 5),),
        worker=THEO,
    ),
)

ALDER: Final = (
    Young(
        *("EX-20266", "Marcus", "Thorne", 16, BOY, "alder_view", PAVEL, CARE_ORDER),
        (
            Fact(
                LOOKS, "About 185 cm, boxer’s build, grey hoodie, a plaster cast until last week.", "Pavel", 9
            ),
            Fact(PHONE, "07700 900266", "Marcus", 9),
            Fact(
                Kind.FAMILY, "Brother in Exampleton, who rings if he turns up there: 01632 960266", "File", 35
            ),
        ),
        worker=CALLUM,
        provider_code="PR5",
    ),
    Young(
        *("EX-20590", "Ellie", "Wren", 14, GIRL, "alder_view", PAVEL, AGREED),
        (Fact(LOOKS, "About 155 cm, short dyed green hair, headphones.", "Pavel", 30),),
        worker=AMINA,
        provider_code="PR5",
    ),
)

HARBOUR: Final = (
    Young(
        *("EX-19984", "Dev", "Lattimer", 17, BOY, "harbour_place", WINNIE, AGREED),
        (
            Fact(LOOKS, "About 178 cm, beard, walks with a slight limp. Grey coat, no hat.", "Winnie", 25),
            Fact(PHONE, "07700 900984, off since he left", "Winnie", 18),
            Fact(Kind.MONEY, "Bank card last used at a motorway service area.", "Police", 15),
        ),
        worker=CALLUM,
        place_code="K3",
    ),
    Young(
        *("EX-20123", "Sana", "Mirza", 17, GIRL, "harbour_place", WINNIE, AGREED),
        (
            Fact(LOOKS, "About 162 cm, glasses, green headscarf, black puffer jacket.", "Winnie", 11),
            Fact(PHONE, "07700 900123, answers texts from Winnie", "Sana", 11),
        ),
        worker=THEO,
        place_code="K3",
    ),
    Young(
        *("EX-20147", "Yonas", "Habte", 17, BOY, "harbour_place", WINNIE, AGREED),
        (
            Fact(LOOKS, "About 172 cm, slim, black cap, a scar on his right hand.", "Winnie", 6),
            Fact(FRIEND, "A cousin in Farshire, known to us: 01632 960147", "Yonas", 40),
        ),
        is_unaccompanied=True,
        languages="Tigrinya, English",
        needs_interpreter=True,
        worker=AMINA,
        place_code="K3",
    ),
    Young(
        *("EX-20218", "Aisha", "Karim", 17, GIRL, "harbour_place", WINNIE, AGREED),
        (Fact(PHONE, "07700 900218, answers texts", "Aisha", 12),),
        worker=THEO,
        place_code="K3",
    ),
    Young(
        *("EX-20031", "Idris", "Kell", 17, BOY, "harbour_place", WINNIE, AGREED),
        (
            Fact(LOOKS, "About 183 cm, shaved head, army jacket.", "Winnie", 60),
            Fact(Kind.FAMILY, "A half-brother in the north whom nobody has met.", "File", 90),
        ),
        worker=THEO,
        place_code="K3",
        turned_18_days_ago=30,
    ),
)

FOSTERED: Final = (
    Young(
        *("EX-20877", "Alfie", "Marsh", 13, BOY, "bridge_fostering", DUNCAN, CARE_ORDER),
        (
            Fact(LOOKS, "About 152 cm, sandy hair, a yellow coat.", "Carers", 16),
            Fact(PLACE, "Buses: he rides them for the pleasure of it, the 14 and the 61", "Carers", 16),
        ),
        worker=THEO,
        place_code="U6",
    ),
    Young(
        *("EX-20690", "Grace", "Penn", 15, GIRL, "bridge_fostering", DUNCAN, CARE_ORDER),
        (
            Fact(LOOKS, "About 168 cm, black bob, long red scarf.", "Carers", 13),
            Fact(
                Kind.SOCIAL_MEDIA,
                "Talks to somebody online whom nobody has met. Police have her phone.",
                "Police",
                31,
            ),
        ),
        worker=AMINA,
        place_code="U6",
    ),
    Young(
        *("EX-20734", "Noor", "Salim", 16, GIRL, "bridge_fostering", DUNCAN, AGREED),
        (
            Fact(LOOKS, "About 160 cm, dark hair to the shoulder, camel coat.", "Carers", 19),
            Fact(Kind.FAMILY, "An elder sister in Exampleton: 01632 960734", "File", 50),
        ),
        worker=CALLUM,
        place_code="U6",
    ),
    Young(
        *("EX-20951", "Zoe", "Danvers", 12, GIRL, "bridge_fostering", DUNCAN, CARE_ORDER),
        (Fact(LOOKS, "About 145 cm, brown fringe, school bag with a yellow tag.", "Carers", 30),),
        worker=CALLUM,
        place_code="U6",
    ),
)

MORE_CHILDREN: Final = (*ROWAN, *TERN, *ALDER, *HARBOUR, *FOSTERED)
NED: Final = Young(
    *("NM-3071", "Ned", "Hartley", 15, BOY, "alder_view", PAVEL, AGREED),
    (Fact(LOOKS, "About 170 cm, ginger, football shirt.", "Pavel", 14),),
    worker=EVE,
    registered_by=SIAN,
    provider_code="PR5",
)
