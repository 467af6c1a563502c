"""Re-encrypt and re-hash everything under the newest keys of the settings."""

import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand

from residents import rotation
from residents.crypto import current_prefix, hash_keys


class Command(BaseCommand):
    """Safe to break off, to repeat, and to run while the system is in use."""

    help = "把所有加密列和摘要列换到最新的密钥；可以随时中断、重复运行，不影响使用。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="只统计还有多少行在旧密钥下，不修改"
        )

    def handle(self, *args, check=False, **options):
        try:
            cipher, key = current_prefix().split(":")[:2]
            self.stdout.write(f"加密密钥 {key}（{cipher}），摘要密钥 {hash_keys()[0].id}")
        except ImproperlyConfigured as error:
            self.stderr.write(str(error))
            sys.exit(2)
        results = [self._rotate(plan, check) for plan in rotation.plans()]
        results.append(rotation.rotate_second_factors(dry_run=check))
        self._say(results[-1], check)
        self._conclude(results, check)

    def _rotate(self, plan, check: bool) -> rotation.Progress:
        progress = rotation.rotate(plan, self._tick, dry_run=check)
        self._say(progress, check)
        return progress

    def _tick(self, progress: rotation.Progress) -> None:
        if progress.seen % (20 * rotation.CHUNK) == 0:
            self.stderr.write(f"  {progress.table}：已看 {progress.seen:,} 行")

    def _say(self, progress: rotation.Progress, check: bool) -> None:
        word = "待换" if check else "已换"
        self.stdout.write(f"{progress.table}：{progress.seen:,} 行，{word} {progress.moved:,} 行")
        for key, reason in progress.failed.items():
            self.stderr.write(f"  主键 {key} 未能更换：{reason}")

    def _conclude(self, results: list[rotation.Progress], check: bool) -> None:
        for column, count in rotation.left_behind().items():
            self.stdout.write(
                f"{column}：有 {count:,} 行没有保存原文，只能沿用生成时的密钥，请保留旧摘要密钥"
            )
        failed = sum(len(progress.failed) for progress in results)
        waiting = sum(progress.moved for progress in results) if check else 0
        if failed:
            self.stderr.write(f"有 {failed:,} 行未能更换，请勿停用旧密钥。")
        elif waiting:
            self.stdout.write(f"还有 {waiting:,} 行在旧密钥下，请勿停用旧密钥。")
        else:
            self.stdout.write("全部在最新密钥下。")
        if failed or waiting:
            sys.exit(1)
