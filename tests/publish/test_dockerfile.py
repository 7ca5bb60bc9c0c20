"""The Dockerfile fits the package: the files that it copies exist, and it starts a command of ours."""

import json
import re
import tomllib
from pathlib import Path

import yaml

from shopper_widgets.publish.arguments import parser
from shopper_widgets.publish.server import EVERYWHERE

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docs/guides/publish/compose.yaml"


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions with their arguments, with lines joined and without comments."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line.strip()]


def health_check() -> str:
    """Return the Python code of the image's health check."""
    check = dict(instructions())["HEALTHCHECK"]
    program, option, code = json.loads(check[check.index("[") :])
    assert (program, option) == ("python", "-c")
    return str(code)


def test_it_starts_the_page_for_everybody_and_opens_no_browser() -> None:
    told = dict(instructions())
    entry, rest = json.loads(told["ENTRYPOINT"]), json.loads(told["CMD"])
    assert entry[0] == "shopper-widgets"
    arguments = parser().parse_args([*entry[1:], *rest])
    assert arguments.ip in EVERYWHERE
    assert arguments.no_browser
    assert str(arguments.port) == told["EXPOSE"]
    assert f":{arguments.port}/" in health_check()


def test_nobody_there_is_root() -> None:
    user = dict(instructions())["USER"]
    assert all(int(number) > 0 for number in user.split(":"))


def test_what_the_package_is_built_from_gets_there() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert all((ROOT / name).exists() for name in kept)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*wheel["packages"], *wheel["force-include"], project["project"]["readme"], "LICENSE"} <= kept
    assert "constraints.txt" in kept


def test_the_page_of_the_compose_file_is_started_by_the_same_command() -> None:
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    page, door = services["page"], services["door"]
    told = [word.replace("${SHOP_HOST:?}", "shop.example.com") for word in page["command"]]
    arguments = parser().parse_args(["dashboard", *told])
    assert arguments.model == "/model"
    assert arguments.host_name == ["shop.example.com"]
    assert told != page["command"]
    assert page["read_only"]
    assert page["tmpfs"] == ["/tmp"]
    assert (COMPOSE.parent / page["build"]).resolve() == ROOT
    assert "ports" not in page  # only the entrance can be reached from outside
    caddy = (COMPOSE.parent / "Caddyfile").read_text()
    assert set(re.findall(r"\{\$(\w+)\}", caddy)) == set(door["environment"])
    assert f"reverse_proxy page:{arguments.port}" in caddy
