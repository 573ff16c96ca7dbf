"""The demo's matters, of several types and ages, all invented."""

from __future__ import annotations

from typing import NamedTuple

from server.domain.case import CaseKind, Difficulty, DisputeType, Source
from server.domain.party import Details, PartyKind
from server.domain.statement import Statement
from server.services.opening import NewParty


class Matter(NamedTuple):
    """`by`: the login of whoever took it in. Those of mediators and lawyers are theirs at once."""

    title: str
    dispute_type: DisputeType
    parties: tuple[NewParty, ...]
    days_ago: int
    by: str = "mediator"
    kind: CaseKind = CaseKind.MEDIATION
    source: Source = Source.VISIT
    statement: Statement = Statement()
    difficulty: Difficulty = Difficulty.SIMPLE


def person(name: str, side: str, phone: str = "", address: str = "") -> NewParty:
    return NewParty(name, side, details=Details(phone=phone, address=address))


def firm(name: str, side: str, phone: str = "") -> NewParty:
    return NewParty(name, side, PartyKind.ORGANISATION, Details(phone=phone))


TODAY = Matter(
    "楼上漏水损坏家具赔偿",
    DisputeType.NEIGHBOURS,
    (
        person("周丽华", "A", "13800138001", "柳河镇西街5号201室"),
        person("孙国强", "B", "13800138002", "柳河镇西街5号301室"),
    ),
    6,
    statement=Statement(
        "10月底楼上水管渗漏，泡坏卧室衣柜和木地板。楼上说是公共管道的问题。",
        "修好水管，赔偿衣柜和地板损失3000元。",
        "柳河镇西街5号",
    ),
)
AGREED = Matter(
    "商铺租赁押金返还",
    DisputeType.CONTRACT,
    (person("何秀英", "A", "13800138003"), firm("云溪县顺达商贸有限公司", "B", "13800138004")),
    30,
)
ADJOURNED = Matter(
    "赡养费分担",
    DisputeType.FAMILY,
    (person("郑桂兰", "A"), person("郑海", "B", "13800138005"), person("郑燕", "C")),
    12,
    difficulty=Difficulty.COMPLEX,
)
COMING = Matter(
    "小区电梯停运期间物业费",
    DisputeType.PROPERTY,
    (person("冯志明", "A", "13800138006"), firm("云溪县安居物业服务有限公司", "B")),
    9,
    source=Source.CALL,
)
CONSULTATION = Matter(
    "拖欠加班工资咨询",
    DisputeType.LABOUR,
    (person("蒋涛", "A", "13800138007"),),
    2,
    by="lawyer",
    kind=CaseKind.CONSULTATION,
)
APPLIED = Matter(
    "魏建平与魏建军：房屋宅基地",
    DisputeType.HOUSING,
    (person("魏建平", "A", "13800138008", "柳河镇魏家村"), person("魏建军", "B")),
    1,
    source=Source.APPLICATION,
    statement=Statement(
        "老宅翻建，弟弟说占了他家滴水的地方，砌了一道墙不让动工。",
        "请村里量清界址，让我继续盖房。",
    ),
)
REPORTED = Matter(
    "广场舞音响扰民",
    DisputeType.NEIGHBOURS,
    (person("东风小区跳舞队", "A"), person("东风小区3号楼住户", "B")),
    0,
    by="grid_worker",
    statement=Statement("晚上九点以后音响还很大，住户下楼理论，差点动手。", "", "东风小区小广场"),
)
REFERRED = Matter(
    "民间借贷十二万元",
    DisputeType.CONTRACT,
    (person("唐守仁", "A", "13800138009"), person("葛庆", "B", "13800138010")),
    2,
    by="clerk",
    source=Source.COURT,
)
REFUSED = Matter(
    "对已生效判决不服",
    DisputeType.DAMAGES,
    (person("汪有福", "A"), person("云溪县第二小学", "B")),
    8,
    by="clerk",
)
OVERDUE = Matter(
    "林地界线争议",
    DisputeType.LAND,
    (person("石老根", "A", "13800138011"), person("石满仓", "B"), person("石桥村村委会", "C")),
    45,
    by="mediator3",
    difficulty=Difficulty.COMPLEX,
)
FAILED = Matter(
    "旅游合同退费",
    DisputeType.CONSUMER,
    (person("许晴", "A"), firm("云溪山水旅行社", "B")),
    60,
    by="mediator3",
)
MAJOR = Matter(
    "高速公路征地青苗补偿",
    DisputeType.EXPROPRIATION,
    (person("青山镇李家组十一户", "A", "13800138012"), firm("云溪高速项目部", "B")),
    5,
    by="mediator3",
    difficulty=Difficulty.MAJOR,
)
