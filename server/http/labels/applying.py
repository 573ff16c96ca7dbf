"""The public application and the status page, in a visitor's words."""

from __future__ import annotations

from enum import StrEnum

from server.domain.case import DisputeType
from server.services.status import Stage
from server.words import N_

LABELS: dict[type[StrEnum], dict[str, str]] = {
    Stage: {
        Stage.APPLIED: N_("Application received"),
        Stage.ACCEPTED: N_("Accepted"),
        Stage.MEDIATOR: N_("Mediator found"),
        Stage.MEETING: N_("Mediation under way"),
        Stage.RESULT: N_("Result"),
    },
}

EXAMPLES: dict[str, str] = {
    DisputeType.FAMILY: N_("Divorce, children, care for parents, inheritance"),
    DisputeType.NEIGHBOURS: N_("Walls, water, noise, light, parking"),
    DisputeType.HOUSING: N_("House, homestead, rent, sale"),
    DisputeType.CONTRACT: N_("Money lent, deposits, work not done or not paid"),
    DisputeType.BUSINESS: N_("Between firms, partners, farms and shops"),
    DisputeType.DAMAGES: N_("Somebody was hurt, or something was broken"),
    DisputeType.LAND: N_("Fields, forests, borders, leases of land"),
    DisputeType.EXPROPRIATION: N_("Compensation when land or a house is taken"),
    DisputeType.POLLUTION: N_("Smoke, waste water, dust, noise of a factory"),
    DisputeType.LABOUR: N_("Wages, accidents at work, dismissal"),
    DisputeType.CONSUMER: N_("Goods, repairs, travel, refunds"),
    DisputeType.MEDICAL: N_("With a hospital, a clinic or a doctor"),
    DisputeType.TRAFFIC: N_("After an accident on the road"),
    DisputeType.PROPERTY: N_("Charges, lifts, repairs, the management company"),
    DisputeType.OTHER: N_("None of these, or you are not sure"),
}
"""What each type of dispute means to who has one."""
