"""Which documents a claim needs, row by row as officials read it."""

from itertools import product

import pytest

from filings.decision.codes import DOCUMENTS as OF_FILINGS
from reimbursements.bills import documents as module
from reimbursements.bills.documents import (
    DOCUMENTS,
    FLAGS,
    HANDED_IN,
    KINDS,
    TABLE,
    documents_for,
    load_table,
    rules_for,
)
from reimbursements.codes import KINDS as CLAIM_KINDS
from reimbursements.codes import REASONS
from reimbursements.settlement.errors import PolicyError
from tests.reimbursements.bills.tables import each_row


def words(groups) -> str:
    return "；".join("或".join(DOCUMENTS[code] for code in group) for group in groups)


@each_row("documents.csv", lambda row: row["说明"])
def test_every_row_of_the_table(row):
    flags = dict.fromkeys(row["其他情况"].split(), True)
    groups = documents_for(row["就医类别"], row["手工报销原因"], **flags)
    assert words(groups) == row["要交的材料（分号隔开，每组交一种）"]
    every = rules_for(row["就医类别"], row["手工报销原因"], **flags)
    assert words(rule.any_of for rule in every if rule.useful) == row["有的话一起交"]


def test_the_table_speaks_the_codes_of_a_claim():
    assert set(KINDS) == set(CLAIM_KINDS)
    for rule in TABLE.rules:
        assert set(rule.reasons) <= set(REASONS)


def test_documents_that_filings_know_too_have_the_same_words():
    shared = set(DOCUMENTS) & set(OF_FILINGS)
    assert {"id_document", "referral_certificate"} <= shared
    assert {code: DOCUMENTS[code] for code in shared} == {code: OF_FILINGS[code] for code in shared}


def test_every_document_is_asked_for_somewhere_and_every_row_has_a_source():
    asked = {code for rule in TABLE.rules for code in rule.any_of}
    assert asked == set(DOCUMENTS) and set(DOCUMENTS) >= HANDED_IN
    assert all(rule.source.title and rule.source.trust for rule in TABLE.rules)


def test_no_claim_is_asked_twice_for_the_same_and_all_need_an_identity():
    for kind, reason in product(("", *KINDS), ("", *REASONS)):
        for flags in ({}, dict.fromkeys(FLAGS, True)):
            groups = documents_for(kind, reason, **flags)
            assert len(groups) == len(set(groups))
            assert groups[0] == ("insurance_code", "id_document", "social_card")


def test_paper_is_handed_in_only_when_a_bill_is_paper():
    assert ("paper_bill",) in documents_for("inpatient", "not_filed", paper=True)
    assert ("paper_bill",) not in documents_for("inpatient", "not_filed")


def test_an_unknown_condition_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError):
        rules_for("inpatient", "other", papers=True)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("any_of: [paper_bill]", "any_of: [paper_bil]", "不认识的代码"),
        ("any_of: [paper_bill]", "any_of: []", "不认识的代码"),
        ("{paper: yes}", "{paper: no}", "yes"),
        ("{paper: yes}", "{papers: yes}", "papers"),
        ("kind: [pharmacy]", "kind: [shop]", "不认识的代码"),
        ("source: own", "source: nobody", "nobody"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_its_line(tmp_path, old, new, word):
    text = module.FILE.read_text()
    assert old in text
    path = tmp_path / "documents.yaml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(PolicyError, match=word) as refused:
        load_table(path)
    assert refused.value.line > 1
