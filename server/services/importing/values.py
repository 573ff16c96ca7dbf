"""What stands in cells, read as what it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from server.domain.case import CaseKind, Difficulty, DisputeType, Outcome, Regime, Source
from server.domain.errors import Refused
from server.domain.organisation import OrganisationKind
from server.domain.party import PartyKind
from server.domain.user import StaffRole
from server.services.importing.columns import plain

Word = TypeVar("Word", bound=StrEnum)

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SEVERAL = re.compile(r"[;；、\n]")
_ENDINGS = ("纠纷", "争议", "案件")

WORDS: dict[type[StrEnum], dict[StrEnum, tuple[str, ...]]] = {
    DisputeType: {
        DisputeType.FAMILY: (
            "Marriage and family",
            "Marriage & family",
            "婚姻家庭",
            "家庭",
            "婚姻",
        ),
        DisputeType.NEIGHBOURS: ("Neighbours", "邻里", "相邻关系"),
        DisputeType.HOUSING: ("Houses and homesteads", "房屋宅基地", "房屋、宅基地", "宅基地"),
        DisputeType.CONTRACT: (
            "Contract",
            "合同",
            "Contracts",
        ),
        DisputeType.BUSINESS: ("Production and business", "生产经营"),
        DisputeType.DAMAGES: ("Damages", "损害赔偿"),
        DisputeType.LAND: ("Forests and land", "山林土地", "土地"),
        DisputeType.EXPROPRIATION: (
            "Expropriation",
            "征地拆迁",
            "拆迁",
            "Expropriation and demolition",
        ),
        DisputeType.POLLUTION: (
            "Pollution",
            "环境污染",
            "Environmental pollution",
        ),
        DisputeType.LABOUR: (
            "Labour",
            "劳动",
            "劳动争议",
            "劳资",
            "Labour disputes",
        ),
        DisputeType.CONSUMER: (
            "Consumer",
            "旅游消费",
            "消费",
            "Tourism and consumption",
        ),
        DisputeType.MEDICAL: (
            "Medical",
            "医疗",
            "Medical disputes",
        ),
        DisputeType.TRAFFIC: (
            "Traffic accident",
            "道路交通",
            "道路交通事故",
            "交通事故",
            "Road traffic accidents",
        ),
        DisputeType.PROPERTY: ("Property management", "物业", "物业管理"),
        DisputeType.OTHER: (
            "Other",
            "其他",
            "其它",
            "Other disputes",
        ),
    },
    CaseKind: {
        CaseKind.MEDIATION: ("Mediation", "调解"),
        CaseKind.CONSULTATION: (
            "Consultation",
            "咨询",
            "法律咨询",
        ),
    },
    Regime: {
        Regime.PEOPLES: ("People's mediation", "人民调解", "people's"),
        Regime.COMMERCIAL: ("Commercial mediation", "商事调解", "商事"),
    },
    Source: {
        Source.APPLICATION: (
            "Application",
            "申请",
            "当事人申请",
            "网上申请",
            "Own application",
        ),
        Source.VISIT: ("Visit", "来访", "上门"),
        Source.CALL: (
            "Telephone",
            "来电",
            "电话",
            "Telephone call",
        ),
        Source.DISCOVERY: (
            "Found by a grid worker",
            "主动发现",
            "网格",
            "排查",
            "主动调解",
            "网格员排查",
        ),
        Source.COURT: (
            "Court",
            "法院",
            "法院委派",
            "法院移送",
            "法院委托",
            "Referred by a court",
            "法院委派委托",
        ),
        Source.POLICE: (
            "Police",
            "公安",
            "公安移送",
            "派出所移送",
            "Referred by the police",
        ),
        Source.TRANSFER: (
            "Passed on",
            "移送",
            "转办",
            "其他单位移送",
            "交办",
            "Passed on by another body",
            "其他部门移送",
        ),
        Source.HOTLINE: (
            "Hotline",
            "热线",
            "12348",
            "12345",
            "12348热线",
        ),
    },
    Difficulty: {
        Difficulty.SIMPLE: ("Simple", "一般", "简单", "普通"),
        Difficulty.COMPLEX: ("Complex", "疑难", "疑难复杂"),
        Difficulty.MAJOR: ("Major", "重大"),
    },
    Outcome: {
        Outcome.AGREED: ("Agreed", "达成协议", "调解成功", "成功"),
        Outcome.PARTLY_AGREED: ("Partly agreed", "部分达成协议"),
        Outcome.SETTLED_THEMSELVES: (
            "Settled themselves",
            "自行和解",
            "撤回",
            "和解撤回",
            "Settled among themselves",
            "自行和解并撤回",
        ),
        Outcome.UNREACHABLE: (
            "Not reached",
            "无法联系",
            "联系不上",
            "A party can't be reached",
            "当事人联系不上",
        ),
        Outcome.UNWILLING: (
            "Unwilling",
            "不愿调解",
            "拒绝调解",
            "A party is unwilling",
            "当事人不愿调解",
        ),
        Outcome.TOO_FAR_APART: ("Too far apart", "分歧过大", "未达成协议", "调解不成", "不成功"),
        Outcome.TIME_EXPIRED: (
            "Time expired",
            "期限届满",
            "超期",
            "调解期限届满",
        ),
        Outcome.REFUSED_TO_SIGN: (
            "Refused to sign",
            "拒绝签字",
            "拒绝签署",
            "A party refused to sign",
            "当事人拒绝签字",
        ),
        Outcome.JOINED: (
            "Joined",
            "并案",
            "合并",
            "Joined to another case",
            "并入其他案件",
        ),
        Outcome.OTHER: (
            "Other",
            "其他",
            "其它",
            "Another reason",
            "其他原因",
        ),
    },
    PartyKind: {
        PartyKind.PERSON: ("Person", "个人", "自然人"),
        PartyKind.ORGANISATION: (
            "Organisation",
            "单位",
            "组织",
            "法人",
            "企业",
            "公司",
            "机构",
        ),
    },
    OrganisationKind: {
        OrganisationKind.BUREAU: (
            "Bureau",
            "司法局",
            "局",
            "Justice bureau",
        ),
        OrganisationKind.COUNTY: (
            "County",
            "县",
            "县级",
            "县司法局",
            "区司法局",
            "County bureau",
            "县(区)司法局",
        ),
        OrganisationKind.STATION: (
            "Station",
            "司法所",
            "所",
            "Township station",
        ),
        OrganisationKind.COMMITTEE: (
            "Committee",
            "调委会",
            "人民调解委员会",
            "调解委员会",
            "Mediation committee",
        ),
        OrganisationKind.STUDIO: (
            "Studio",
            "工作室",
            "个人调解工作室",
            "调解工作室",
            "Personal studio",
        ),
        OrganisationKind.LAW_FIRM: ("Law firm", "律师事务所", "律所"),
        OrganisationKind.HOTLINE: (
            "Hotline",
            "热线",
            "12348热线",
        ),
        OrganisationKind.COURT_LIAISON: (
            "Court liaison",
            "诉调对接",
            "法院对接",
            "诉调对接中心",
            "Court liaison office",
            "驻法院联络点",
        ),
    },
    StaffRole: {
        StaffRole.MEDIATOR: ("Mediator", "调解员"),
        StaffRole.CLERK: ("Clerk", "书记员", "工作人员", "内勤"),
        StaffRole.LAWYER: ("Lawyer", "律师"),
        StaffRole.SUPERVISOR: ("Supervisor", "督导", "监督员", "主管"),
        StaffRole.ADMINISTRATOR: ("Administrator", "管理员"),
        StaffRole.GRID_WORKER: ("Grid worker", "网格员"),
    },
}
"""What other systems and people write for our words, in both languages. Our own words are good
too: tests hold every label to be in here.
"""


def _known(words: Mapping[StrEnum, tuple[str, ...]]) -> dict[str, StrEnum]:
    return {plain(said): word for word, names in words.items() for said in (word.value, *names)}


_KNOWN = {kind: _known(words) for kind, words in WORDS.items()}


def word(kind: type[Word], cell: str) -> Word:
    """Raises Refused("import_word_unknown")."""
    said = plain(cell)
    known = _KNOWN[kind]
    for ending in ("", *_ENDINGS):
        found = known.get(said.removesuffix(ending))
        if isinstance(found, kind):
            return found
    raise Refused("import_word_unknown")


def day(cell: str, today: date) -> date | None:
    """2026-11-23, 2026/11/23, 2026年11月23日, 20261123; empty is None.

    Raises Refused: import_date_unreadable, import_date_future.
    """
    if not cell:
        return None
    typed = unicodedata.normalize("NFKC", cell).strip()
    found = _DATE.fullmatch(typed) or _DIGITS.fullmatch(typed)
    try:
        on = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        on = None
    if on is None:
        raise Refused("import_date_unreadable")
    if on > today:
        raise Refused("import_date_future")
    return on


def several(cell: str) -> list[str]:
    """What is listed in one cell, in order, empty places kept between others."""
    if not cell.strip():
        return []
    return [part.strip() for part in _SEVERAL.split(cell)]
