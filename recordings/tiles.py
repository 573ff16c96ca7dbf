"""The picture of all: a tile for each person with the name under it, and a line with the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, sqrt

from PIL import Image, ImageDraw, ImageOps

from recordings import lettering

SIZE = (1280, 720)
_LINE = 48
_NAME = 36
_GROUND, _TILE, _INK = (250, 248, 245), (60, 66, 70), (34, 34, 34)


class Tiles:
    def __init__(self, people: Sequence[str], names: Mapping[str, str], purpose: str) -> None:
        self._purpose = purpose
        self._names = names
        self.canvas = Image.new("RGB", SIZE, _GROUND)
        self._draw = ImageDraw.Draw(self.canvas)
        across = ceil(sqrt(max(1, len(people))))
        down = ceil(max(1, len(people)) / across)
        self._tile = SIZE[0] // across - 8, (SIZE[1] - _LINE) // down - 8
        self._places = {
            who: (n % across * (SIZE[0] // across) + 4, n // across * (self._tile[1] + 8) + 4)
            for n, who in enumerate(people)
        }
        self._said = ""
        for who in people:
            self.show(who, None)

    def show(self, who: str, picture: Image.Image | None) -> None:
        """None: there is no picture of this person now."""
        x, y = self._places[who]
        width, height = self._tile
        tile = Image.new("RGB", self._tile, _TILE)
        if picture is not None:
            fitted = ImageOps.contain(picture, (width, height - _NAME))
            tile.paste(fitted, ((width - fitted.width) // 2, (height - _NAME - fitted.height) // 2))
        letters = lettering.font(24)
        (name, *_) = lettering.lines(self._names.get(who, who), letters, width - 20)
        ImageDraw.Draw(tile).text((10, height - _NAME), name, (255, 255, 255), letters)
        self.canvas.paste(tile, (x, y))

    def say(self, time: str) -> bool:
        """The line below; whether it is another one now."""
        if time == self._said:
            return False
        self._said = time
        top = SIZE[1] - _LINE
        self._draw.rectangle((0, top, *SIZE), _GROUND)
        letters = lettering.font(26)
        width = SIZE[0] - letters.getlength(time) - 40
        (purpose, *_) = lettering.lines(self._purpose, letters, int(width))
        self._draw.text((12, top + 6), purpose, _INK, letters)
        self._draw.text((SIZE[0] - letters.getlength(time) - 12, top + 6), time, _INK, letters)
        return True
