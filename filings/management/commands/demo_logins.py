"""The log-ins of the demonstration, as `make run` prints them."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework.demo.people import AGENCIES, FIRST_PHONE, PASSWORD, ROLES
from filings.management.commands.create_demo import VISITOR


class Command(BaseCommand):
    """Prints; changes nothing."""

    help = "列出演示登录"

    def handle(self, *args, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("这不是演示环境，没有演示登录。")
        names = ", ".join(f"{prefix}-{word}" for prefix, _ in AGENCIES for word, _ in ROLES)
        self.stdout.write(
            "居民（参保地 临沧市临翔区，职工）: 手机号 "
            f"{FIRST_PHONE + VISITOR}\n"
            "居民（参保地 呼和浩特市新城区，居民）: 手机号 "
            f"{FIRST_PHONE + VISITOR + 1}\n"
            f"居民（已有备案记录）: 手机号 {FIRST_PHONE}\n"
            "  短信验证码显示在 /account/development/messages/\n"
            f"工作人员: /admin/  密码都是 {PASSWORD}\n"
            f"  用户名: {names}\n"
            "  第二因素的六位数字显示在 /account/development/second-factors/"
        )
