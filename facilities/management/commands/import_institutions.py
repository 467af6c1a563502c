"""Loads institutions from a CSV or XLSX file of any length."""

from facilities.import_command import ImportCommand
from facilities.institution_rows import COLUMNS
from facilities.institution_store import importer


class Command(ImportCommand):
    help = "导入定点医药机构（CSV 或 XLSX）。用 --template 生成模板；可以重复导入。"
    columns = COLUMNS

    def importer(self):
        return importer()
