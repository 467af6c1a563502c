"""Sessions, each with the account that is logged in, so that both are read by one query."""

from importlib import import_module

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class AccountSession(AbstractBaseSession):
    """A session. `account` only repeats what the signed data say, and never decides who is
    logged in: see residents/sessions.py."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name="账户",
    )

    class Meta:
        verbose_name = "会话"
        verbose_name_plural = "会话"

    def __str__(self):
        return "会话"

    @classmethod
    def get_session_store_class(cls):
        """The engine that writes these rows, which in turn needs this module."""
        return import_module(settings.SESSION_ENGINE).SessionStore
