"""No phone, ID number or bank number reaches a log, whoever writes the line."""

import io
import json
import logging
import logging.config
from datetime import datetime, timedelta

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from config import logs

ID = "530902196001010012"
ID_X = "53090219600101001X"
PHONE = "13800138000"
BANK = "6222021234567890123"
PERSONAL = (ID, ID_X, PHONE, BANK)


@pytest.mark.parametrize(
    "text",
    [
        *PERSONAL,
        "530902600101001",  # fifteen digits, the old form
        "138 0013 8000",
        "138-0013-8000",
        "+8613800138000",
        "+86 138 0013 8000",
        "6222 0212 3456 7890 123",
        "53090219600101001x",  # full-width x
        "13800138000",  # full-width digits
        "0883-2166666",
        "530902 19600101 0012",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "电话{}。", "phone={}, x", "[('{}',)]", "a:{}\n"])
def test_a_number_of_a_person_is_masked_wherever_it_stands(text, frame):
    shown = logs.mask_text(frame.format(text))
    assert text not in shown
    assert logs.HIDDEN + text[-2:] in shown


@pytest.mark.parametrize(
    "text",
    [
        "530902001202611220000001",  # a case number
        "2026-11-22T07:32:47+08:00",
        "12393",
        "531502",
        "1c9d4e6b-1234-5678-9012-123456789012",
        "0.123456789012345678",
        "H53090200123",
    ],
)
def test_what_is_no_personal_number_stays_readable(text):
    assert logs.mask_text(text) == text


@given(st.integers(min_value=10**10, max_value=10**11 - 1).filter(lambda n: str(n)[1] > "2"))
def test_no_mobile_number_survives_as_text_or_as_number(number):
    if not str(number).startswith("1"):
        return
    assert str(number) not in str(logs.mask_value({"x": [number, f"打给{number}吧"]}))


def test_values_are_masked_at_any_depth_and_names_by_their_key():
    event = {
        "event": "saved",
        "data": {"rows": [{"id": ID, "name": "张三"}]},
        "address": "解放路1号",
    }
    shown = logs.mask(None, "info", event)
    assert shown["address"] == logs.HIDDEN
    assert shown["data"]["rows"][0] == {"id": "***12", "name": logs.HIDDEN}


def test_a_login_code_is_hidden_and_the_status_of_an_answer_is_not():
    assert logs.mask(None, "info", {"code": "428193"})["code"] == logs.HIDDEN
    assert logs.mask(None, "info", {"code": 428193})["code"] == logs.HIDDEN
    assert logs.mask(None, "info", {"code": 404})["code"] == 404


def test_keys_and_foreign_objects_are_masked_too():
    class Thing:
        def __repr__(self):
            return f"<Thing {PHONE}>"

    assert logs.mask_value({PHONE: Thing()}) == {"***00": "<Thing ***00>"}


@pytest.mark.parametrize(
    ("request_line", "shown"),
    [
        ("GET /admin/casework/case/?q=张三", "GET /admin/casework/case/"),
        ("GET /verify/aB3dE5gH7jK9mN1pQ3sT5v", "GET /verify/aB3d…"),
        ("GET /cases/530902001202611220000001/", "GET /cases/530902001202611220000001/"),
        ("GET /static/css/parts.css", "GET /static/css/parts.css"),
    ],
)
def test_a_request_is_logged_without_its_query_and_without_tokens(request_line, shown):
    assert logs.mask(None, "info", {"request": request_line})["request"] == shown


@pytest.fixture(params=[True, False], ids=["json", "console"])
def written(request):
    """What the configured logging writes, both for production and for development."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logging.config.dictConfig(logs.configure(json_lines=request.param))
    stream = io.StringIO()
    root.handlers[-1].setStream(stream)
    yield stream, request.param
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def test_every_way_of_logging_is_masked(written):
    stream, is_json = written
    plain, structured = logging.getLogger("some.module"), structlog.get_logger("other.module")
    plain.info("sent to %s", PHONE)
    plain.warning("row %(id)s", {"id": ID})
    structured.info("found", bank=BANK, phone=PHONE)
    try:
        raise ValueError(f"Key (id_number)=({ID_X}) already exists")
    except ValueError:
        plain.exception("failed for %s", ID)
        structured.exception("failed", number=int(ID))
    text = stream.getvalue()
    assert not [number for number in PERSONAL if number in text]
    assert text.count("ValueError") >= 2
    if is_json:
        lines = [json.loads(line) for line in text.splitlines()]
        assert [line["logger"] for line in lines][:3] == [
            "some.module",
            "some.module",
            "other.module",
        ]
        assert all(line["level"] for line in lines)
        said = [datetime.fromisoformat(line["timestamp"]) for line in lines]
        assert {moment.utcoffset() for moment in said} == {timedelta(0)}


def test_a_line_of_production_keeps_chinese_readable(written):
    stream, _ = written
    logging.getLogger("x").info("短信已发送")
    assert "短信已发送" in stream.getvalue()


def test_a_request_of_the_real_stack_is_logged_masked(db, client, written):
    stream, _ = written
    client.get("/healthz", {"q": PHONE})
    client.get(f"/nowhere/{PHONE}/")
    text = stream.getvalue()
    assert "/healthz" in text and "/nowhere/***00/" in text
    assert PHONE not in text
