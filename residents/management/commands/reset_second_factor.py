"""Let a member of staff whose device is lost enrol a new one at the next log-in."""

from django.core.management.base import BaseCommand, CommandError

from residents import staff
from residents.models import User


class Command(BaseCommand):
    """Used when nobody is left who could do it in the admin."""

    help = "重置工作人员的两步验证；下次登录时重新绑定验证器。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="工作人员的用户名")

    def handle(self, *args, username, **options):
        user = User.objects.filter(username=username, is_staff=True).first()
        if user is None:
            raise CommandError(f"没有用户名为“{username}”的工作人员，请检查拼写。")
        staff.reset_second_factor(user)
        self.stdout.write(f"已重置 {username} 的两步验证。")
