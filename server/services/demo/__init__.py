"""A bureau to click through: invented people and matters, and a mediation due now.

Every step is done once however often it is asked for, so a seeding that was cut short goes on
where it stopped, and starting again changes nothing but what is over.
"""

from __future__ import annotations

from server.services.demo.seed import seed

__all__ = ["seed"]
