"""What people do in several journeys: log in, add themselves, answer the steps."""

import re

from residents.staff import current_totp, enrol_totp
from tests.e2e.walker import Walker
from tests.factories import HOHHOT, LINXIANG, EnrolmentFactory, clerk, id_number

PASSWORD = "shili-2026-e2e"
NAME = "王示例"


def enrolled(phone: str, *, area: str = LINXIANG, name: str = NAME, sequence: int = 11) -> str:
    """A line of the register; returns the ID number."""
    number = id_number(prefix=area, sequence=sequence)
    EnrolmentFactory.create(id_number=number, name=name, phone=phone, insured_area=area)
    return number


def log_in(walker: Walker, phone: str) -> None:
    """With a code from the development in-box, as the printed instructions say."""
    walker.go("/account/login/").fill("手机号码", phone).press("获取验证码")
    inbox = walker.page.context.new_page()
    inbox.goto(walker.url + "/account/development/messages/")
    code = re.search(r"\b(\d{6})\b", inbox.inner_text("main section >> nth=0"))
    inbox.close()
    walker.fill("短信验证码", code.group(1)).press("登录")


def add_oneself(walker: Walker, number: str, name: str = NAME) -> None:
    """本人, with the separate consent."""
    walker.go("/account/persons/add/").choose("本人")
    walker.fill("姓名", name).fill("证件号码", number).next()
    walker.choose("我已阅读，单独同意").press("同意并添加")


def find(walker: Walker, label: str, words: str, choice: str) -> None:
    """Look a place up and choose it; works with and without scripts."""
    walker.fill(label, words).press("查找")
    walker.choose(choice)


def to_proof(walker: Walker, category: str, home: str, home_choice: str, to: str, to_choice: str):
    """From the type to the documents, for somebody who is not in hospital."""
    walker.go("/filings/").choose(category).next()
    find(walker, "查找参保的区县", home, home_choice)
    walker.choose("职工医保").next()
    find(walker, "查找城市或医院", to, to_choice)
    walker.choose("住院").next()
    walker.choose("我已阅读").next()
    walker.choose("还没有住院").next()
    walker.next()


def log_in_clerk(walker: Walker, user) -> None:
    """User name, password, and the six digits of the device."""
    walker.go("/admin/").fill("用户名", user.username).fill("密码", PASSWORD).press("下一步")
    walker.fill("动态验证码", current_totp(user)).press("登录")


def new_clerk(area: str = HOHHOT, **values):
    """A clerk with a password and a second factor."""
    user = clerk(area=area, **values)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    enrol_totp(user)
    return user
