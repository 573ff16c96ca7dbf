"""What is shown of people without asking for a reason: enough to tell them apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server.domain.identity import is_mobile
from server.domain.party import Details, Sex


@dataclass(frozen=True, slots=True)
class Masked:
    """`Details`, with what identifies or reaches somebody covered. `age` in full years."""

    phone: str = ""
    id_number: str = ""
    address: str = ""
    email: str = ""
    sex: Sex | None = None
    age: int | None = None
    ethnicity: str = ""
    occupation: str = ""


def masked(details: Details, today: date) -> Masked:
    return Masked(
        phone=masked_phone(details.phone),
        id_number=masked_id_number(details.id_number),
        address=masked_address(details.address),
        email=masked_email(details.email),
        sex=details.sex,
        age=_age(details.born, today),
        ethnicity=details.ethnicity,
        occupation=details.occupation,
    )


def masked_id_number(number: str) -> str:
    """`4403**********123X`; of short ones the last two, of very short ones nothing."""
    first, last = (4, 4) if len(number) >= 15 else (0, 2 if len(number) >= 6 else 0)
    return number[:first] + "*" * (len(number) - first - last) + number[len(number) - last :]


def masked_phone(phone: str) -> str:
    """`138****0001`; of others the last four, or fewer of short ones."""
    if is_mobile(phone):
        return f"{phone[:3]}****{phone[-4:]}"
    last = min(4, len(phone) // 2)
    return "*" * (len(phone) - last) + phone[len(phone) - last :]


def masked_address(address: str) -> str:
    """As much as says the town: six letters, and never more than half of it."""
    return f"{address[: min(6, len(address) // 2)]}****" if address else ""


def masked_email(email: str) -> str:
    name, at, where = email.rpartition("@")
    return f"{name[:1]}***{at}{where}" if email else ""


def _age(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
