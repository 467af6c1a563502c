"""Load direct settlements of the agency from a CSV or XLSX file of any length."""

from facilities.import_command import ImportCommand
from facilities.importing import Importer
from reimbursements import settlement_import


class Command(ImportCommand):
    """Reads the file row by row; loading it again adds nothing."""

    help = "导入直接结算记录（CSV 或 XLSX）：逐行检查，正确的入库，有问题的按行列出。"
    columns = settlement_import.COLUMNS

    def importer(self) -> Importer:
        return settlement_import.importer()
