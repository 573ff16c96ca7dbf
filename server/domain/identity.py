"""Papers, telephones and dates by which people are known: checked as they are typed.

Resident identity number: GB 11643-1999 (its check character is ISO 7064 MOD 11-2). Unified social
credit code: GB 32100-2015 (MOD 31-3). Regions in them are not checked: they change, and old
numbers stay good.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from server.domain.errors import Refused
from server.domain.party import Details, PartyKind, Sex
from server.domain.text import checked_text

T = TypeVar("T")

ADDRESS_LENGTH = 200
WORD_LENGTH = 50
EMAIL_LENGTH = 200
OLDEST_YEARS = 130

_RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_OTHER_PAPER = re.compile(r"[A-Z0-9]{4,20}")
"""Passports, permits of Hong Kong, Macao and Taiwan, papers of other countries."""
_MEANT_AS_RESIDENT = re.compile(r"[0-9]{16}[A-Z0-9]*")
"""No other paper has so many digits in a row."""

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))?([2-9][0-9]{6,7})")
_SERVICE = re.compile(r"[48]00[0-9]{7}|1[0-9]{4}|9[56][0-9]{3,4}")
"""400 and 800 numbers, and short ones such as 12348."""
_ABROAD = re.compile(r"[1-9][0-9]{6,14}")
_EXTENSION = re.compile(r"(?:转|ext\.?|#|x)\s*([0-9]{1,6})$", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class DetailsRefused(Refused):
    """What is wrong, field by field: the names of `Details` → the code of a refusal."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = fields


def checked_details(
    kind: PartyKind,
    *,
    today: date,
    phone: str = "",
    id_number: str = "",
    address: str = "",
    sex: str | None = "",
    born: date | str | None = "",
    ethnicity: str = "",
    occupation: str = "",
    email: str = "",
) -> Details:
    """Everything tidied; empty stays empty. A resident's number also tells when they were born and
    their sex: said otherwise, both are asked to be looked at. Raises DetailsRefused.
    """
    wrong: dict[str, str] = {}

    def check(name: str, typed: object, rule: Callable[[], T]) -> T | None:
        if typed is None or (isinstance(typed, str) and not typed.strip()):
            return None
        try:
            return rule()
        except Refused as refused:
            wrong[name] = refused.code
            return None

    found = Details(
        phone=check("phone", phone, lambda: checked_phone(phone)) or "",
        id_number=check("id_number", id_number, lambda: checked_id_number(id_number, kind)) or "",
        address=check(
            "address", address, lambda: _line(address, ADDRESS_LENGTH, "address_unusable")
        )
        or "",
        sex=check("sex", sex, lambda: checked_sex(sex or "")),
        born=check("born", born, lambda: checked_born(_date(born), today)),
        ethnicity=check(
            "ethnicity", ethnicity, lambda: _line(ethnicity, WORD_LENGTH, "ethnicity_unusable")
        )
        or "",
        occupation=check(
            "occupation", occupation, lambda: _line(occupation, WORD_LENGTH, "occupation_unusable")
        )
        or "",
        email=check("email", email, lambda: checked_email(email)) or "",
    )
    if kind is PartyKind.ORGANISATION:
        personal = {"sex": found.sex, "born": found.born, "ethnicity": found.ethnicity}
        personal["occupation"] = found.occupation
        wrong |= {name: "only_of_persons" for name, value in personal.items() if value}
    else:
        found = _told_by_number(found, today, wrong)
    if wrong:
        raise DetailsRefused(wrong)
    return found


def _told_by_number(found: Details, today: date, wrong: dict[str, str]) -> Details:
    """With what the number itself says filled in; notes in `wrong` what disagrees with it."""
    born, sex = born_in(found.id_number), sex_in(found.id_number)
    if born is None or sex is None:
        return found
    if born > today:
        wrong["id_number"] = "id_number_unborn"
    if found.born not in (None, born):
        wrong |= {"born": "born_disagrees", "id_number": "id_number_disagrees"}
    if found.sex not in (None, sex):
        wrong |= {"sex": "sex_disagrees", "id_number": "id_number_disagrees"}
    known = {name: getattr(found, name) for name in Details.__dataclass_fields__}
    return Details(**{**known, "born": born, "sex": sex})


# ---- papers -----------------------------------------------------------------------------------


def checked_id_number(typed: str, kind: PartyKind) -> str:
    """Capital letters and digits only. Raises Refused: id_number_unusable, id_number_miscounted,
    id_number_wrong and credit_code_wrong (typing errors: the check digit says so),
    id_number_birthday.
    """
    number = plain_number(typed)
    if kind is PartyKind.ORGANISATION:
        if len(number) == 18 and not _credit_code(number):
            raise Refused("credit_code_wrong")
    elif _RESIDENT.fullmatch(number):
        if _resident_check(number) != number[-1]:
            raise Refused("id_number_wrong")
        if born_in(number) is None:
            raise Refused("id_number_birthday")
    elif _MEANT_AS_RESIDENT.fullmatch(number):
        raise Refused("id_number_wrong" if len(number) == 18 else "id_number_miscounted")
    if not _OTHER_PAPER.fullmatch(number):
        raise Refused("id_number_unusable")
    return number


