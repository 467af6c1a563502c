"""What is written for operators is complete: compose, image, example, guide agree."""

import re

import yaml

from config.required import DEVELOPMENT_SWITCHES, REQUIRED
from scripts import throwaway
from scripts.launcher.data import DATA_STEPS
from tests.strict import ROOT

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
GUIDE = (ROOT / "docs" / "operations.md").read_text()


def test_compose_has_every_process_and_store():
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "db", "redis"}


def test_every_required_variable_is_given_by_compose_or_asked_for_in_the_example():
    given = set(SERVICES["web"]["environment"])
    asked = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert set(REQUIRED) <= given | asked
    assert not asked & set(DEVELOPMENT_SWITCHES)


def test_the_example_holds_no_secret():
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    assert {name for name, value in values.items() if value} == {"SMS_GATEWAY"}


def test_every_variable_is_explained_in_the_guide():
    named = set(re.findall(r"`([A-Z][A-Z_]+)`", GUIDE))
    read = set()
    for path in [*(ROOT / "config").rglob("*.py")]:
        if path.name not in ("dev.py", "test.py"):
            read |= set(re.findall(r"""environ(?:\.get\(|\[)["']([A-Z_]+)["']""", path.read_text()))
    assert (read | set(REQUIRED)) - {"DJANGO_SETTINGS_MODULE"} <= named


def test_processes_share_the_files_and_wait_for_the_tables():
    for name in ("web", "worker", "beat"):
        service = SERVICES[name]
        assert "files:/srv/files" in service["volumes"]
        assert service["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["migrate"]["restart"] == "no"


def loading_commands() -> set[str]:
    """The commands of all applications that load what ships with the program."""
    found = {path.stem for path in ROOT.glob("*/management/commands/load_*.py")}
    return {name for name in found if not name.startswith("load_demo")}


def test_compose_loads_all_that_ships_in_the_order_of_the_launcher():
    loaded = re.findall(r"manage\.py (\w+)", SERVICES["migrate"]["command"][-1])
    assert set(loaded) == {"migrate"} | loading_commands()
    launched = [name for name, *_ in DATA_STEPS if not name.startswith("create_demo")]
    assert [name for name in loaded if name in launched] == launched


def test_the_guide_loads_all_that_ships_once_and_again_at_an_upgrade():
    first = re.findall(r"^python manage\.py (load_\w+)", GUIDE, re.MULTILINE)
    assert sorted(first) == sorted(loading_commands())
    upgrade = GUIDE.partition("## Upgrade")[2].partition("\n## ")[0]
    assert set(re.findall(r"load_\w+", upgrade)) == loading_commands()
    table = re.findall(r"^\| `manage\.py (\w+)", GUIDE, re.MULTILINE)
    assert loading_commands() <= set(table)
    assert len(table) == len(set(table))


def test_one_service_builds_the_image_that_all_processes_share():
    assert [name for name in SERVICES if "build" in SERVICES[name]] == ["migrate"]
    processes = ("migrate", "web", "worker", "beat")
    assert len({SERVICES[name]["image"] for name in processes}) == 1


def test_the_database_counts_as_ready_only_when_it_answers_over_the_network():
    assert "-h 127.0.0.1" in " ".join(SERVICES["db"]["healthcheck"]["test"])


def test_neither_secrets_nor_backups_get_into_the_image():
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env*", "**/*.dump", "**/*.tar.gz", "var", ".git"} <= set(ignored)


def test_every_volume_used_is_declared():
    used = {v.split(":")[0] for s in SERVICES.values() for v in s.get("volumes", ())}
    assert used == set(COMPOSE["volumes"])


def test_images_are_pinned_to_a_release():
    images = [SERVICES["db"]["image"], SERVICES["redis"]["image"]]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert all(re.search(r":\d", image) for image in images)


def test_only_the_machine_itself_reaches_the_web_port():
    assert SERVICES["web"]["ports"] == ["127.0.0.1:8000:8000"]
    assert not any("ports" in SERVICES[name] for name in SERVICES if name != "web")


def test_redis_keeps_what_it_took():
    command = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in command and "noeviction" in command


def test_every_file_the_image_copies_or_runs_is_there():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = {name for line in copied for name in line.split() if name != "."}
    names |= set(re.findall(r"python (\w[\w/]*\.py)", DOCKERFILE))
    names.add(SERVICES["web"]["healthcheck"]["test"][-1])
    assert not [name for name in names if not (ROOT / name).is_file()]


def test_the_throw_away_environment_is_complete_and_new_each_time():
    one, two = throwaway.environment("/tmp/a"), throwaway.environment("/tmp/a")
    assert set(REQUIRED) <= set(one)
    assert one["SECRET_KEY"] != two["SECRET_KEY"]
    assert one["FIELD_KEYS"] != one["HASH_KEYS"]
