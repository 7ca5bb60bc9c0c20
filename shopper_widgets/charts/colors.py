"""The colors of charts, in a module that imports no chart library."""

from __future__ import annotations

# Okabe and Ito's palette (https://jfly.uni-koeln.de/color/): told apart with every common color blindness.
BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
VERMILLION, SKY, PURPLE = "#D55E00", "#56B4E9", "#CC79A7"
GREY, INK, FAINT_INK = "#B8BEC4", "#1F2429", "#4A525A"
#: The color of words that belong to vermillion marks: words in vermillion itself are too pale to read.
EMBER = "#A84700"
#: A part that has not come yet, such as the rest of a month, and one mark among many.
PALE_BLUE, SLATE = "#A9CCE3", "#6B747C"
LINE, GRID = "#AEB4BA", "#E8EBEE"

#: Shades from little to much; the share of the range from which white text is the more readable; the colors
#: of text on pale and on deep shades.
SHADES, WHITE_FROM = ["#F1F6FA", "#084B7A"], 0.72
ON_PALE, ON_DEEP = "#000000", "#FFFFFF"

#: The color that replaces each color on a dark page. Colors that differ on a light page differ on a dark one,
#: too.
DARK = {
    BLUE: "#3D94D6",
    ORANGE: "#E69F00",
    GREEN: "#2DB890",
    VERMILLION: "#F07C32",
    SKY: "#9AD4F7",
    PURPLE: "#E6A8CB",
    "#466536": "#5FD099",
    "#37A7F0": "#8CE4F2",
    "#4708A4": "#8559CF",
    "#C176A8": "#C4AAFD",
    "#39947E": "#8BA179",
    "#EC801C": "#F6BC45",
    "#810831": "#C52F4D",
    "#73AB4D": "#C69F26",
    "#A3A18C": "#628886",
    "#CF5959": "#C66F00",
    GREY: "#6B757F",
    INK: "#E8EAED",
    FAINT_INK: "#B3BBC3",
    EMBER: "#FFA260",
    PALE_BLUE: "#2C5A78",
    SLATE: "#8C96A0",
    LINE: "#59626B",
    GRID: "#2A3037",
    SHADES[0]: "#16222B",
    SHADES[1]: "#509EDE",
    ON_PALE: "#FFFFFF",
    ON_DEEP: "#000000",
    "white": "#16191D",
}
