"""Originals of e-bills: known element names are read, traps are refused, nothing raises."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reimbursements.bills.numbers import BillKind
from reimbursements.bills.originals import MAX_DEPTH, MAX_ENTRIES, MAX_XML, read_original

FISCAL = """<?xml version="1.0" encoding="UTF-8"?>
<EInvoice xmlns="urn:x"><Header><EInvoiceCode>37060124</EInvoiceCode>
<EInvoiceNumber>0136427183</EInvoiceNumber><RandomNumber>0BF601</RandomNumber>
<IssueDate>20240601</IssueDate><TotalAmount>1,234.50</TotalAmount>
<PayerPartyName>张桂兰</PayerPartyName></Header></EInvoice>"""
DIGITAL = """<EInvoice><Header><EIid>26537912570200055449</EIid></Header><EInvoiceData>
<BuyerInformation><BuyerName>张桂兰</BuyerName></BuyerInformation><BasicInformation>
<TotalAmWithoutTax>18.63</TotalAmWithoutTax>
<TotalTax-includedAmount>19.19</TotalTax-includedAmount></BasicInformation></EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>26537912570200055449</InvoiceNumber>
<IssueTime>2026-02-28 10:00:00</IssueTime></TaxSupervisionInfo></EInvoice>"""
OFD = """<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocInfo>
<ofd:CustomDatas><ofd:CustomData Name="发票代码">011001605111</ofd:CustomData>
<ofd:CustomData Name="发票号码">80100798</ofd:CustomData>
<ofd:CustomData Name="开票日期">2016年10月18日</ofd:CustomData>
</ofd:CustomDatas></ofd:DocInfo></ofd:DocBody></ofd:OFD>"""
VAT_PART = """<fp:eInvoice xmlns:fp="u"><fp:InvoiceCheckCode>85342965681116380258
</fp:InvoiceCheckCode><fp:Buyer><fp:BuyerName>张桂兰</fp:BuyerName></fp:Buyer>
<fp:TaxInclusiveTotalAmount>64.90</fp:TaxInclusiveTotalAmount></fp:eInvoice>"""


def package(entries: dict[str, str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in entries.items():
            file.writestr(name, text)
    return out.getvalue()


def test_a_fiscal_bill_is_read():
    found = read_original(FISCAL.encode())
    assert (found.kind, found.code, found.number) == (BillKind.FISCAL, "37060124", "0136427183")
    assert (found.check_code, found.issued_on) == ("0bf601", date(2024, 6, 1))
    assert (found.amount, found.payer, found.certain) == (123450, "张桂兰", True)


def test_a_bill_in_another_encoding_is_read():
    text = FISCAL.replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert read_original(text.encode("utf-16")) == read_original(FISCAL.encode())


def test_a_digital_invoice_is_read_with_its_tax():
    found = read_original(DIGITAL.encode())
    assert (found.kind, found.code) == (BillKind.DIGITAL, "")
    assert (found.number, found.amount) == ("26537912570200055449", 1919)
    assert (found.issued_on, found.payer) == (date(2026, 2, 28), "张桂兰")


def test_an_ofd_is_read_from_its_parts():
    found = read_original(package({"OFD.xml": OFD, "Doc_0/Attachs/original_invoice.xml": VAT_PART}))
    assert (found.kind, found.code, found.number) == (BillKind.VAT, "011001605111", "80100798")
    assert (found.check_code, found.amount) == ("85342965681116380258", 6490)
    assert (found.issued_on, found.payer) == (date(2016, 10, 18), "张桂兰")


def test_a_bill_whose_number_has_another_length_is_not_certain():
    found = read_original(FISCAL.replace("0136427183", "136427").encode())
    assert found.number == "136427" and not found.certain


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<EInvoice/>",
        b"<a><EInvoiceNumber>1</EInvoiceNumber></a>",  # no code: not recognisable
        "<html><body>票据号码 0136427183</body></html>".encode(),
        package({}),
        package({"readme.txt": "0136427183"}),
        package({"OFD.xml": "broken <"}),
        package({f"invoice{n}.xml": "<a/>" for n in range(MAX_ENTRIES + 1)}),
        b"PK\x03\x04",
    ],
)
def test_what_is_not_recognised_is_nothing(data):
    assert read_original(data) is None


def test_entities_are_refused_and_never_expand():
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE x [<!ENTITY a0 "0">{laughs}]>'
    bomb = FISCAL.replace("<EInvoice ", f"{head}<EInvoice ").replace("0136427183", "&a9;")
    assert read_original(bomb.encode()) is None
    outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    assert read_original(FISCAL.replace("<EInvoice ", outside + "<EInvoice ").encode()) is None


def test_a_zip_bomb_is_not_unpacked():
    blown = FISCAL + " " * (MAX_XML + 1)
    small = package({"OFD.xml": OFD, "Attachs/invoice.xml": blown})
    assert len(small) < MAX_XML / 100
    assert read_original(small) is None


def test_many_entries_together_are_bounded_too():
    part = "<a>" + " " * (MAX_XML // 2) + "</a>"
    parts = {f"Attachs/invoice{n}.xml": part for n in range(3)}
    assert read_original(package({"OFD.xml": OFD})) is not None
    assert read_original(package({"OFD.xml": OFD, **parts})) is None


def test_a_tower_of_elements_is_refused():
    tower = "<a>" * (MAX_DEPTH + 1) + "</a>" * (MAX_DEPTH + 1)
    assert read_original(FISCAL.replace("</EInvoice>", tower + "</EInvoice>").encode()) is None


@given(st.binary(max_size=400))
def test_any_bytes_are_no_harm(data):
    for start in (b"", b"PK\x03\x04", b"<?xml version='1.0'?><EInvoice>"):
        read_original(start + data)


@given(st.binary(max_size=6), st.integers(0, 400))
def test_a_damaged_package_is_no_harm(patch, place):
    whole = package({"OFD.xml": OFD})
    read_original(whole[:place] + patch + whole[place + len(patch) :])
