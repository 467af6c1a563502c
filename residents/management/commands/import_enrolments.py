"""Load the agency's register of enrolments from a CSV or XLSX file of any length."""

from facilities.import_command import ImportCommand
from facilities.importing import Importer
from residents import enrolment_import


class Command(ImportCommand):
    """Reads the file row by row; loading it again updates and never duplicates."""

    help = "导入参保登记（CSV 或 XLSX）：逐行检查，正确的入库，有问题的按行列出。"
    columns = enrolment_import.COLUMNS

    def importer(self) -> Importer:
        return enrolment_import.importer()
