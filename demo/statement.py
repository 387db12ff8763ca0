"""The MG11 of the demonstration case: its text, what is planted in it and what must stay when it is redacted."""

from __future__ import annotations

from typing import Any

from demo.people import COMPLAINANT, THIRD_PARTY, URN, WITNESS, Planted

_C, _W, _T = COMPLAINANT, WITNESS, THIRD_PARTY

DATA: dict[str, Any] = {
    "urn": URN,
    "name": _C.name,
    "age": "Over 18",
    "occupation": "Veterinary nurse",
    "signed_on": "04/11/2026",
    "paragraphs": [
        f"I am {_C.name}. I live at {_C.address}, and my date of birth is {_C.born_text}. My mobile number is "
        f"{_C.telephone} and has been for six years. I use the e-mail address {_C.email}.",
        "On Saturday 31 October 2026 I went to a party at the Wexcombe Rowing Club on Ferry Road. I arrived at about "
        "20:15 hours. I had with me my grey telephone, which I later handed to PC 2914 and which I can identify as "
        "exhibit AB/7.",
        f"I went there with a friend from work, {_W.name}. {_W.forenames} drove us in his car. I have known him for "
        f"about three years. His number is {_W.telephone}. We stood near the boat store and talked to people that he "
        "knew.",
        "At about 21:30 hours I was introduced to a man who said that his name was Gareth. He was about thirty years "
        "old, six feet tall, with short brown hair and a dark green jacket. He bought me a drink. I had drunk two "
        "glasses of wine by then and I remember clearly what was said.",
        f"My neighbour {_T.name} was also at the party, but she left early, at about 21:00 hours, because she had to "
        f"work on the next day. {_T.surname} lives at {_T.address} and her telephone number is {_T.telephone}. Her "
        f"e-mail address is {_T.email}. She saw nothing of what happened later and she has asked not to be troubled.",
        "At 22:40 hours I looked at the clock over the bar, because I was thinking of going home. The man called "
        "Gareth asked whether I wanted to see the boats. I said that I would look for a minute. He held the door of "
        "the boat store open for me.",
        "What happened in the boat store I have described in full in my video-recorded interview of 02/11/2026. I do "
        "not repeat it here. I said no more than once and I pushed him away. I left through the side door at about "
        "23:05 hours.",
        f"I went straight to {_W.forenames}, who was standing at the gate. I was crying. I told him what had happened. "
        f"{_W.forenames} {_W.surname} gave me his coat and took me home. On the way I sent two messages to Gareth, "
        "which can be seen in the chat export produced as exhibit AB/3.",
        f"On the next morning, Sunday 1 November 2026, I telephoned the police from my own number, {_C.telephone}. An "
        "officer came at 10:20 hours. I was taken to the sexual assault referral centre, where I gave my NHS number, "
        f"which is {_C.nhs_number}, and was seen by a doctor.",
        "I was shown a photograph, exhibit AB/4, which was taken at the party at about 21:45 hours. I can see myself "
        "on the left. The man on the right, in the dark green jacket, is the man who said that he was called Gareth.",
        "The man wrote to me twice on Sunday 1 November 2026. In the first message he said that he was sorry if I had "
        "got the wrong idea. I did not answer. I took a picture of both messages and gave it to PC 2914.",
        f"Since then I have not been to work. I would like to be told of the progress of the case by e-mail at "
        f"{_C.email} and not by post, because letters to {_C.address} are opened by others in the house.",
        "I am willing to go to court. I would like to be screened from the defendant, and I should like somebody from "
        "the witness service to be with me. I have made this statement of my own free will and nobody has told me what "
        "to say in it.",
    ],
    "taken": "Statement taken by PC 2914 at Wexcombe Police Station on 04/11/2026 at 14:10 hours.",
    "details": {
        "address": _C.address,
        "telephone": _C.telephone,
        "email": _C.email,
        "born": _C.born_text,
        "nhs_number": _C.nhs_number,
        "contact": f"{_W.name}, {_W.telephone}",
        "availability": "21/12/2026 to 02/01/2027",
    },
}

# What a redaction for the CPS must take out: all of the complainant's and the uninvolved neighbour's identifiers
PLANTED: tuple[Planted, ...] = (
    Planted("complainant", "TPN", _C.name),
    Planted("complainant", "TPN", _C.surname),
    Planted("complainant", "ADDR", _C.address),
    Planted("complainant", "ADDR", "14 Larkspur Close"),
    Planted("complainant", "ADDR", "GU99 4QX"),
    Planted("complainant", "DOB", _C.born_text),
    Planted("complainant", "TEL", _C.telephone),
    Planted("complainant", "EML", _C.email),
    Planted("complainant", "NHS", _C.nhs_number),
    Planted("witness", "TEL", _W.telephone),
    Planted("third_party", "TPN", _T.name),
    Planted("third_party", "TPN", _T.surname),
    Planted("third_party", "ADDR", _T.address),
    Planted("third_party", "ADDR", "5 Mill Rise"),
    Planted("third_party", "ADDR", "GU99 2HH"),
    Planted("third_party", "TEL", _T.telephone),
    Planted("third_party", "EML", _T.email),
)

# What must still be there afterwards: evidence, references, times, the officer's collar number
KEPT: tuple[str, ...] = (
    "Wexcombe Rowing Club on Ferry Road",
    "exhibit AB/7",
    "PC 2914",
    "At about 21:30 hours I was introduced to a man",
    "he was sorry if I had got the wrong idea",
    "I said no more than once and I pushed him away",
    "She saw nothing of what happened later",
    "I have made this statement of my own free will",
    URN,
)
