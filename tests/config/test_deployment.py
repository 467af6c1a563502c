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


def test_compose_and_the_launcher_load_the_same_data():
    command = SERVICES["migrate"]["command"][-1]
    wanted = [name for name, *_ in DATA_STEPS if not name.startswith("create_demo")]
    assert re.findall(r"manage\.py (\w+)", command) == wanted


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