def plain_number(typed: str) -> str:
    """As it is compared: capital letters and digits, without spaces, dashes and brackets."""
    typed = unicodedata.normalize("NFKC", typed).upper()
    return "".join(c for c in typed if not c.isspace() and c not in "-–—()")


def born_in(id_number: str) -> date | None:
    """The birthday in a resident's number; None in others, and where there is no such day."""
    if not _RESIDENT.fullmatch(id_number):
        return None
    try:
        return date.fromisoformat(id_number[6:14])
    except ValueError:
        return None


def sex_in(id_number: str) -> Sex | None:
    if not _RESIDENT.fullmatch(id_number):
        return None
    return Sex.MALE if int(id_number[16]) % 2 else Sex.FEMALE


def _resident_check(number: str) -> str:
    total = sum(int(c) * weight for c, weight in zip(number, _RESIDENT_WEIGHTS, strict=False))
    return _RESIDENT_CHECKS[total % 11]


def _credit_code(number: str) -> bool:
    values = [_CREDIT_ALPHABET.find(c) for c in number]
    if min(values) < 0:
        return False
    total = sum(value * pow(3, n, 31) for n, value in enumerate(values[:17]))
    return values[17] == -total % 31


# ---- the rest ---------------------------------------------------------------------------------


def checked_phone(typed: str) -> str:
    """`13800000001`, `0571-88886666`, `0571-88886666-801`, `+85291234567`.

    Mainland numbers lose their country's +86. Raises Refused("phone_unusable").
    """
    typed = unicodedata.normalize("NFKC", typed).strip()
    extension = _EXTENSION.search(typed)
    plain = _EXTENSION.sub("", typed) if extension else typed
    if set(plain) - set("0123456789 +-–—()./"):
        raise Refused("phone_unusable")
    groups = re.findall(r"[0-9]+", plain)
    digits = "".join(groups)
    if len(groups) == 3 and groups[0][0] == "0" and not _LANDLINE.fullmatch(digits):
        # 0571-88886666-801: the third is the extension, as it is not one number in groups.
        main = _LANDLINE.fullmatch("".join(groups[:2]))
        if main and not extension:
            return "-".join([*main.groups(), groups[2]])
    if plain.startswith("+86") or digits.startswith("0086"):
        digits = digits.removeprefix("00").removeprefix("86")
        if not _MOBILE.fullmatch(digits) and not digits.startswith("0"):
            digits = "0" + digits
    elif plain.startswith("+") or digits.startswith("00"):
        return _abroad(digits.removeprefix("00"))
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return digits
    return _landline(digits) + (f"-{extension[1]}" if extension else "")


def _landline(digits: str) -> str:
    found = _LANDLINE.fullmatch(digits)
    if found is None:
        raise Refused("phone_unusable")
    return "-".join(part for part in found.groups() if part)


def _abroad(digits: str) -> str:
    if not _ABROAD.fullmatch(digits):
        raise Refused("phone_unusable")
    return f"+{digits}"


def is_mobile(phone: str) -> bool:
    """Whether a message can be sent to it, of a phone that is checked."""
    return _MOBILE.fullmatch(phone) is not None


def checked_born(born: date, today: date) -> date:
    if born > today:
        raise Refused("born_in_future")
    if today.year - born.year > OLDEST_YEARS:
        raise Refused("born_unusable")
    return born


def checked_sex(typed: str) -> Sex:
    if typed not in set(Sex):
        raise Refused("sex_unusable")
    return Sex(typed)


def checked_email(typed: str) -> str:
    email = unicodedata.normalize("NFKC", typed).strip()
    if len(email) > EMAIL_LENGTH or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise Refused("email_unusable")
    return email


def phone_or_none(typed: str) -> str:
    """Where it may be left out; it is empty then. Raises Refused("phone_unusable")."""
    return checked_phone(typed) if typed.strip() else ""


def email_or_none(typed: str) -> str:
    """As `phone_or_none`. Raises Refused("email_unusable")."""
    return checked_email(typed) if typed.strip() else ""


def _date(typed: date | str | None) -> date:
    if isinstance(typed, date):
        return typed
    try:
        return date.fromisoformat((typed or "").strip())
    except ValueError:
        raise Refused("born_unusable") from None


def _line(typed: str, longest: int, code: str) -> str:
    return checked_text(typed, longest, code, code)
